/** The files of a person from a stack on the built-in cloud, made by the command as a user runs it, and read by the programs they are for. */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { labstead, labsteadWithoutCheckpoints, ROOT } from "./command";

const folder = mkdtempSync(join(tmpdir(), "labstead-clients-"));
const ADA = join(folder, "out/clients/prod/ada");
const STACK = join(folder, "Pulumi.prod.yaml");
/** Ada's, as the file has it. */
const SSH =
  /^ {8}ssh:\n {10}key: .*\n/m.exec(readFileSync(join(ROOT, "Pulumi.prod.yaml"), "utf8"))?.[0] ?? "";

beforeAll(() => {
  for (const name of ["Pulumi.prod.yaml", "Pulumi.test.yaml"]) cpSync(join(ROOT, name), join(folder, name));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function refusal(...args: readonly string[]): string {
  const { code, stderr } = labstead(["client-config", ...args], folder);
  expect(code).toBe(1);
  return stderr.trim();
}

function given(): string {
  const { code, stdout, stderr } = labstead(["client-config", "ada", "prod", "--rehearsed"], folder);
  if (code !== 0) throw new Error(stderr);
  return stdout;
}

function rehearse(): void {
  const { code, stdout, stderr } = labsteadWithoutCheckpoints(["rehearse", "prod"], folder);
  if (code !== 0) throw new Error(`${stdout}\n${stderr}`);
}

function edit(from: string, to: string): void {
  const text = readFileSync(STACK, "utf8");
  expect(text).toContain(from);
  writeFileSync(STACK, text.replace(from, to));
}

const read = (name: string) => readFileSync(join(ADA, name), "utf8");
const kubeconfigUser = () =>
  (JSON.parse(read("kubeconfig")) as { users: { name: string; user: Record<string, string> }[] }).users[0];

test("each thing that is missing is reported, with what to do", () => {
  expect(refusal("ada", "--rehearsed")).toBe(
    "prod was never brought up here, so nobody can connect; first run: labstead rehearse prod",
  );
  expect(existsSync(join(folder, ".labstead"))).toBe(false);
  expect(refusal("bob", "--rehearsed")).toBe(
    "bob is not in people of Pulumi.prod.yaml: there are ada; docs/people.md describes how to add a person",
  );
  expect(refusal("ada", "test", "--rehearsed")).toBe(
    "test is a tenant of prod, to which people connect; run: labstead client-config ada prod",
  );
  edit("    people:\n", "    people:\n      joan: {}\n");
  expect(refusal("joan", "--rehearsed")).toBe(
    "people.joan of Pulumi.prod.yaml has no access; give ssh, wireguard or kubernetes, then: labstead up prod",
  );
  expect(existsSync(join(folder, "out/clients"))).toBe(false);
});

test("ada's files are hers alone to read, and nothing of them is printed", () => {
  rehearse();
  const output = given();
  expect(readdirSync(ADA).sort()).toEqual([
    "check",
    "known_hosts",
    "kubeconfig",
    "ssh_config",
    "wg-up",
    "wg0.conf",
  ]);
  const modes = readdirSync(ADA).map((name) => [name, (statSync(join(ADA, name)).mode & 0o777).toString(8)]);
  expect(Object.fromEntries(modes)).toEqual({
    check: "700",
    "wg-up": "700",
    kubeconfig: "600",
    known_hosts: "600",
    ssh_config: "600",
    "wg0.conf": "600",
  });
  expect((statSync(ADA).mode & 0o777).toString(8)).toBe("700");
  const user = kubeconfigUser();
  expect(user?.name).toBe("labstead:person:ada");
  expect(output).not.toContain(user?.user["client-key-data"]);
  const ends = /until (\d{4}-\d\d-\d\d)/.exec(output)?.[1] ?? "";
  const days = (Date.parse(ends) - Date.now()) / (24 * 3600 * 1000);
  expect(Math.round(days)).toBeGreaterThanOrEqual(89);
  expect(Math.round(days)).toBeLessThanOrEqual(90);
});

test("the programs that they are for take them", () => {
  const runs = (program: string, ...args: readonly string[]) =>
    spawnSync(program, args, { encoding: "utf8", cwd: tmpdir() });
  const seen = runs("ssh", "-G", "-F", join(ADA, "ssh_config"), "prod-bastion-0").stdout.split("\n");
  const hostKey = read("known_hosts").trim().split(" ").slice(1).join(" ");
  expect(seen).toEqual(
    expect.arrayContaining([
      "user jump",
      expect.stringMatching(/^hostname 203\.0\.113\.\d+$/),
      "hostkeyalias prod-bastion-0",
      `knownhostscommand /bin/echo prod-bastion-0 ${hostKey}`,
      "stricthostkeychecking true",
    ]),
  );
  expect(runs("ssh-keygen", "-l", "-f", join(ADA, "known_hosts")).stdout).toContain("(ED25519)");
});

test("a private key that was put in survives, files of access that was removed do not", () => {
  const mine = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";
  writeFileSync(join(ADA, "wg0.conf"), read("wg0.conf").replace("PASTE-YOUR-PRIVATE-KEY-HERE", mine));
  edit(SSH, "");
  given();
  expect(read("wg0.conf")).toContain(`PrivateKey = ${mine}\n`);
  expect(readdirSync(ADA).sort()).toEqual(["check", "kubeconfig", "wg-up", "wg0.conf"]);
  edit("        wireguard: {", `${SSH}        wireguard: {`);
});

test("what is configured and does not exist yet", () => {
  edit("      joan: {}\n", "      joan: { kubernetes: { everywhere: view } }\n");
  expect(refusal("joan", "--rehearsed")).toBe(
    "people.joan.kubernetes: the configuration says so, and it does not exist yet; first run: labstead rehearse prod",
  );
  edit("      joan: { kubernetes: { everywhere: view } }\n", "");
});

test("with an identity provider the kubeconfig signs in, and holds no key", () => {
  edit(
    '      version: "1.36"\n',
    '      version: "1.36"\n      oidc: { issuer: "https://sso.example.org", clientId: lab, usernameClaim: email }\n',
  );
  edit("namespaces: {datalab: edit}", "namespaces: {datalab: edit}, user: ada@example.org");
  rehearse();
  expect(given()).not.toContain("until");
  const user = kubeconfigUser();
  expect(user?.name).toBe("oidc:ada@example.org");
  expect(Object.keys(user?.user ?? {})).toEqual(["exec"]);
});
