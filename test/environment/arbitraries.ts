/** Environments for the properties: valid ones by construction, and ones that the schema accepts but little else. */
import fc from "fast-check";
import { cidrText, parseCidr } from "../../environment/addresses";
import { changed, type Changes, type Json } from "./configs";

const DATA: Json = { size: "10Gi", use: { kind: "filesystem", mountPoint: "/data" } };
const SWAP: Json = { size: "1Gi", use: { kind: "swap" } };
const BRICK: Json = { size: "1Ti", use: { kind: "raw" } };
const OFFICE = "198.51.100.0/24";
const APPLICATIONS = ["prometheus", "grafana", "dns", "openvpn", "node-exporter"] as const;

/** A pool of `1..most` servers, with up to three slots below its `min` removed, none before `firstRemoved`; all inside `room`. */
function pool(
  most: number,
  room: number,
  count = fc.integer({ min: 1, max: most }),
  firstRemoved = 0,
): fc.Arbitrary<Json> {
  return count.chain((servers) =>
    fc.nat(Math.min(3, room - servers)).chain((left) => {
      const min = servers + left;
      const slots = Array.from({ length: min }, (_, slot) => slot).slice(firstRemoved);
      return fc
        .subarray(slots, { minLength: left, maxLength: left })
        .map((removed) => ({ flavor: "medium", min, removed }));
    }),
  );
}

const workerPool = fc.record({
  size: fc.integer({ min: 1, max: 30 }),
  use: fc.nat(30),
  more: fc.nat(4),
  gap: fc.nat(2),
  gpu: fc.boolean(),
});

/** One to three pools side by side in the workers' range, the first with a server at least. */
const workers = fc.array(workerPool, { minLength: 1, maxLength: 3 }).map((pools) => {
  let start = 0;
  return Object.fromEntries(
    pools.map(({ size, use, more, gap, gpu }, index) => {
      const min = Math.max(index === 0 ? 1 : 0, Math.min(use, size));
      const at = start + gap;
      start = at + size;
      const max = Math.min(size, min + more);
      const settings = {
        flavor: "large",
        min,
        max,
        range: { start: at, size },
        volumes: { data: DATA },
      };
      return [`pool-${index}`, { ...settings, ...(gpu ? { gpu: {} } : {}) }];
    }),
  );
});

const applicationServers = fc
  .uniqueArray(fc.record({ slot: fc.nat(31), run: fc.subarray([...APPLICATIONS]), open: fc.boolean() }), {
    maxLength: 4,
    selector: (each) => each.slot,
  })
  .map((list) =>
    Object.fromEntries(
      list.map(({ slot, run, open }) => [
        `app-${slot}`,
        {
          slot,
          flavor: "small",
          applications: run,
          publicApplications: open ? run : [],
          volumes: { data: DATA },
        },
      ]),
    ),
  );

const desktops = fc.uniqueArray(fc.nat(31), { maxLength: 3 }).map((slots) => ({
  flavor: "large",
  users: Object.fromEntries(slots.map((slot) => [`user-${slot}`, { slot }])),
}));

const network = fc
  .record({
    prefix: fc.integer({ min: 16, max: 24 }),
    kind: fc.constantFrom("managed" as const, "existing" as const, "shared" as const),
  })
  .map(({ prefix, kind }): Json => {
    const cidr = `172.20.0.0/${prefix}`;
    if (kind === "managed") return { kind, cidr };
    return { kind: "existing", cidr, name: "campus", subnet: "campus", shared: kind === "shared" };
  });

const published = fc.record({
  protocol: fc.constantFrom("tcp", "udp"),
  probe: fc.constantFrom<Json>(
    { kind: "tcp" },
    { kind: "http", path: "/healthz" },
    { kind: "http", path: "/", port: 30999 },
  ),
  from: fc.constantFrom([OFFICE], [OFFICE, "203.0.113.0/24"], ["0.0.0.0/0"]),
});

/** NodePorts and external ports from a counter, so that none is taken twice. */
const ports = fc
  .record({
    list: fc.array(published, { maxLength: 4 }),
    internal: fc.nat(2),
    window: fc.option(fc.nat(4), { nil: undefined }),
  })
  .map(({ list, internal, window }) => ({
    published: Object.fromEntries(
      list.map((port, index) => [
        `port-${index}`,
        { ...port, external: 2000 + index, nodePort: 30100 + index },
      ]),
    ),
    internal: Object.fromEntries(
      Array.from({ length: internal }, (_, index) => [`inner-${index}`, 30200 + index]),
    ),
    ...(window === undefined ? {} : { window: { from: 30048, to: 30048 + window, open: [OFFICE] } }),
  }));

