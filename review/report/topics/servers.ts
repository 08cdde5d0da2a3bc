/** Servers by pool: what they are, where they are set, which rules let somebody in, what they cost. */
import type { SecurityGroupPlan, ServerPlan } from "../../../environment/plan/types";
import type { Priced } from "../../cost/priced";
import { grouped } from "../../grouped";
import {
  countedText,
  distinct,
  joined,
  link,
  monthText,
  placeOf,
  shownAddress,
  type Plan,
  type ReportInput,
} from "../context";
import { ids } from "../ids";
import type { Fact, Line, Place, Row, Section, Step, Thing } from "../types";
import { ruleLine } from "./groups";

export function serverSection(input: ReportInput): Section {
  const { plan } = input.lab;
  const pools = grouped(plan.servers, ({ pool }) => pool);
  return {
    id: "servers",
    title: "Servers",
    columns: ["servers", "flavor", "addresses", "volumes", "cost"],
    things: [...pools].map(([pool, servers]) => poolThing(pool, servers, input)),
  };
}

function poolThing(pool: string, servers: readonly ServerPlan[], input: ReportInput): Thing {
  const { plan } = input.lab;
  const cost = monthText(plan, servers.flatMap(pricedOf));
  const gib = volumesOf(servers, plan).reduce((total, { sizeGiB }) => total + sizeGiB, 0);
  const size = gib === 0 ? "none" : `${String(gib)} GiB`;
  return {
    id: ids.pool(pool),
    what: "pool of servers",
    title: pool,
    summary: [
      [String(servers.length)],
      [countedText(servers.map(({ flavor }) => flavor))],
      [addressSpan(servers)],
      [size],
      [cost],
    ],
    facts: poolFacts(servers, plan),
    places: poolPlaces(servers, input),
    reached: reachedBy(servers, plan),
    cost,
    tables: [serverTable(servers, plan)],
  };
}

function poolFacts(servers: readonly ServerPlan[], plan: Plan): readonly Fact[] {
  const fact = (label: string, texts: readonly string[]): readonly Fact[] =>
    texts.length === 0 ? [] : [{ label, value: [countedText(texts)] }];
  const groups = distinct(servers.flatMap(({ securityGroups }) => securityGroups));
  const labels = distinct(
    servers.flatMap((server) => Object.entries(server.labels).map(([key, value]) => `${key}=${value}`)),
  );
  const taints = distinct(
    servers.flatMap((server) => server.taints.map(({ key, value, effect }) => `${key}=${value}:${effect}`)),
  );
  const applications = distinct(servers.flatMap((server) => server.applications));
  const volumes = grouped(volumesOf(servers, plan), ({ key }) => key.split("/").at(-1) ?? key);
  return [
    { label: "servers", value: [String(servers.length)] },
    ...fact(
      "flavor",
      servers.map(({ flavor }) => flavorText(flavor, plan)),
    ),
    ...fact(
      "image",
      servers.map(({ image }) => image),
    ),
    ...fact(
      "boots from",
      servers.flatMap(({ bootVolume: boot }) =>
        boot === undefined ? [] : [`volume of ${String(boot.sizeGiB)} GiB`],
      ),
    ),
    ...fact(
      "zone",
      servers.map(({ availabilityZone }) => availabilityZone ?? "any"),
    ),
    ...fact(
      "host group",
      servers.flatMap(({ serverGroup }) =>
        plan.serverGroups.filter(({ key }) => key === serverGroup).map(({ policy }) => policy),
      ),
    ),
    { label: "addresses", value: [addressSpan(servers)] },
    ...fact(
      "floating IP",
      servers.flatMap(({ floatingIp }) => (floatingIp ? ["one each"] : [])),
    ),
    { label: "security groups", value: joined(groups.map((key) => link(key, ids.group(key)))) },
    ...(volumes.size === 0
      ? []
      : [
          {
            label: "volumes",
            value: joined([...volumes.keys()].map((name) => link(name, ids.volume(poolOf(servers), name)))),
          },
        ]),
    ...listFact("applications", applications),
    ...listFact("node labels", labels),
    ...listFact("taints", taints),
    ...fact(
      "devices",
      servers.flatMap(({ gpu }) => (gpu === undefined ? [] : [`${String(gpu.count)} ${gpu.resource}`])),
    ),
    { label: "generation", value: [countedText(servers.map(({ generation }) => String(generation)))] },
  ];
}

