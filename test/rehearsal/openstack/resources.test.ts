import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { containsUnknown, Secret, UNKNOWN } from "../../../provider-protocol";
import type { PropertyMap } from "../../../provider-protocol";
import * as t from "../../../openstack-api/resources/tokens";
import { text } from "../../../provider-protocol/plain";
import { Lab } from "./fixture";
import type { Thing } from "./fixture";

let lab: Lab;
beforeEach(() => {
  lab = new Lab();
});
afterEach(() => lab.close());

async function network(): Promise<Thing> {
  const made = await lab.create(t.NETWORK, "net", { name: "net" });
  await lab.create(t.SUBNET, "subnet", { networkId: made.id, cidr: "192.168.3.0/24" });
  return made;
}

const SERVER: PropertyMap = { name: "vm", flavorName: "small", imageName: "debian" };

test("a server follows its ports", async () => {
  const net = await network();
  const port = await lab.create(t.PORT, "port", { networkId: net.id, name: "port" });
  const server = await lab.create(t.INSTANCE, "vm", {
    ...SERVER,
    userData: "#cloud-config",
    networks: [{ port: port.id }],
  });
  const [address] = port.outputs["allFixedIps"] as string[];
  expect(server.outputs["accessIpV4"]).toBe(address);
  expect(server.outputs["networks"]).toEqual([
    {
      accessNetwork: false,
      port: port.id,
      uuid: net.id,
      name: "net",
      mac: port.outputs["macAddress"],
      fixedIpV4: address,
      fixedIpV6: "",
      floatingIp: "",
    },
  ]);
  const sha1 = createHash("sha1").update("#cloud-config").digest("hex");
  expect(server.outputs["userData"]).toBe(sha1);
  await expect(lab.create(t.INSTANCE, "vm2", { ...SERVER, networks: [{ port: port.id }] })).rejects.toThrow(
    "409 PortInUse",
  );
});

test("a server on a network gets a port there, which goes with it", async () => {
  const net = await network();
  const server = await lab.create(t.INSTANCE, "vm", { ...SERVER, networks: [{ uuid: net.id }] });
  await expect(lab.delete(net)).rejects.toThrow("409 NetworkInUse");
  await lab.delete(server);
  await lab.delete(net);
});

test("a server needs a flavor and something to boot from", async () => {
  await expect(lab.create(t.INSTANCE, "vm", { imageName: "debian" })).rejects.toThrow(
    "one of flavorId and flavorName",
  );
  await expect(lab.create(t.INSTANCE, "vm", { flavorName: "small" })).rejects.toThrow(
    "one of imageId, imageName and blockDevices",
  );
  const booted = lab.create(t.INSTANCE, "vm", {
    flavorName: "small",
    blockDevices: [{ sourceType: "volume", uuid: "v" }],
  });
  await expect(booted).rejects.toThrow("404 NotFound: Volume v");
});

test("a volume is attached once, shows it, and cannot be deleted or shrunk", async () => {
  await network();
  const server = await lab.create(t.INSTANCE, "vm", SERVER);
  const volume = await lab.create(t.VOLUME, "data", { size: 100 });
  const attached = await lab.create(t.VOLUME_ATTACH, "attach", {
    instanceId: server.id,
    volumeId: volume.id,
  });
  expect(attached.id).toBe(`${server.id}/${volume.id}`);
  expect(attached.outputs["device"]).toBe("/dev/vdb");
  expect((await lab.read(volume))?.outputs["attachments"]).toEqual([
    { id: volume.id, instanceId: server.id, device: "/dev/vdb" },
  ]);
  await expect(lab.delete(volume)).rejects.toThrow("400 InvalidVolume");
  const other = await lab.create(t.INSTANCE, "vm2", SERVER);
  const again = lab.create(t.VOLUME_ATTACH, "again", { instanceId: other.id, volumeId: volume.id });
  await expect(again).rejects.toThrow("already attached");
  await expect(lab.update(volume, { size: 50 })).rejects.toThrow("New size for extend must be greater");
  expect((await lab.update(volume, { size: 200 })).outputs["size"]).toBe(200);
});

