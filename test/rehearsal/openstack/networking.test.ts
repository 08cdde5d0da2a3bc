import * as t from "../../../openstack-api/resources/tokens";
import { text } from "../../../provider-protocol/plain";
import { Lab } from "./fixture";
import type { Thing } from "./fixture";

let lab: Lab;
beforeEach(() => {
  lab = new Lab();
});
afterEach(() => lab.close());

interface Net {
  readonly network: Thing;
  readonly subnet: Thing;
}

async function net(
  cidr = "192.168.3.0/24",
  pools = [{ start: "192.168.3.200", end: "192.168.3.203" }],
): Promise<Net> {
  const network = await lab.create(t.NETWORK, "net", {});
  const subnet = await lab.create(t.SUBNET, "subnet", {
    networkId: network.id,
    cidr,
    allocationPools: pools,
  });
  return { network, subnet };
}

async function routed({ subnet }: Net): Promise<Thing> {
  const external =
    (await lab.invoke("openstack:networking/getNetwork:getNetwork", { name: "public", external: true }))
      .result["id"] ?? "";
  const router = await lab.create(t.ROUTER, "router", { externalNetworkId: external });
  return lab.create(t.ROUTER_INTERFACE, "interface", { routerId: router.id, subnetId: subnet.id });
}

function port(name: string, { network, subnet }: Net, ipAddress?: string): Promise<Thing> {
  const fixed = ipAddress === undefined ? { subnetId: subnet.id } : { subnetId: subnet.id, ipAddress };
  return lab.create(t.PORT, name, { networkId: network.id, fixedIps: [fixed] });
}

test("a port has the address it asks for, else one of the allocation pools, the first of which DHCP holds", async () => {
  const its = await net();
  expect((await port("a", its, "192.168.3.10")).outputs["allFixedIps"]).toEqual(["192.168.3.10"]);
  expect((await port("b", its)).outputs["allFixedIps"]).toEqual(["192.168.3.201"]);
  const free = await lab.create(t.PORT, "c", { networkId: its.network.id });
  expect(free.outputs["allFixedIps"]).toEqual(["192.168.3.202"]);
  expect(free.outputs["macAddress"]).toMatch(/^fa:16:3e(:[0-9a-f]{2}){3}$/);
});

test("an address is given once, and again when its port is gone, also after a restart", async () => {
  const its = await net();
  const first = await port("a", its, "192.168.3.10");
  const message = `409 IpAddressAlreadyAllocated: IP address 192.168.3.10 already allocated in subnet ${its.subnet.id}`;
  await expect(port("b", its, "192.168.3.10")).rejects.toThrow(message);
  lab.restart();
  await expect(port("b", its, "192.168.3.10")).rejects.toThrow(message);
  await lab.delete(first);
  expect((await port("b", its, "192.168.3.10")).outputs["allFixedIps"]).toEqual(["192.168.3.10"]);
});

test("an exhausted pool, a foreign address and a foreign subnet are refused, and leave nothing behind", async () => {
  const its = await net();
  for (const name of ["a", "b", "c"]) await port(name, its);
  await expect(port("d", its)).rejects.toThrow("409 IpAddressGenerationFailure");
  await expect(port("e", its, "10.0.0.1")).rejects.toThrow("400 InvalidIpForSubnet");
  const other = await lab.create(t.NETWORK, "other", {});
  const foreign = lab.create(t.PORT, "f", { networkId: other.id, fixedIps: [{ subnetId: its.subnet.id }] });
  await expect(foreign).rejects.toThrow("400 InvalidInput");
  await lab.delete(other);
});

test("a port keeps its address and MAC when other things change, and moves when asked to", async () => {
  const its = await net();
  const before = await port("a", its);
  const renamed = await lab.update(before, {
    networkId: its.network.id,
    fixedIps: [{ subnetId: its.subnet.id }],
    description: "x",
  });
  expect(renamed.outputs).toEqual({ ...before.outputs, description: "x" });
  const moved = await lab.update(renamed, {
    networkId: its.network.id,
    fixedIps: [{ subnetId: its.subnet.id, ipAddress: "192.168.3.20" }],
  });
  expect(moved.outputs["allFixedIps"]).toEqual(["192.168.3.20"]);
  expect((await port("b", its)).outputs["allFixedIps"]).toEqual(["192.168.3.201"]);
});

test("what does not exist cannot be named", async () => {
  const missing = lab.create(t.PORT, "a", { networkId: "6a3f" });
  await expect(missing).rejects.toThrow("404 NotFound: Network 6a3f could not be found.");
  const its = await net();
  const grouped = lab.create(t.PORT, "a", { networkId: its.network.id, securityGroupIds: ["77"] });
  await expect(grouped).rejects.toThrow("404 NotFound: SecGroup 77 could not be found.");
});

