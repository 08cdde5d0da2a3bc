/** The life of a small lab on the built-in cloud, by the real engine. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import * as openstack from "@pulumi/openstack";
import { secret } from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";

import { EngineLab, Steps } from "./engine-lab";

/** The engine takes about a second for each operation, several on a busy machine. */
const lab = new EngineLab();
beforeAll(() => lab.cloud());
afterAll(() => lab.close());

interface Wishes {
  readonly description: string;
  readonly size: number;
  readonly cidr: string;
  readonly keeper: string;
}

let wishes: Wishes = { description: "first", size: 10, cidr: "192.168.3.0/24", keeper: "a" };

async function program() {
  const provider = new openstack.Provider("cloud", { useOctavia: true, cloud: "lab" });
  const here = { provider };
  const external = openstack.networking.getNetworkOutput({ name: "public", external: true }, here);
  const network = new openstack.networking.Network("net", { description: wishes.description }, here);
  const subnet = new openstack.networking.Subnet(
    "subnet",
    { networkId: network.id, cidr: wishes.cidr },
    here,
  );
  const router = new openstack.networking.Router("router", { externalNetworkId: external.id }, here);
  const joined = new openstack.networking.RouterInterface(
    "joined",
    { routerId: router.id, subnetId: subnet.id },
    here,
  );
  const group = new openstack.networking.SecGroup("group", { name: "ssh" }, here);
  const port = new openstack.networking.Port(
    "port",
    { networkId: network.id, securityGroupIds: [group.id], fixedIps: [{ subnetId: subnet.id }] },
    here,
  );
  const password = new random.RandomPassword("password", { length: 24, keepers: { keeper: wishes.keeper } });
  const key = new tls.PrivateKey("key", { algorithm: "ED25519" });
  const pair = new openstack.compute.Keypair("pair", { publicKey: key.publicKeyOpenssh }, here);
  const server = new openstack.compute.Instance(
    "server",
    {
      flavorName: "small",
      imageName: "debian",
      keyPair: pair.name,
      networks: [{ port: port.id }],
      userData: secret("#cloud-config\npassword: swordfish"),
    },
    here,
  );
  const volume = new openstack.blockstorage.Volume("data", { size: wishes.size }, here);
  new openstack.compute.VolumeAttach("attached", { instanceId: server.id, volumeId: volume.id }, here);
  const floating = new openstack.networking.FloatingIp("floating", { pool: "public" }, here);
  new openstack.networking.FloatingIpAssociate(
    "way",
    { floatingIp: floating.address, portId: port.id },
    { ...here, dependsOn: [joined] },
  );
  new openstack.loadbalancer.LoadBalancer("balancer", { vipSubnetId: subnet.id }, here);
  return {
    address: server.accessIpV4,
    nic: server.networks.apply((networks) => networks[0]?.fixedIpV4),
    floating: floating.address,
    password: password.result,
    key: key.privateKeyOpenssh,
  };
}

test("preview, up, no change, exactly the wished updates, replacement, refresh, destroy", async () => {
  const engine = await lab.engine(program, { checkpoints: false });
  const foretold = await engine.preview();
  expect(foretold.changes).toEqual({ create: 17 });
  expect((await engine.up()).changes).toEqual({ create: 17 });
  expect((await engine.preview()).changes).toEqual({ same: 17 });
  expect((await engine.up()).changes).toEqual({ same: 17 });

  const outputs = await engine.outputs();
  expect(outputs["address"]).toEqual({ value: outputs["nic"]?.value as string, secret: false });
  expect(outputs["address"]?.value).toMatch(/^192\.168\.3\./);
  expect(outputs["floating"]?.value).toMatch(/^203\.0\.113\./);
  expect([outputs["password"]?.secret, outputs["key"]?.secret]).toEqual([true, true]);

  wishes = { ...wishes, description: "second", size: 20 };
  const updates = new Steps();
  expect((await engine.preview({ onEvent: updates.onEvent })).changes).toEqual({ same: 15, update: 2 });
  expect(updates.sorted).toEqual(["data: update", "net: update"]);
  expect((await engine.up()).changes).toEqual({ same: 15, update: 2 });

  wishes = { ...wishes, keeper: "b" };
  const replaced = new Steps();
  expect((await engine.up({ onEvent: replaced.onEvent })).changes).toEqual({ same: 16, replace: 1 });
  expect(replaced.sorted).toEqual([
    "password: create-replacement",
    "password: delete-replaced",
    "password: replace",
  ]);
  expect((await engine.outputs())["password"]?.value).not.toBe(outputs["password"]?.value);

  // In a new process of the cloud: everything is there as it was.
  await lab.cloud();
  const again = await lab.engine(program, { checkpoints: false });
  expect((await again.refresh()).changes).toEqual({ same: 17 });
  expect((await again.preview()).changes).toEqual({ same: 17 });
  noSecretIn(String(outputs["key"]?.value), "swordfish", String((await again.outputs())["password"]?.value));
  expect((await again.destroy()).changes).toEqual({ delete: 17 });
  expect((await again.preview()).changes).toEqual({ create: 17 });
});

function noSecretIn(...secrets: readonly string[]): void {
  const files = ["work/state/.pulumi/stacks/lab/test.json", "cloud/openstack.jsonl"].map((file) =>
    readFileSync(join(lab.directory, file), "utf8"),
  );
  for (const text of files) {
    expect(text.length).toBeGreaterThan(1000);
    for (const value of secrets) {
      expect(value.length).toBeGreaterThan(5);
      expect(text).not.toContain(value);
      expect(text).not.toContain(JSON.stringify(value).slice(1, -1));
      expect(text).not.toContain(value.split("\n")[1] ?? value);
    }
  }
}
