/** Findings about what an environment names and needs, against what the cloud offers its project. */
import { finding, type Finding } from "../../environment/findings";
import { nearest } from "../../environment/nearest";
import type { WatchedSetting } from "../../environment/plan/types-settings";
import type { Lab } from "../../lab";
import type { CloudFacts } from "./cloud-facts";

export type Compared = Pick<Lab, "plan" | "quota">;

export function cloudFindings(lab: Compared, facts: CloudFacts): readonly Finding[] {
  return [
    ...names(lab, facts),
    ...flavorSizes(lab, facts),
    ...mtu(lab, facts),
    ...quota(lab, facts),
    ...facts.unread.map(({ service, why }) =>
      finding(
        "cloud.unread",
        "OS_CLOUD",
        `${service} could not be asked: ${why}`,
        "repeat it, or compare by hand",
      ),
    ),
  ];
}

/** Something that the environment names, and where. */
interface Named {
  readonly what: string;
  readonly path: string;
  readonly name: string;
  /** Absent if the service did not answer. */
  readonly offered: readonly string[] | undefined;
}

function names(lab: Compared, facts: CloudFacts): readonly Finding[] {
  const seen = new Set<string>();
  return [...ofServers(lab, facts), ...ofVolumes(lab, facts), ...ofNetwork(lab, facts)].flatMap(
    ({ what, path, name, offered }) => {
      const key = `${what} ${name}`;
      if (offered === undefined || offered.includes(name) || seen.has(key)) return [];
      seen.add(key);
      return [finding("cloud.name", path, `the project can use no ${what} "${name}"`, advice(name, offered))];
    },
  );
}

/** Names that a message lists. */
const LISTED = 8;

function advice(name: string, offered: readonly string[]): string {
  const near = nearest(name, offered);
  if (near !== undefined) return `did you mean ${near}?`;
  const some = [...new Set(offered)].sort().slice(0, LISTED).join(", ");
  return some === "" ? "ask the cloud's operators, since it lists none" : `write one that it lists: ${some}`;
}

function ofServers({ plan }: Compared, facts: CloudFacts): readonly Named[] {
  const settings = new Map(plan.settings.map((each) => [each.server, each]));
  return plan.servers.flatMap(({ key, flavor, image, availabilityZone, bootVolume }) => {
    const path = (setting: WatchedSetting): string => settings.get(key)?.paths[setting] ?? key;
    const flavors = facts.flavors === undefined ? undefined : [...facts.flavors.keys()];
    return [
      { what: "flavor", path: path("flavor"), name: flavor, offered: flavors },
      { what: "image", path: path("image"), name: image, offered: facts.images },
      ...(availabilityZone === undefined
        ? []
        : [{ what: "zone for servers", path: path("zone"), name: availabilityZone, offered: facts.zones }]),
      ...(bootVolume?.volumeType === undefined
        ? []
        : [volumeType(`${settings.get(key)?.path ?? key}.bootVolume.type`, bootVolume.volumeType, facts)]),
    ];
  });
}

function ofVolumes({ plan }: Compared, facts: CloudFacts): readonly Named[] {
  const settings = new Map(plan.settings.map((each) => [each.server, each.path]));
  return plan.volumes.flatMap(({ key, server, volumeType: type, availabilityZone: zone }) => [
    ...(type === undefined
      ? []
      : [
          volumeType(
            `${settings.get(server) ?? server}.volumes.${key.split("/").at(-1) ?? ""}.type`,
            type,
            facts,
          ),
        ]),
    ...(zone === undefined
      ? []
      : [{ what: "zone for volumes", path: "volumeZones", name: zone, offered: facts.volumeZones }]),
  ]);
}

function volumeType(path: string, name: string, { volumeTypes }: CloudFacts): Named {
  return { what: "volume type", path, name, offered: volumeTypes };
}

/** The network of an environment is its own or one that exists; the external one exists. */
function ofNetwork(
  { plan: { network, cluster, environment } }: Compared,
  { networks }: CloudFacts,
): readonly Named[] {
  // A tenant has the network of its owner, which its own check looks at.
  if (network.kind === "none" || cluster.owner !== environment) return [];
  const external = networks?.filter(({ isExternal }) => isExternal).map(({ name }) => name);
  const internal = networks?.filter(({ isExternal }) => !isExternal).map(({ name }) => name);
  return [
    ...(network.externalNetwork === ""
      ? []
      : [
          {
            what: "external network",
            path: "network.externalNetwork",
            name: network.externalNetwork,
            offered: external,
          },
        ]),
    ...(network.kind === "existing"
      ? [{ what: "network", path: "network.name", name: network.name, offered: internal }]
      : []),
  ];
}

function flavorSizes({ plan: { project } }: Compared, { flavors }: CloudFacts): readonly Finding[] {
  return Object.entries(project.flavors).flatMap(([name, written]) => {
    const real = flavors?.get(name);
    if (real === undefined || (real.vcpus === written.vcpus && real.ramMiB === written.ramMiB)) return [];
    return [
      finding(
        "cloud.flavor-size",
        `flavors.${name}`,
        `is ${size(written)} here, and ${size(real)} in the cloud`,
        "write the cloud's size",
      ),
    ];
  });
}

function size({ vcpus, ramMiB }: { readonly vcpus: number; readonly ramMiB: number }): string {
  return `${String(vcpus)} vCPUs with ${String(ramMiB)} MiB`;
}

function mtu({ plan: { network } }: Compared, { networks }: CloudFacts): readonly Finding[] {
  if (network.kind !== "existing") return [];
  const real = networks?.find(({ name }) => name === network.name)?.mtu;
  if (real === undefined || real === 0 || real >= network.mtu) return [];
  return [
    finding(
      "cloud.mtu",
      "network.mtu",
      `${String(network.mtu)} bytes are more than the ${String(real)} of ${network.name}, which drops larger packets`,
      `write ${String(real)}`,
    ),
  ];
}

function quota(lab: Compared, { limits }: CloudFacts): readonly Finding[] {
  return lab.quota.rows.flatMap(({ name, needed }) => {
    const limit = limits[name];
    if (limit === undefined || limit < 0 || needed <= limit) return [];
    return [
      finding(
        "cloud.quota",
        `quota.${name}`,
        `the environment needs ${String(needed)}, and the cloud allows the project ${String(limit)}`,
        "request a larger quota, or make the environment smaller",
      ),
    ];
  });
}