test("a key pair without a public key gets a private one, which no file of the cloud holds", async () => {
  const made = await lab.create(t.KEYPAIR, "key", { name: "key" });
  expect(text(made.outputs, "privateKey")).toContain("RSA PRIVATE KEY");
  expect(made.outputs["fingerprint"]).toMatch(/^([0-9a-f]{2}:){15}[0-9a-f]{2}$/);
  expect((await lab.read(made))?.outputs["privateKey"]).toEqual(
    new Secret(made.outputs["privateKey"] ?? null),
  );
  await expect(lab.create(t.KEYPAIR, "key2", { name: "key" })).rejects.toThrow("409 KeyPairExists");
  const credential = await lab.create(t.APPLICATION_CREDENTIAL, "ccm", { name: "ccm" });
  expect(text(credential.outputs, "secret").length).toBeGreaterThan(40);
  const file = readFileSync(join(lab.directory, "openstack.jsonl"), "utf8");
  expect(file).toContain(credential.id);
  expect(file).not.toContain("PRIVATE KEY");
  expect(file).not.toContain(text(credential.outputs, "secret"));
});

test("a secret input is a secret output, and is in no file of the cloud", async () => {
  const handler = await lab.handler(t.INSTANCE);
  const request = {
    urn: "urn:pulumi:test::lab::x::vm",
    type: t.INSTANCE,
    name: "vm",
    log: () => undefined,
    timeoutSeconds: undefined,
  };
  const inputs = { ...SERVER, metadata: { token: new Secret("swordfish") } };
  const { outputs } = await handler.create({
    ...request,
    signal: new AbortController().signal,
    inputs,
    preview: false,
  });
  expect(outputs["metadata"]).toBeInstanceOf(Secret);
  expect(readFileSync(join(lab.directory, "openstack.jsonl"), "utf8")).not.toContain('"metadata":{"token"');
});

test("load balancers need Octavia, and say so before anything is made", async () => {
  const { failures } = await lab.check(t.LOAD_BALANCER, "lb", {}, {}, {});
  expect(failures?.[0]?.reason).toBe(
    `${t.LOAD_BALANCER}: load balancers need a provider with useOctavia: true (without it the plugin talks to Neutron LBaaS, which no longer exists)`,
  );
  expect((await lab.check(t.LOAD_BALANCER, "lb", {}, {}, { useOctavia: "true" })).failures).toEqual([]);
  expect((await lab.check(t.NETWORK, "net", {}, {}, {})).failures).toEqual([]);
});

test("a load balancer has a VIP port, one listener per port, one monitor per pool", async () => {
  const net = await network();
  const balancer = await lab.create(t.LOAD_BALANCER, "lb", { vipNetworkId: net.id });
  expect(balancer.outputs["vipAddress"]).toBe("192.168.3.3");
  const listener = await lab.create(t.LISTENER, "https", {
    loadbalancerId: balancer.id,
    protocol: "TCP",
    protocolPort: 443,
  });
  const twin = lab.create(t.LISTENER, "twin", {
    loadbalancerId: balancer.id,
    protocol: "HTTP",
    protocolPort: 443,
  });
  await expect(twin).rejects.toThrow("409 DuplicateListenerEntry");
  const pool = await lab.create(t.POOL, "pool", {
    listenerId: listener.id,
    protocol: "TCP",
    lbMethod: "ROUND_ROBIN",
  });
  const members = await lab.create(t.MEMBERS, "members", {
    poolId: pool.id,
    members: [{ address: "192.168.3.10", protocolPort: 30443 }],
  });
  const monitor = { poolId: pool.id, type: "TCP", delay: 5, timeout: 3, maxRetries: 3 };
  await lab.create(t.MONITOR, "monitor", monitor);
  await expect(lab.create(t.MONITOR, "monitor2", monitor)).rejects.toThrow("409 DuplicateHealthMonitor");
  await expect(lab.delete(balancer)).rejects.toThrow("409 Conflict: LoadBalancer");
  await lab.delete(pool);
  expect(await lab.read(members)).toBeUndefined();
});

