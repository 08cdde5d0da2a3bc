/**
 * What the engine makes of the changes that people make: each preview is compared with a short list in this folder.
 * `LABSTEAD_RENEW=1 npx --no-install jest --selectProjects engine --testPathPatterns test/golden` renews the lists. They hold what
 * holds data or an address; of everything else only what would be deleted or replaced.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { changed, environmentIn, GoldenLab, type Json, type Seen } from "./golden-lab";

const BASE = environmentIn(join(__dirname, "Pulumi.golden.yaml"));
const VOLUME = { size: "20Gi", use: { kind: "filesystem", mountPoint: "/scratch" } };
const { general } = (BASE["servers"] as { readonly workers: { readonly general: Json } }).workers;

let lab: GoldenLab;
beforeAll(async () => {
  lab = await GoldenLab.open();
  expect((await lab.up(BASE)).said).toEqual([]);
});
afterAll(() => lab.close());

/** Names of our keys that hold data, addresses or traffic; kinds of other packages that cannot be made again. */
const LISTED =
  /^\S+ (server|port|volume|attachment|floating-ip|association|vip-port|server-group|security-group|rule|egress|key-pair|container|network|subnet|router|changes|PrivateKey|SelfSignedCert|RandomPassword|RandomId)\b/;

function listed(step: string): boolean {
  return LISTED.test(step) || step.startsWith("- ") || step.startsWith("+- ");
}

/** Compares with the list in this folder, or renews that one. */
function expectList(name: string, title: string, { steps, said }: Seen): void {
  const errors = said.filter((each) => !each.startsWith("info: ")).map(firstLine);
  const lines = [`# ${title}`, ...[...new Set(errors)].sort(), ...steps.filter(listed)];
  const file = join(__dirname, `${name}.txt`);
  if (process.env["LABSTEAD_RENEW"] === "1") writeFileSync(file, `${lines.join("\n")}\n`);
  expect(existsSync(file)).toBe(true);
  expect(lines).toEqual(readFileSync(file, "utf8").trimEnd().split("\n"));
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? "";
}

/** Every map in another order, and every list whose order means nothing. */
function reordered(value: unknown, key = ""): unknown {
  if (Array.isArray(value))
    return ["from", "namespaces", "applications"].includes(key) ? value.toReversed() : value;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, each]) => [name, reordered(each, name)] as const);
  return Object.fromEntries(entries.reverse());
}

type Case = readonly [name: string, title: string, environment: Json];

const CASES: readonly Case[] = [
  ["reordered", "keys and lists in another order", reordered(BASE) as Json],
  [
    "pool-renamed",
    "a worker pool and a server renamed, with `formerly`",
    changed(BASE, {
      "servers.workers": { compute: { ...general, formerly: "general" } },
      "servers.applicationServers": {
        metrics: { flavor: "small", slot: 0, applications: ["prometheus"], formerly: "monitor" },
      },
    }),
  ],
  [
    "pool-renamed-without-formerly",
    "a worker pool renamed without `formerly`: another pool",
    changed(BASE, { "servers.workers": { compute: general } }),
  ],
  [
    "defaults",
    "every default that reaches a server, volume or address, changed",
    changed(BASE, {
      "cluster.nodes": { maxPods: 150 },
      "network.dnsNameservers": ["10.0.0.2"],
      "ingress.from": ["198.51.100.0/24"],
      "servers.bastion.antiAffinity": "soft",
      "servers.workers.general.antiAffinity": "hard",
      "servers.workers.general.maxUnavailable": 2,
      "servers.workers.general.volumes.spool.protect": true,
      "servers.workers.general.volumes.data.use": { kind: "filesystem", mountPoint: "/store" },
      "containers.backup.versioning": false,
      tags: ["more"],
      metadata: { more: "more" },
    }),
  ],
  [
    "user-exchanged",
    "a desktop for one user, and none for another",
    changed(BASE, { "servers.desktops.users": { grace: { slot: 1 } } }),
  ],
  ["slot-added", "a worker more", changed(BASE, { "servers.workers.general.min": 3 })],
  [
    "slot-removed",
    "a worker in the middle removed: its data is protected",
    changed(BASE, { "servers.workers.general.removed": [0] }),
  ],
  [
    "pool-added",
    "one more worker pool",
    changed(BASE, {
      "servers.workers.general.range": { start: 0, size: 20 },
      "servers.workers.gpu": { flavor: "medium", min: 1, range: { start: 20, size: 10 } },
    }),
  ],
  [
    "volume-added",
    "one more volume on each worker",
    changed(BASE, { "servers.workers.general.volumes.scratch": VOLUME }),
  ],
  ["volume-grown", "a volume grown", changed(BASE, { "servers.workers.general.volumes.data.size": "200Gi" })],
  [
    "tenant-added",
    "one more tenant",
    changed(BASE, {
      "tenants.beta": { slot: 1, ingress: { http: 31180, https: 31543 }, namespaces: ["betalab"] },
    }),
  ],
  ["tenant-removed", "a tenant removed", changed(BASE, { tenants: {} })],
  [
    "port-opened",
    "a port published",
    changed(BASE, { "ports.published.mail": { external: 993, nodePort: 30993, from: ["198.51.100.0/24"] } }),
  ],
  [
    "cluster-moved",
    "ports, networks and storage under what runs: nothing is touched",
    changed(BASE, {
      "cluster.api": { kind: "haproxy", port: 9999 },
      "cluster.podCidr": "10.200.0.0/16",
      "cluster.cni": { kind: "calico", encapsulation: "ipip" },
      "servers.gateway.min": 2,
      "servers.gateway.removed": [0],
      "servers.workers.general.volumes.data.use": { kind: "filesystem", type: "xfs", mountPoint: "/data" },
    }),
  ],
  [
    "door-closed",
    "operators through a tunnel: nobody comes to the API's address, which is protected",
    changed(BASE, { "access.operator": { kind: "tunnel" } }),
  ],
  [
    "door-closed-address-kept",
    "operators through a tunnel, and the API's address kept",
    changed(BASE, {
      "access.operator": { kind: "tunnel" },
      "cluster.api": { kind: "haproxy", floatingIp: true },
    }),
  ],
  [
    "generation",
    "a pool's generation counted up",
    changed(BASE, { "servers.workers.general.generation": 2 }),
  ],
  ["image", "another image: refused", changed(BASE, { image: "debian-13" })],
];

test.each(CASES)("%s: %s", async (name, title, environment) => {
  expectList(name, title, await lab.preview(environment));
});

test("every list belongs to a change", () => {
  const lists = readdirSync(__dirname).filter((file) => file.endsWith(".txt"));
  expect(lists.sort()).toEqual(CASES.map(([name]) => `${name}.txt`).sort());
});