const tenants = fc
  .uniqueArray(
    fc.record({ slot: fc.nat(3), window: fc.boolean(), edge: fc.constantFrom("haproxy", "octavia") }),
    {
      maxLength: 4,
      selector: (each) => each.slot,
    },
  )
  .map((list) =>
    Object.fromEntries(
      list.map(({ slot, window, edge }) => [
        `tenant-${slot}`,
        {
          slot,
          edge,
          ingress: { http: 31000 + slot, https: 31100 + slot },
          namespaces: [`space-${slot}`],
          ...(window ? { window: { from: 30053 + 2 * slot, to: 30054 + 2 * slot } } : {}),
        },
      ]),
    ),
  );

/** A public key of 32 bytes that begin with this one. */
const bytes = (first: number) => Buffer.from([first, ...Array.from({ length: 31 }, () => 7)]);

function sshKey(first: number): string {
  const type = Buffer.from("ssh-ed25519");
  const lengths = [type.length, 32].map((length) => Buffer.from([0, 0, 0, length]));
  const body = Buffer.concat([lengths[0]!, type, lengths[1]!, bytes(first)]);
  return `ssh-ed25519 ${body.toString("base64")}`;
}

/** Somebody with any of the ways in; `user-<n>` may have a desktop too. */
const someone = fc.record({
  number: fc.nat(31),
  person: fc.boolean(),
  ssh: fc.constantFrom("jump", "operator", undefined),
  tunnel: fc.boolean(),
  applications: fc.boolean(),
});
const somebody = fc.uniqueArray(someone, { maxLength: 4, selector: ({ number }) => number });

/** The applications that somebody runs, as a person may be given them. */
function runBy(servers: Readonly<Record<string, Json>>): readonly string[] {
  const all = Object.values(servers).flatMap((each) => each["applications"] as readonly string[]);
  return [...new Set(all)];
}

const cni = fc.constantFrom<Json>(
  { kind: "calico", encapsulation: "vxlan" },
  { kind: "calico", encapsulation: "none" },
  { kind: "flannel", backend: "host-gw", policy: "kube-router" },
  { kind: "kube-router" },
  { kind: "weave" },
);

const parts = {
  network,
  cni,
  access: fc.constantFrom("bastion" as const, "wireguard" as const, "both" as const),
  api: fc.constantFrom("haproxy" as const, "octavia" as const, "direct" as const),
  edge: fc.constantFrom("loadBalancer" as const, "gateway" as const, "octavia" as const, "none" as const),
  allowlist: fc.boolean(),
  /** Whether the API's VIP is said to have a floating IP; else who is let in decides. */
  apiAddress: fc.boolean(),
  schedulable: fc.boolean(),
  bastion: pool(2, 2),
  gateway: pool(3, 6),
  loadBalancer: pool(3, 8),
  controlPlane: pool(5, 8, fc.constantFrom(1, 3, 5)),
  // Its first set of three is full.
  gluster: pool(6, 12, fc.integer({ min: 3, max: 6 }), 3),
  workers,
  applicationServers,
  desktops,
  ports,
  tenants,
  somebody,
};
type Parts = {
  readonly [K in keyof typeof parts]: (typeof parts)[K] extends fc.Arbitrary<infer T> ? T : never;
};

const ENCAPSULATED: Json = { kind: "calico", encapsulation: "vxlan" };

/** A valid owner as it would stand in a file. */
export const ownerValue: fc.Arbitrary<Json> = fc.record(parts).map(compose);