test("a preview knows what is given, and nothing that the cloud chooses", async () => {
  const outputs = await lab.foretell(t.INSTANCE, "vm", { ...SERVER, networks: [{ port: UNKNOWN }] });
  expect(outputs["name"]).toBe("vm");
  expect(outputs["accessIpV4"]).toBe(UNKNOWN);
  expect(outputs["networks"]).toEqual([expect.objectContaining({ fixedIpV4: UNKNOWN, port: UNKNOWN })]);
  const key = await lab.foretell(t.KEYPAIR, "key", {});
  expect(key["privateKey"]).toEqual(new Secret(UNKNOWN));
  expect(containsUnknown(key["name"])).toBe(false);
});

test("a name is made up once, and a name of the program's own makes a replacement delete first", async () => {
  const auto = await lab.create(t.VOLUME, "data", { size: 1 });
  expect(auto.inputs["name"]).toMatch(/^data-[0-9a-f]{7}$/);
  expect(await lab.diff(auto, { size: 1 })).toEqual({ changes: {}, deleteBeforeReplace: false });
  expect(await lab.diff(auto, { size: 1, volumeType: "ssd" })).toMatchObject({ deleteBeforeReplace: false });
  const named = await lab.create(t.VOLUME, "named", { size: 1, name: "n" });
  expect(await lab.diff(named, { size: 1, name: "n", volumeType: "ssd" })).toMatchObject({
    deleteBeforeReplace: true,
  });
  expect(await lab.diff(named, { size: 2, name: "n" })).toEqual({
    changes: { size: { change: "update", replace: false } },
    deleteBeforeReplace: false,
  });
});

test("what is read is what was made; what others changed shows as inputs", async () => {
  const volume = await lab.create(t.VOLUME, "data", { size: 1, metadata: { mount_point: "/data" } });
  const same = await lab.read(volume);
  expect(same?.inputs).toEqual(volume.inputs);
  expect(same?.outputs).toEqual(volume.outputs);
  await lab.update(volume, { size: 9, metadata: { mount_point: "/data" } });
  expect((await lab.read(volume))?.inputs["size"]).toBe(9);
  const imported = await lab.read({ ...volume, inputs: {}, outputs: {} });
  expect(imported?.inputs["metadata"]).toEqual({ mount_point: "/data" });
});

test("functions find what there is, make up what was there before, and refuse what they do not know", async () => {
  const net = await network();
  const getNetwork = "openstack:networking/getNetwork:getNetwork";
  expect((await lab.invoke(getNetwork, { name: "net" })).result["id"]).toBe(net.id);
  const tenant = (await lab.invoke(getNetwork, { name: "tenant" })).result;
  const subnet = (
    await lab.invoke("openstack:networking/getSubnet:getSubnet", { networkId: tenant["id"] ?? "" })
  ).result;
  expect(subnet["cidr"]).toBe("192.168.3.0/24");
  expect((await lab.invoke(getNetwork, { name: "tenant" })).result["id"]).toBe(tenant["id"]);
  expect((await lab.invoke(getNetwork, { nam: "net" })).failures?.[0]?.reason).toBe(
    `${getNetwork} has no input "nam"; the nearest is "name"`,
  );
  expect((await lab.invoke("openstack:images/getImage:getImage", { name: "debian" })).result["id"]).toMatch(
    /^[0-9a-f-]{36}$/,
  );
  await expect(
    lab.invoke("openstack:networking/getSecGroup:getSecGroup", { name: "nobody" }),
  ).rejects.toThrow("Your query returned no results");
  await expect(lab.invoke("openstack:networking/getNetwrk:getNetwrk", {})).rejects.toThrow(
    `the nearest is ${getNetwork}`,
  );
});
