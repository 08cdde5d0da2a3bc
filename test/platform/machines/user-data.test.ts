import { readEnvironment } from "../../environments";
import { parse } from "yaml";
import { sealedFile, bootFile, machineConfig } from "../../../platform/machines/config";
import { secret } from "../../../values";
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

test.each([...onePerPool])("the user data of %s", (_, key) => {
  expect(texts.get(key)).toMatchSnapshot();
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