function compose(p: Parts): Json {
  const shared = p.network["shared"] === true;
  const api = shared && p.api === "haproxy" ? "octavia" : p.api;
  const edge = shared && (p.edge === "loadBalancer" || p.edge === "gateway") ? "octavia" : p.edge;
  const controlPlane = api === "direct" ? { flavor: "medium", min: 1, floatingIp: true } : p.controlPlane;
  const tenants = Object.entries(p.tenants).map(([name, each]) => [
    name,
    shared ? { ...each, edge: "octavia" } : each,
  ]);
  return {
    domain: "lab.example.org",
    image: "ubuntu-24.04",
    network: p.network,
    keyPair: { kind: "existing", name: "lab" },
    access: accessOf(p),
    people: peopleOf(p),
    servers: {
      bastion: { ...p.bastion, floatingIp: true },
      gateway: { ...p.gateway, floatingIp: true, volumes: { swap: SWAP } },
      loadBalancer: p.loadBalancer,
      controlPlane: { ...controlPlane, schedulable: p.schedulable, volumes: { data: DATA } },
      workers: p.workers,
      gluster: { ...p.gluster, volumes: { brick: BRICK } },
      applicationServers: p.applicationServers,
      desktops: p.desktops,
    },
    cluster: {
      kind: "own",
      cni: shared ? ENCAPSULATED : p.cni,
      api: { kind: api, ...(api === "direct" || !p.apiAddress ? {} : { floatingIp: true }) },
    },
    edge: edge === "loadBalancer" || edge === "gateway" ? { kind: "haproxy", on: edge } : { kind: edge },
    ports: { ...p.ports, published: carried(p.ports.published, edge) },
    storage: { shared: shared ? { kind: "none" } : { kind: "gluster" } },
    tenants: Object.fromEntries(tenants) as Json,
  };
}

const peerOf = ({ number }: Parts["somebody"][number]): Json => ({
  publicKey: bytes(number).toString("base64"),
  address: `192.168.99.${10 + number}`,
});

function peersOf({ access, somebody: all, applicationServers: servers }: Parts): Json {
  const peers = access === "bastion" ? [] : all.filter(({ person }) => !person);
  return Object.fromEntries(
    peers.map((each) => [
      `user-${each.number}`,
      { ...peerOf(each), applications: each.applications ? runBy(servers) : [] },
    ]),
  );
}

function peopleOf({ access, somebody: all, applicationServers: servers }: Parts): Json {
  return Object.fromEntries(
    all
      .filter(({ person }) => person)
      .map(({ number, ssh, tunnel, applications, ...rest }) => {
        const as = access === "wireguard" && ssh === "jump" ? undefined : ssh;
        const wireguard =
          tunnel && access !== "bastion" ? peerOf({ number, ssh, tunnel, applications, ...rest }) : undefined;
        return [
          `user-${number}`,
          {
            ...(as === undefined ? {} : { ssh: { key: sshKey(number), as } }),
            ...(wireguard === undefined ? {} : { wireguard }),
            applications: applications ? runBy(servers) : [],
          },
        ];
      }),
  );
}

function accessOf(p: Parts): Json {
  const { access, allowlist } = p;
  const tunnel = access === "wireguard" ? "wireguard" : "tunnel";
  const operator = allowlist ? { kind: "allowlist", from: [OFFICE] } : { kind: tunnel };
  const ssh = { from: [OFFICE] };
  const wireguard = { cidr: "192.168.99.0/24", peers: peersOf(p) };
  return {
    kind: access,
    operator,
    ...(access === "wireguard" ? {} : { ssh }),
    ...(access === "bastion" ? {} : { wireguard }),
  };
}

/** HAProxy carries no UDP. */
function carried(list: Readonly<Record<string, Json>>, edge: string): Json {
  const haproxy = edge === "loadBalancer" || edge === "gateway";
  return Object.fromEntries(
    Object.entries(list).map(([name, port]) => [name, haproxy ? { ...port, protocol: "tcp" } : port]),
  );
}

/** The value of a tenant that uses what its owner has opened for it. */
export function tenantValue(name: string, owner: Json): Json {
  const tenant = (owner["tenants"] as Record<string, Json>)[name]!;
  const octavia = tenant["edge"] === "octavia";
  return {
    domain: "lab.example.org",
    cluster: { kind: "shared", owner: "lab" },
    servers: octavia
      ? {}
      : { loadBalancer: { flavor: "small", min: 3, removed: [1], applications: ["node-exporter"] } },
    edge: octavia ? { kind: "octavia" } : { kind: "haproxy" },
    ingress: tenant["ingress"],
    ports: tenant["window"] === undefined ? {} : { window: tenant["window"] },
  };
}

const anyCidr = fc
  .tuple(fc.nat(255), fc.nat(255), fc.nat(32))
  .map(([a, b, prefix]) => cidrText(parseCidr(`${a}.${b}.0.0/${prefix}`)));
const anyAddress = fc
  .tuple(fc.constantFrom(10, 172), fc.nat(255), fc.nat(3), fc.nat(255))
  .map((bytes) => bytes.join("."));
const anyRange = fc.record({ start: anyAddress, end: anyAddress });
const count = fc.oneof(fc.nat(6), fc.nat(1000));
const nodePort = fc.oneof(
  fc.integer({ min: 30046, max: 30062 }),
  fc.constantFrom(30000, 30080, 30443, 31080, 31443),
);
const port = fc.oneof(fc.constantFrom(22, 80, 443, 8888, 6443), fc.integer({ min: 1, max: 65535 }));
const anyWindow = fc
  .tuple(nodePort, nodePort)
  .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));

