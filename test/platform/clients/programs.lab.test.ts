/** The programs that read a person's files take them, and refuse broken ones. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { clientFiles, clients, withPrivateKeyOf } from "../../../platform/clients";
import { configOf, ownerBase, planOf } from "../../environment/configs";
import { runs } from "../../lab/host/programs";
import { setUp } from "../../lab/host/undo";
import { attempt, host } from "../../lab/machines/host";
import { sshKey } from "../../lab/machines/planned-machines";

runs("shellcheck", "ssh", "ssh-keygen", "wg", "wg-quick");

let folder: string;
let files: ReadonlyMap<string, string>;
let names: readonly string[];

setUp(async (undo) => {
  folder = undo.folder("client-files");
  const key = (await host(["wg", "genkey"])).trim();
  const publicKey = (await host(["wg", "pubkey"], { input: `${key}\n` })).trim();
  const alan = {
    ssh: { key: sshKey("alan").publicKey, as: "operator" },
    wireguard: { publicKey, address: "172.30.153.72" },
    kubernetes: { everywhere: "cluster-admin", namespaces: { datalab: "edit" } },
  };
  const plan = planOf(configOf("lab", { ...ownerBase(), people: { alan } }));
  const client = clients(plan).find(({ name }) => name === "alan");
  if (client === undefined) throw new Error("alan is nobody");
  names = plan.servers.map(({ name }) => name);
  const made = clientFiles(plan, client, {
    addresses: {
      inner: new Map(plan.servers.map(({ key: server }, slot) => [server, `10.0.0.${String(10 + slot)}`])),
      outer: new Map([["bastion/0", "203.0.113.4"]]),
    },
    hostKeys: new Map(plan.servers.map(({ key: server }) => [server, sshKey(server).publicKey])),
    gateway: { address: "203.0.113.2", publicKey },
    kubeconfig: "{}",
  });
  files = new Map(
    made.map(({ name, content }) => [
      name,
      name === "wg0.conf" ? withPrivateKeyOf(`PrivateKey = ${key}\n`, content) : content,
    ]),
  );
  for (const [name, content] of files) write(name, content);
});

function write(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

test.each(["check", "wg-up"])("shellcheck takes %s, and not a broken one", async (name) => {
  expect(await attempt(["shellcheck", join(folder, name)])).toMatchObject({ code: 0, stdout: "" });
  const broken = write(`broken-${name}`, (files.get(name) ?? "").replace('"$0"', "$0"));
  expect((await attempt(["shellcheck", broken])).code).toBe(1);
});

test("wg-quick reads the tunnel's file, and wg not a broken one", async () => {
  const stripped = await host(["wg-quick", "strip", join(folder, "wg0.conf")]);
  expect(stripped).toContain("Endpoint = 203.0.113.2:7777\n");
  expect(stripped).not.toContain("Address");
  const broken = write("wg1.conf", (files.get("wg0.conf") ?? "").replace("[Peer]", "[Peers"));
  // The file is read before the interface, which is not there, is looked for.
  const set = async (file: string) => (await attempt(["wg", "setconf", "labstead-none", file])).stderr;
  expect(await set(broken)).toContain("Line unrecognized");
  expect(await set(write("wg2.conf", stripped))).not.toMatch(/unrecognized|parsing error/);
});

test("ssh takes every server through the bastion, with its own host key", async () => {
  const config = join(folder, "ssh_config");
  const [bastion = "", ...others] = names;
  for (const name of others) {
    const seen = (await host(["ssh", "-G", "-F", config, name])).split("\n");
    expect(seen).toEqual(
      expect.arrayContaining([
        "user labstead",
        `hostkeyalias ${name}`,
        `proxyjump ${bastion}`,
        expect.stringMatching(/^hostname 10\.0\.0\.\d+$/),
        expect.stringMatching(new RegExp(`^knownhostscommand /bin/echo ${name} ssh-ed25519 AAAA`)),
      ]),
    );
  }
  const broken = write("broken-ssh_config", (files.get("ssh_config") ?? "").replace("HostName", "HostNames"));
  const refused = await attempt(["ssh", "-G", "-F", broken, bastion]);
  expect(refused).toMatchObject({ code: 255 });
  expect(refused.stderr).toContain("Bad configuration option: hostnames");
});

test("ssh-keygen finds every server in known_hosts, by name and by address", async () => {
  const file = join(folder, "known_hosts");
  for (const name of [...names, "203.0.113.4", "10.0.0.10"])
    expect((await attempt(["ssh-keygen", "-F", name, "-f", file])).code).toBe(0);
  expect((await attempt(["ssh-keygen", "-F", "somebody", "-f", file])).code).toBe(1);
});