function listFact(label: string, texts: readonly string[]): readonly Fact[] {
  return texts.length === 0 ? [] : [{ label, value: [texts.join(", ")] }];
}

function poolOf([first]: readonly ServerPlan[]): string {
  return first?.pool ?? "";
}

function flavorText(flavor: string, { project }: Plan): string {
  const size = project.flavors[flavor];
  return size === undefined ? flavor : `${flavor} (${String(size.vcpus)} vCPU, ${String(size.ramMiB)} MiB)`;
}

function volumesOf(servers: readonly ServerPlan[], plan: Plan): Plan["volumes"] {
  const keys = new Set(servers.map(({ key }) => key));
  return plan.volumes.filter(({ server }) => keys.has(server));
}

/** The flavor, the volume that it boots from, and its floating IP; its other volumes are things of their own. */
function pricedOf({ flavor, bootVolume, floatingIp }: ServerPlan): readonly (readonly [Priced, number])[] {
  return [
    [{ kind: "server", flavor }, 1],
    ...(bootVolume === undefined
      ? []
      : [[{ kind: "volume", volumeType: bootVolume.volumeType }, bootVolume.sizeGiB] as const]),
    ...(floatingIp ? [[{ kind: "floatingIp" }, 1] as const] : []),
  ];
}

function addressSpan(servers: readonly ServerPlan[]): string {
  const [first, last] = [servers[0], servers.at(-1)].map((server) => server && shownAddress(server.address));
  if (servers.some(({ address }) => address.kind !== "planned")) return "chosen by Neutron";
  return first === last ? (first ?? "") : `${first ?? ""} … ${last ?? ""}`;
}

/** The pool's own settings, and those of single servers that differ. */
function poolPlaces(servers: readonly ServerPlan[], input: ReportInput): readonly Place[] {
  const keys = new Set(servers.map(({ key }) => key));
  const settings = input.lab.plan.settings.filter(({ server }) => keys.has(server));
  const paths = distinct(settings.flatMap(({ path, paths: { flavor, image } }) => [path, flavor, image]));
  return paths.map((path) => placeOf(input, path));
}

/** Rules of all groups; those of some servers only say of which. */
function reachedBy(servers: readonly ServerPlan[], { securityGroups }: Plan): readonly Step[] {
  const members = (key: string) => servers.filter((server) => server.securityGroups.includes(key));
  return securityGroups.flatMap((group) => {
    const those = members(group.key);
    return those.length === 0 || group.rules.length === 0 ? [] : [groupStep(group, those, servers)];
  });
}

function groupStep(group: SecurityGroupPlan, those: readonly ServerPlan[], all: readonly ServerPlan[]): Step {
  const only = those.length === all.length ? "" : ` (of ${those.map(({ key }) => key).join(", ")})`;
  return {
    title: `security group ${group.name}${only}`,
    lines: group.rules.map((rule) => ruleLine(group.key, rule)),
  };
}

function serverTable(servers: readonly ServerPlan[], plan: Plan) {
  const zones = servers.some(({ availabilityZone }) => availabilityZone !== undefined);
  const mixed = distinct(servers.map(({ flavor }) => flavor)).length > 1;
  const uses = servers.some(({ applications, user }) => applications.length > 0 || user !== undefined);
  const cells = (server: ServerPlan): readonly Line[] => [
    [server.name],
    [shownAddress(server.address)],
    ...(mixed ? [[server.flavor]] : []),
    ...(zones ? [[server.availabilityZone ?? "any"]] : []),
    ...(uses ? [[server.user?.name ?? server.applications.join(", ")]] : []),
    [monthText(plan, pricedOf(server))],
  ];
  return {
    title: "Servers",
    columns: [
      "name",
      "address",
      ...(mixed ? ["flavor"] : []),
      ...(zones ? ["zone"] : []),
      ...(uses ? ["for"] : []),
      "cost",
    ],
    rows: servers.map((server): Row => ({ id: ids.server(server.key), cells: cells(server) })),
  };
}
