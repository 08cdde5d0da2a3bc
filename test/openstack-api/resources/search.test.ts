/** The look into a real cloud, against a server that answers as the services do: in parts, filtered, one by one. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CONSTRUCTORS } from "../../../infra/constructors";
import { CloudSearch } from "../../../openstack-api/resources/search";
import * as t from "../../../openstack-api/resources/tokens";

type Item = Readonly<Record<string, unknown>>;

/** Of each list in an answer. */
const PART = 2;
const MINE = "project-1";

/** By path of the collection, as the services give them. */
const WORLD: Record<string, { list: string; one: string; items: Item[]; linked?: false }> = {
  "/compute/servers": { list: "servers", one: "server", items: [] },
  "/compute/os-server-groups": { list: "server_groups", one: "server_group", items: [], linked: false },
  "/volume/volumes": { list: "volumes", one: "volume", items: [] },
  "/network/v2.0/networks": { list: "networks", one: "network", items: [] },
  "/network/v2.0/subnets": { list: "subnets", one: "subnet", items: [] },
  "/network/v2.0/routers": { list: "routers", one: "router", items: [] },
  "/network/v2.0/ports": { list: "ports", one: "port", items: [] },
  "/network/v2.0/security-groups": { list: "security_groups", one: "security_group", items: [] },
  "/network/v2.0/security-group-rules": {
    list: "security_group_rules",
    one: "security_group_rule",
    items: [],
  },
  "/network/v2.0/floatingips": { list: "floatingips", one: "floatingip", items: [] },
  "/balancer/v2/lbaas/loadbalancers": { list: "loadbalancers", one: "loadbalancer", items: [] },
  "/balancer/v2/lbaas/listeners": { list: "listeners", one: "listener", items: [] },
  "/balancer/v2/lbaas/pools": { list: "pools", one: "pool", items: [] },
  "/balancer/v2/lbaas/healthmonitors": { list: "healthmonitors", one: "healthmonitor", items: [] },
  "/balancer/v2/lbaas/pools/pool-1/members": { list: "members", one: "member", items: [] },
  "/identity/v3/users/user-1/application_credentials": {
    list: "application_credentials",
    one: "application_credential",
    items: [],
  },
};

const folder = mkdtempSync(join(tmpdir(), "look-real-"));
const asked: string[] = [];
let server: Server;
let look: CloudSearch;

/** Filters that a service knows are properties of what it lists. */
function listOf(path: string, query: URLSearchParams): object {
  const { list, items, linked } = WORLD[path]!;
  const fitting = items.filter((item) =>
    [...query].every(([name, value]) => !(name in item) || item[name] === value),
  );
  const from = Number(query.get("offset") ?? query.get("marker") ?? 0);
  const more = from + PART < fitting.length && linked !== false;
  query.set("marker", String(from + PART));
  // Behind a proxy: the service believes that it is elsewhere.
  const next = `http://inside:8080${path}?${query.toString()}`;
  const links = list === "application_credentials" ? { links: { next } } : linksOf(list, next);
  return { [list]: fitting.slice(from, from + PART), ...(more ? links : {}) };
}

function linksOf(list: string, href: string): object {
  return { [`${list}_links`]: [{ rel: "next", href }] };
}

function answer({ url = "" }: IncomingMessage): object | undefined {
  const { pathname, searchParams } = new URL(url, "http://lab");
  const path = pathname.replace(/\/detail$/, "");
  if (path in WORLD) return listOf(path, searchParams);
  if (path.endsWith("/os-interface")) return { interfaceAttachments: [] };
  const at = path.lastIndexOf("/");
  const collection = WORLD[path.slice(0, at)];
  const found = collection?.items.find(({ id }) => id === path.slice(at + 1));
  return collection === undefined || found === undefined ? undefined : { [collection.one]: found };
}

function login(url: string): object {
  const service = (type: string, path: string) => ({
    type,
    endpoints: [{ interface: "public", region_id: "one", url: `${url}/${path}` }],
  });
  const catalog = [
    service("compute", "compute"),
    service("network", "network"),
    service("volumev3", "volume"),
    service("image", "image"),
    service("load-balancer", "balancer"),
  ];
  return { token: { user: { id: "user-1" }, project: { id: MINE }, catalog } };
}