test("what is in use cannot be deleted", async () => {
  const its = await net();
  const group = await lab.create(t.SEC_GROUP, "group", {});
  const user = await lab.create(t.PORT, "a", { networkId: its.network.id, securityGroupIds: [group.id] });
  await expect(lab.delete(its.network)).rejects.toThrow("409 NetworkInUse");
  await expect(lab.delete(group)).rejects.toThrow("409 SecurityGroupInUse");
  await expect(lab.delete(its.subnet)).rejects.toThrow("409 SubnetInUse");
  await lab.delete(user);
  await lab.delete(its.subnet);
  await lab.delete(group);
  await lab.delete(its.network);
  expect(await lab.read(its.network)).toBeUndefined();
});

test("a subnet with a port of a declared address cannot be deleted; a network takes its free subnets along", async () => {
  const its = await net();
  const user = await port("a", its, "192.168.3.10");
  await expect(lab.delete(its.subnet)).rejects.toThrow("409 SubnetInUse");
  await lab.delete(user);
  await lab.delete(its.network);
  expect(await lab.read(its.subnet)).toBeUndefined();
});

test("a deletion waits for what is being deleted", async () => {
  const patient = new Lab(5_000);
  const network = await patient.create(t.NETWORK, "net", {});
  const port = await patient.create(t.PORT, "port", { networkId: network.id });
  const deleting = patient.delete(network);
  await patient.delete(port);
  await deleting;
  expect(await patient.read(network)).toBeUndefined();
  patient.close();
});

test("subnets of a network do not overlap", async () => {
  const { network } = await net();
  const twin = lab.create(t.SUBNET, "twin", { networkId: network.id, cidr: "192.168.0.0/16" });
  await expect(twin).rejects.toThrow("overlaps with another subnet, 192.168.3.0/24");
});

test("a floating IP needs a router between its network and the port", async () => {
  const its = await net();
  const inside = await port("a", its, "192.168.3.10");
  const floating = await lab.create(t.FLOATING_IP, "fip", { pool: "public" });
  const association = { floatingIp: floating.outputs["address"] ?? "", portId: inside.id };
  await expect(lab.create(t.FLOATING_IP_ASSOCIATE, "a", association)).rejects.toThrow(
    "404 ExternalGatewayForFloatingIPNotFound",
  );
  const routerInterface = await routed(its);
  expect(text(floating.outputs, "address")).toMatch(/^(203\.0\.113|198\.51\.100)\./);
  const made = await lab.create(t.FLOATING_IP_ASSOCIATE, "a", association);
  expect(made.outputs["fixedIp"]).toBe("192.168.3.10");
  expect((await lab.read(floating))?.outputs["portId"]).toBe(inside.id);
  await expect(lab.delete(its.subnet)).rejects.toThrow("409 SubnetInUse");
  await lab.delete(made);
  expect((await lab.read(floating))?.outputs["portId"]).toBe("");
  await lab.delete(routerInterface);
});

test("a router with an interface cannot be deleted, and its interface has the gateway's address", async () => {
  const its = await net();
  const made = await routed(its);
  const found = await lab.invoke("openstack:networking/getPort:getPort", { portId: made.id });
  expect(found.result["allFixedIps"]).toEqual(["192.168.3.1"]);
  const router = await lab.invoke("openstack:networking/getRouter:getRouter", {
    routerId: made.inputs["routerId"] ?? "",
  });
  expect(router.result["externalFixedIps"]).toEqual([
    { ipAddress: expect.stringMatching(/^203\.0\.113\./) as string, subnetId: "" },
  ]);
  await expect(port("thief", its, "192.168.3.1")).rejects.toThrow("409 IpAddressAlreadyAllocated");
});

test("the same rule twice is refused: another description does not make it another rule", async () => {
  const group = await lab.create(t.SEC_GROUP, "group", {});
  const rule = {
    securityGroupId: group.id,
    direction: "ingress",
    ethertype: "IPv4",
    protocol: "tcp",
    portRangeMin: 22,
    portRangeMax: 22,
  };
  await lab.create(t.SEC_GROUP_RULE, "ssh", { ...rule, description: "a" });
  await expect(lab.create(t.SEC_GROUP_RULE, "ssh2", { ...rule, description: "b" })).rejects.toThrow(
    "409 SecurityGroupRuleExists",
  );
  const egress = { securityGroupId: group.id, direction: "egress", ethertype: "IPv4" };
  await expect(lab.create(t.SEC_GROUP_RULE, "out", egress)).rejects.toThrow("409 SecurityGroupRuleExists");
  const bare = await lab.create(t.SEC_GROUP, "bare", { deleteDefaultRules: true });
  await lab.create(t.SEC_GROUP_RULE, "out", { ...egress, securityGroupId: bare.id });
});

test("ids follow from the name and differ when something is made again", async () => {
  const first = await lab.create(t.NETWORK, "net", { name: "x" });
  const second = await lab.create(t.NETWORK, "net", { name: "x" });
  expect(first.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(second.id).not.toBe(first.id);
  const other = new Lab();
  expect((await other.create(t.NETWORK, "net", { name: "y" })).id).toBe(first.id);
  other.close();
});