/** One change that the schema accepts, whatever it breaks. */
const wreck: fc.Arbitrary<Changes> = fc.oneof(
  ...["bastion", "gateway", "loadBalancer", "controlPlane", "gluster"].flatMap((role) => [
    count.map((min) => ({ [`servers.${role}.min`]: min })),
    fc.array(fc.nat(999), { maxLength: 5 }).map((removed) => ({ [`servers.${role}.removed`]: removed })),
  ]),
  ...["bastion", "gateway", "loadBalancer", "gluster", "nfs"].map((role) =>
    fc.constantFrom<Changes>(
      { [`servers.${role}`]: undefined },
      { [`servers.${role}`]: { flavor: "x", volumes: { a: SWAP, b: SWAP } } },
    ),
  ),
  ...["vip", "bastion", "gateway", "workers", "tenants"].map((range) =>
    anyRange.map((value) => ({ [`network.ranges.${range}`]: value })),
  ),
  ...["network.cidr", "cluster.podCidr", "cluster.serviceCidr"].map((path) =>
    anyCidr.map((value) => ({ [path]: value })),
  ),
  fc.tuple(anyCidr, anyAddress).map(([cidr, address]) => ({
    access: {
      kind: "wireguard",
      operator: { kind: "tunnel" },
      wireguard: {
        cidr,
        peers: { ada: { publicKey: "4TrNTbm9dRCsHEnMDh8q7Ck83JYD5ycnKI0BCP7yvXQ=", address } },
      },
    },
  })),
  fc.tuple(count, count).map(([min, max]) => ({ "servers.workers": { a: { flavor: "x", min, max } } })),
  fc.tuple(fc.nat(999), count, fc.nat(999)).map(([start, min, size]) => ({
    "servers.workers": {
      a: { flavor: "x", min, range: { start, size: size + 1 } },
      b: { flavor: "x", min: 1, range: { start: size, size: 5 } },
      c: {
        flavor: "x",
        overrides: { 0: { name: "lab-bastion-0" } },
        min: 2,
        volumes: { a: BRICK, b: BRICK },
      },
    },
  })),
  fc
    .constantFrom("haproxy", "octavia", "direct")
    .map((kind) => ({ "cluster.api": { kind, floatingIp: false } })),
  fc
    .constantFrom<Json>(
      { kind: "haproxy", on: "gateway" },
      { kind: "haproxy" },
      { kind: "octavia" },
      { kind: "none" },
    )
    .map((edge) => ({ edge })),
  fc.nat(999).map((slot) => ({
    "servers.applicationServers": { a: { slot, flavor: "x" }, b: { slot, flavor: "x" } },
  })),
  fc.nat(999).map((slot) => ({ "servers.desktops": { flavor: "x", users: { a: { slot }, b: { slot } } } })),
  fc.record({ external: port, nodePort, protocol: fc.constantFrom("tcp", "udp") }).map((each) => ({
    "ports.published": { http: { ...each, from: ["0.0.0.0/0"] }, twin: { ...each, from: [OFFICE, OFFICE] } },
  })),
  anyWindow.map((window) => ({ "ports.window": window })),
  fc.tuple(fc.nat(999), nodePort, anyWindow).map(([slot, http, window]) => ({
    tenants: {
      a: {
        slot,
        ingress: { http, https: http },
        window,
        namespaces: ["kube-system", "x"],
        hosts: ["a.example.org"],
      },
      lab: { slot, ingress: { http, https: 32000 }, namespaces: ["x"], hosts: ["a.example.org"] },
    },
  })),
  fc.constant<Changes>({ "servers.controlPlane.schedulable": true, "servers.workers": {} }),
  fc.constant<Changes>({
    "network.shared": true,
    "network.kind": "existing",
    "network.name": "n",
    "network.subnet": "s",
  }),
  anyAddress.map((gatewayIp) => ({
    "network.kind": "existing",
    "network.name": "n",
    "network.subnet": "s",
    "network.gatewayIp": gatewayIp,
  })),
);

/** An owner that the schema accepts, with up to four things broken. */
export const brokenValue: fc.Arbitrary<Json> = fc
  .tuple(ownerValue, fc.array(wreck, { minLength: 1, maxLength: 4 }))
  .map(([value, changes]) => changes.reduce<Json>(changed, value));
