/** `labstead users add` and `check` against a real slapd: what is written, and what is refused with nothing written. */
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join, relative } from "node:path";
import { setUp } from "../../lab/host/undo";
import { Authority } from "../../lab/kubernetes/authority";
import { labstead, ROOT, type CommandResult } from "../command";
import { BASE, READER, startDirectory, type Directory } from "./slapd";

const STACK = "Pulumi.savu.yaml";
const AT = "        users:\n          ada: { uid: 37214 }\n          grace: { uid: 37877 }\n";
const PASSWORD = { LABSTEAD_LDAP_PASSWORD: READER.password };

let folder: string;
let directory: Directory;

setUp(async (undo) => {
  folder = undo.folder("directory");
  directory = undo.use(await startDirectory(undo.folder("slapd")));
});

interface Settings {
  readonly url?: string;
  readonly nameAttribute?: string;
  readonly authority?: string;
  readonly bindDn?: string;
}

/** The example with a directory, and with other users than its own. */
function stackWith(
  settings: Settings = {},
  users = "        users:\n          grace: { uid: 37877 }\n",
): string {
  const { url = directory.secure, authority = directory.authority, bindDn = READER.dn } = settings;
  const lines = [
    "        directory:",
    `          url: "${url}"`,
    `          base: "${BASE}"`,
    `          bindDn: "${bindDn}"`,
    `          certificateAuthority: "${relative(folder, authority)}"`,
    "          timeoutSeconds: 2",
    ...(settings.nameAttribute === undefined ? [] : [`          nameAttribute: ${settings.nameAttribute}`]),
  ];
  const example = readFileSync(join(ROOT, "examples/savu.yaml"), "utf8");
  const text = example.replace(AT, `${lines.join("\n")}\n${users}`);
  expect(text).not.toBe(example);
  writeFileSync(join(folder, STACK), text);
  return text;
}

const users = (...args: readonly string[]): CommandResult => labstead(["users", ...args], folder, PASSWORD);
const written = () => readFileSync(join(folder, STACK), "utf8");

/** The message of a command that writes nothing. */
function refused(before: string, ...args: readonly string[]): string {
  const { code, stdout, stderr } = users(...args);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(written()).toBe(before);
  return stderr;
}

test("users are written with the directory's ids, and nothing else in the file changes", () => {
  const before = stackWith();
  expect(users("add", "savu", "ada", "emmy")).toEqual({
    code: 0,
    stdout: [
      `ada: UID 37214, GID 37214 (cn=ada,${BASE})`,
      `emmy: UID 37300, GID 100 (cn=emmy,${BASE})`,
      "Pulumi.savu.yaml: written; labstead up savu makes the pods\n",
    ].join("\n"),
    stderr: "",
  });
  const added = "emmy: { uid: 37300, gid: 100 }\n          ada: { uid: 37214 }\n          ";
  expect(written()).toBe(before.replace("grace: { uid: 37877 }", `${added}grace: { uid: 37877 }`));
  expect(labstead(["check", "savu"], folder).code).toBe(0);
});

test("a person with another name in the directory, by StartTLS", () => {
  stackWith({ url: directory.plain, nameAttribute: "mail" }, "        users: {}\n");
  expect(users("add", "savu", "ada=ada.l@example.org").code).toBe(0);
  expect(written()).toContain('users: { ada: { uid: 37214, directoryName: "ada.l@example.org" } }');
  expect(users("check", "savu").stdout).toBe("the directory agrees with the configuration on 1 users\n");
});

test("all who cannot be written are named together", () => {
  const before = stackWith();
  expect(refused(before, "add", "savu", "nobody", "twin", "toor", "printer", "ada", "a*")).toBe(
    [
      "nothing was written:",
      '  nobody: "nobody" is in no entry of the directory; correct the name, or write another one as directoryName',
      `  twin: "twin" is in several entries, cn=twin,${BASE} and cn=twin,ou=guests,${BASE}; narrow directory.base, or take another nameAttribute`,
      `  toor: cn=toor,${BASE} cannot be used: its uidNumber is 0, and a pod needs one number from 1, as 0 is root's, to 2147483647`,
      '  printer: "printer" is in no entry of the directory; correct the name, or write another one as directoryName',
      '  a*: "a*" is in no entry of the directory; correct the name, or write another one as directoryName\n',
    ].join("\n"),
  );
});

test("two people with one UID, and a name that is none of a pod's", () => {
  const before = stackWith();
  expect(refused(before, "add", "savu", "ada", "copy")).toBe(
    [
      "nothing was written, since Pulumi.savu.yaml would have errors:",
      "  apps.userPods.users.ada.uid: 37214 is already the UID of apps.userPods.users.copy.uid; write the UID that the file server has for this user\n",
    ].join("\n"),
  );
  expect(refused(before, "add", "savu", "grace")).toBe(
    "grace: declared already, nothing was written; labstead users check compares with the directory\n",
  );
});

test("the check names everybody who differs", () => {
  const before = stackWith(
    {},
    "        users:\n          ada: { uid: 37215, gid: 100 }\n          gone: { uid: 5 }\n",
  );
  expect(refused(before, "check", "savu")).toBe(
    [
      "the directory differs from the configuration:",
      `  ada: has UID 37215, and the directory 37214; GID 100, and the directory 37214 (cn=ada,${BASE})`,
      '  gone: "gone" is in no entry of the directory; correct the name, or write another one as directoryName\n',
    ].join("\n"),
  );
});

test("a wrong password, a missing one, and an authority that did not sign the server's certificate", async () => {
  const before = stackWith();
  expect(labstead(["users", "check", "savu"], folder, { LABSTEAD_LDAP_PASSWORD: "guessed" }).stderr).toBe(
    `the directory ${directory.secure} refuses ${READER.dn}; set its password as $LABSTEAD_LDAP_PASSWORD\n`,
  );
  expect(labstead(["users", "check", "savu"], folder).stderr).toBe(
    `apps.userPods.directory.bindDn: ${READER.dn} needs a password; set $LABSTEAD_LDAP_PASSWORD\n`,
  );
  expect(written()).toBe(before);
  const other = join(folder, "other.pem");
  writeFileSync(other, (await Authority.create("other")).pem);
  for (const url of [directory.secure, directory.plain]) {
    const distrusting = stackWith({ url, authority: other });
    expect(refused(distrusting, "check", "savu")).toContain("self-signed certificate in certificate chain");
  }
});

test("a server that takes the connection and never answers, and one that is away", async () => {
  const silent = createServer().listen(0, "localhost");
  await new Promise((resolve) => silent.once("listening", resolve));
  const { port } = silent.address() as AddressInfo;
  const url = `ldap://localhost:${String(port)}`;
  const advice = "check apps.userPods.directory, and that the server answers from here within 2 s\n";
  const slow = refused(stackWith({ url }), "check", "savu");
  await new Promise((resolve) => silent.close(resolve));
  expect(slow).toMatch(/was asked without result: .*time.*out/);
  expect(slow).toContain(advice);
  const away = refused(stackWith({ url }), "check", "savu");
  expect(away).toContain(`the directory ${url} was asked without result: `);
  expect(away).toContain("ECONNREFUSED");
});
