import { readEnvironment } from "../../environments";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { sealedFile, bootFile, machineConfig } from "../../../platform/machines/config";
import { composed, secret } from "../../../values";
import { stackFile } from "../../../environment/stack-file";
import { lab } from "../../../lab";
import { userDataOf } from "../../../platform/machines";
import { userData } from "../../../platform/machines/user-data";
import { ROOT } from "../../cli/command";

const { plan, infra, machines } = lab(readEnvironment(stackFile(ROOT, "prod")));
const texts = userDataOf(plan, machines);
const [server] = plan.servers;
if (server === undefined) throw new Error("prod has no server");
const context = { server, domain: "lab.example.org", software: plan.software };

/** One server of each pool has what the others have, but for names and addresses. */
const onePerPool = new Map(plan.servers.toReversed().map(({ pool, key }) => [pool, key]));

const parsed = z.object({
  write_files: z.array(z.object({ path: z.string(), permissions: z.string(), content: z.string() })),
});

test.each([...onePerPool])("the user data of %s, without the contents of its files", (_, key) => {
  const data: unknown = parse(texts.get(key) ?? "");
  const { write_files, ...rest } = parsed.loose().parse(data);
  const files = write_files.map(({ path, permissions }) => `${permissions} ${path}`);
  expect(stringify({ ...rest, write_files: files }, { lineWidth: 0 })).toMatchSnapshot();
});

test.each([...onePerPool])("the user data of %s has its boot files as they were planned", (_, key) => {
  const { write_files } = parsed.parse(parse(texts.get(key) ?? ""));
  const contents = new Map(write_files.map(({ path, content }) => [path, content]));
  const boot = machines.get(key)?.files.filter(({ delivery }) => delivery.kind === "boot") ?? [];
  expect(boot.length).toBeGreaterThan(2);
  for (const { path, content } of boot) {
    // A value that is known only after up may have lines of its own.
    const written = content.includes("((labstead:") ? composed([content]).base64().toString() : content;
    expect([path, contents.get(path)]).toEqual([path, written]);
  }
});

test("every server has its own, and nobody comes in by password", () => {
  expect(new Set(texts.values()).size).toBe(plan.servers.length);
  for (const text of texts.values()) {
    expect(text.startsWith("#cloud-config\n")).toBe(true);
    expect(parse(text)).toMatchObject({ ssh_pwauth: false, disable_root: true });
  }
});

test("it reaches the description of the server", () => {
  for (const { key } of plan.servers) {
    const described = infra.find((each) => each.key === `server/${key}`);
    expect(described?.inputs).toMatchObject({ userData: texts.get(key) });
  }
});

test("the same plan gives the same text", () => {
  const again = lab(readEnvironment(stackFile(ROOT, "prod")));
  expect(userDataOf(again.plan, again.machines)).toEqual(texts);
});

test("no sealed file is in it, and no secret but the server's own", () => {
  const config = machineConfig(server.key, [
    {
      files: [
        bootFile("/etc/own", secret(`identity/${server.key}/key`).toString()),
        sealedFile("/etc/sealed", secret("mongo").toString()),
      ],
    },
  ]);
  expect(userData(config, context)).not.toContain("mongo");
  const wrong = machineConfig(server.key, [
    { files: [bootFile("/etc/wrong", `password=${secret("mongo").toString()}`)] },
    { files: [bootFile("/etc/other", secret("identity/gateway/0/key").toString())] },
  ]);
  expect(() => userData(wrong, context)).toThrow(
    "bastion/0: /etc/wrong holds the secret mongo; /etc/other holds the secret identity/gateway/0/key: user data is permanent; make the file a sealed one, or name the secret identity/bastion/0/… if it is this server's own identity",
  );
});