beforeAll(async () => {
  server = createServer((request, response) => {
    const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    const isLogin = (request.url ?? "").endsWith("/auth/tokens");
    if (!isLogin) asked.push(request.url ?? "");
    const body = isLogin ? login(url) : answer(request);
    response.writeHead(body === undefined ? 404 : 200, {
      "content-type": "application/json",
      "x-subject-token": "t",
    });
    response.end(JSON.stringify(body ?? { itemNotFound: { message: "gone" } }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const authUrl = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/identity`;
  const auth = `auth_url: ${authUrl}, username: u, password: p, project_name: p`;
  writeFileSync(join(folder, "clouds.yaml"), `clouds: {lab: {auth: {${auth}}}}`);
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(() => {
  for (const collection of Object.values(WORLD)) collection.items = [];
  asked.length = 0;
  look = patient(60_000);
});

/** @param arrival milliseconds in which a request may still arrive; none unless a test is about it */
function patient(milliseconds: number, arrival = 0): CloudSearch {
  return new CloudSearch(
    { cloud: "lab", cloudsFile: join(folder, "clouds.yaml") },
    milliseconds,
    10,
    arrival,
  );
}

function put(path: string, ...items: readonly Item[]): void {
  WORLD[path]!.items.push(...items);
}

/** What a type's resource looks like, what it is sought by, and one that differs only in that. */
interface Example {
  readonly path: string;
  readonly item: Item;
  readonly sought: Readonly<Record<string, unknown>>;
  readonly other: Item;
}

const named = { name: "lab-x", description: "x of lab", project_id: MINE };
const ruled = {
  security_group_id: "g1",
  direction: "ingress",
  ethertype: "IPv4",
  protocol: "tcp",
  port_range_min: 22,
  port_range_max: 22,
  remote_ip_prefix: null,
  remote_group_id: null,
};
const soughtByName = { name: "lab-x", description: "x of lab" };
const otherDescription = { description: "of somebody else" };

const EXAMPLES: Readonly<Record<string, Example>> = {
  [t.VOLUME]: {
    path: "/volume/volumes",
    item: { name: "lab-x", description: "d", status: "available", metadata: { lab: "x", more: "y" } },
    sought: { name: "lab-x", description: "d", metadata: { lab: "x" } },
    other: { metadata: { lab: "z" } },
  },
  [t.INSTANCE]: {
    path: "/compute/servers",
    item: { name: "lab-x", status: "ACTIVE", metadata: { lab: "x" }, flavor: { id: "f" }, image: "" },
    sought: { name: "lab-x", metadata: { lab: "x" } },
    other: { metadata: {} },
  },
  [t.SERVER_GROUP]: {
    path: "/compute/os-server-groups",
    item: { name: "lab-x", policies: ["anti-affinity"], members: [] },
    sought: { name: "lab-x", policies: ["anti-affinity"] },
    other: { policies: ["affinity"] },
  },
  [t.NETWORK]: { path: "/network/v2.0/networks", item: named, sought: soughtByName, other: otherDescription },
  [t.SUBNET]: {
    path: "/network/v2.0/subnets",
    item: { ...named, network_id: "n1", cidr: "10.0.0.0/24" },
    sought: { name: "lab-x", networkId: "n1", cidr: "10.0.0.0/24" },
    other: { cidr: "10.0.1.0/24" },
  },
  [t.ROUTER]: { path: "/network/v2.0/routers", item: named, sought: soughtByName, other: otherDescription },
  [t.ROUTER_INTERFACE]: {
    path: "/network/v2.0/ports",
    item: { device_id: "r1", fixed_ips: [{ subnet_id: "s1", ip_address: "10.0.0.1" }] },
    sought: { routerId: "r1", subnetId: "s1" },
    other: { fixed_ips: [{ subnet_id: "external", ip_address: "203.0.113.2" }] },
  },
  [t.PORT]: {
    path: "/network/v2.0/ports",
    item: { ...named, network_id: "n1", fixed_ips: [], security_groups: [] },
    sought: { ...soughtByName, networkId: "n1" },
    other: otherDescription,
  },
  [t.SEC_GROUP]: {
    path: "/network/v2.0/security-groups",
    item: named,
    sought: soughtByName,
    other: otherDescription,
  },
  [t.SEC_GROUP_RULE]: {
    path: "/network/v2.0/security-group-rules",
    item: { ...ruled, port_range_min: null, port_range_max: null },
    sought: {
      securityGroupId: "g1",
      direction: "ingress",
      ethertype: "IPv4",
      protocol: "tcp",
      portRangeMin: null,
      portRangeMax: null,
      remoteIpPrefix: null,
      remoteGroupId: null,
    },
    other: ruled,
  },
  [t.FLOATING_IP]: {
    path: "/network/v2.0/floatingips",
    item: { description: "vip/api of lab", project_id: MINE, floating_network_id: "public" },
    sought: { description: "vip/api of lab" },
    other: { description: "vip/api of another" },
  },
  [t.LOAD_BALANCER]: {
    path: "/balancer/v2/lbaas/loadbalancers",
    item: { ...named, vip_subnet_id: "s1", provisioning_status: "ACTIVE" },
    sought: { name: "lab-x", vipSubnetId: "s1" },
    other: { vip_subnet_id: "s2" },
  },
  [t.LISTENER]: {
    path: "/balancer/v2/lbaas/listeners",
    item: { ...named, protocol: "TCP", protocol_port: 6443, loadbalancers: [{ id: "lb-1" }] },
    sought: { loadbalancerId: "lb-1", protocol: "TCP", protocolPort: 6443 },
    other: { protocol_port: 443 },
  },
  [t.POOL]: {
    path: "/balancer/v2/lbaas/pools",
    item: { ...named, listeners: [{ id: "l1" }], loadbalancers: [{ id: "lb-1" }] },
    sought: { name: "lab-x", listenerId: "l1" },
    other: { listeners: [{ id: "l2" }] },
  },
  [t.MONITOR]: {
    path: "/balancer/v2/lbaas/healthmonitors",
    item: { ...named, pools: [{ id: "pool-1" }] },
    sought: { poolId: "pool-1" },
    other: { pools: [{ id: "pool-2" }] },
  },
  [t.MEMBER]: {
    path: "/balancer/v2/lbaas/pools/pool-1/members",
    item: { name: "m", address: "10.0.0.5", protocol_port: 6443 },
    sought: { poolId: "pool-1", address: "10.0.0.5", protocolPort: 6443 },
    other: { address: "10.0.0.6" },
  },
  [t.APPLICATION_CREDENTIAL]: {
    path: "/identity/v3/users/user-1/application_credentials",
    item: { name: "lab-x", roles: [] },
    sought: { name: "lab-x" },
    other: { name: "lab-y" },
  },
};

/** Whose id follows from what was wanted. */
const DERIVED = [
  "openstack:compute/keypair:Keypair",
  "openstack:compute/volumeAttach:VolumeAttach",
  "openstack:networking/floatingIpAssociate:FloatingIpAssociate",
  "openstack:objectstorage/container:Container",
];

test("every type that the program makes is tried here", () => {
  expect([...Object.keys(EXAMPLES), ...DERIVED].sort()).toEqual(Object.keys(CONSTRUCTORS).sort());
});

describe.each(Object.entries(EXAMPLES))("%s", (type, { path, item, sought, other }) => {
  beforeEach(() => {
    put("/network/v2.0/networks", { id: "public", name: "public", project_id: "admin" });
    const members = Array.from({ length: 5 }, (_, index) => ({ id: `other-${index}` }));
    const ids = [...members, { id: "one" }].map(({ id }) => ({ id }));
    if (type === t.MEMBER) put("/balancer/v2/lbaas/pools", { id: "pool-1", project_id: MINE, members: ids });
  });

  test("is found in a later part of a long list, and what differs is not", async () => {
    const others = Array.from({ length: 5 }, (_, index) => ({ ...item, ...other, id: `other-${index}` }));
    put(path, ...others, { ...item, id: "one" });
    expect(await look.find(type, sought)).toEqual([{ id: "one" }]);
  });

  test("is not found where there is none", async () => {
    expect(await look.find(type, sought)).toEqual([]);
  });

  if (item["project_id"] === MINE)
    test("of another project is not taken, though it can be seen", async () => {
      put(path, { ...item, id: "shared", project_id: "project-2", shared: true });
      expect(await look.find(type, sought)).toEqual([]);
      expect(asked[0]).toContain(`project_id=${MINE}`);
    });
});

test("all of several that are alike are reported", async () => {
  const { path, item, sought } = EXAMPLES[t.VOLUME]!;
  put(path, { ...item, id: "one" }, { ...item, id: "two" }, { ...item, id: "three" });
  expect(await look.find(t.VOLUME, sought)).toEqual([{ id: "one" }, { id: "two" }, { id: "three" }]);
});

test("what is named otherwise is not asked for", async () => {
  put("/compute/servers", { id: "other", name: "lab-y", status: "ACTIVE", metadata: {} });
  expect(await look.find(t.INSTANCE, { name: "lab-x" })).toEqual([]);
  expect(asked.join("\n")).not.toContain("other");
});

const STATES = [
  [t.INSTANCE, { status: "ERROR" }, [{ id: "one", broken: true }]],
  [t.INSTANCE, { status: "ERROR", "OS-EXT-STS:task_state": "deleting" }, []],
  [t.INSTANCE, { status: "SOFT_DELETED" }, []],
  [t.INSTANCE, { status: "SHUTOFF" }, [{ id: "one" }]],
  [t.VOLUME, { status: "error" }, [{ id: "one", broken: true }]],
  [t.VOLUME, { status: "deleting" }, []],
  [t.VOLUME, { status: "error_deleting" }, []],
  [t.VOLUME, { status: "in-use" }, [{ id: "one" }]],
  [t.LOAD_BALANCER, { provisioning_status: "ERROR" }, [{ id: "one", broken: true }]],
  [t.LOAD_BALANCER, { provisioning_status: "PENDING_DELETE" }, []],
  [t.LISTENER, { provisioning_status: "PENDING_UPDATE" }, [{ id: "one" }]],
] as const;

test.each(STATES)("%s with %j", async (type, state, found) => {
  const { path, item, sought } = EXAMPLES[type]!;
  put(path, { ...item, id: "one", ...state });
  expect(await look.find(type, sought)).toEqual(found);
});

test.each([
  [t.INSTANCE, { status: "BUILD" }, { status: "ACTIVE" }, {}],
  [t.INSTANCE, { status: "BUILD" }, { status: "ERROR" }, { broken: true }],
  [t.VOLUME, { status: "creating" }, { status: "available" }, {}],
  [t.LOAD_BALANCER, { provisioning_status: "PENDING_CREATE" }, { provisioning_status: "ACTIVE" }, {}],
])("%s in %j is waited for, until %j", async (type, before, after, more) => {
  const { path, item, sought } = EXAMPLES[type]!;
  put(path, { ...item, id: "one", ...before });
  const found = look.find(type, sought);
  while (asked.filter((each) => each.includes("/one")).length < 2)
    await new Promise((resolve) => setTimeout(resolve, 5));
  WORLD[path]!.items = [{ ...item, id: "one", ...after }];
  expect(await found).toEqual([{ id: "one", ...more }]);
});

test("what arrives late is found: its request was sent before the sender was killed", async () => {
  const { path, item, sought } = EXAMPLES[t.INSTANCE]!;
  const found = patient(60_000, 60_000).find(t.INSTANCE, sought);
  while (asked.length < 6) await new Promise((resolve) => setTimeout(resolve, 5));
  put(path, { ...item, id: "one" });
  expect(await found).toEqual([{ id: "one" }]);
});

test("what never arrives is reported in the end", async () => {
  const { sought } = EXAMPLES[t.INSTANCE]!;
  expect(await patient(60_000, 1_500).find(t.INSTANCE, sought)).toEqual([]);
  expect(asked.length).toBeGreaterThan(2);
});

test("what stays in creation is reported", async () => {
  const { path, item, sought } = EXAMPLES[t.INSTANCE]!;
  put(path, { ...item, id: "one", status: "BUILD" });
  await expect(patient(50).find(t.INSTANCE, sought)).rejects.toThrow(
    "one is still being made; wait until it is ready or failed, then run the same again",
  );
});

test("a type that is not looked for is reported, without a request", async () => {
  expect(await look.find("openstack:dns/zone:Zone", { name: "z" })).toBeUndefined();
  expect(asked).toEqual([]);
});
