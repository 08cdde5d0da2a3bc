/** What the security groups open to networks outside: the edges of the picture that come from there. */
import { containsCidr, parseCidr } from "../../environment/addresses";
import { distinct, type Plan } from "./context";
import { ids } from "./ids";

/** One rule for an outer network. */
export interface Opening {
  /** `the internet`, a network, or a number of networks. */
  readonly from: string;
  /** Id of the address, or of the pool, that clients connect to. */
  readonly to: string;
  readonly protocol: string;
  /** All of a range. */
  readonly ports: readonly number[];
}

/** Networks that the picture shows one by one; more are one box. */
const MOST_SOURCES = 5;
/** A range of ports longer than this is shown by its ends alone. */
const LONGEST_RANGE = 1000;

export function openings(plan: Plan): readonly Opening[] {
  const all = plan.securityGroups.flatMap(({ key, rules }) =>
    rules.flatMap(({ protocol, portMin, portMax, remote }) => {
      if (remote.kind === "group" || isInside(remote.cidr, plan)) return [];
      const ports = portsBetween(portMin, portMax);
      return targetsOf(key, plan).map((to): Opening => ({
        from: sourceText(remote.cidr),
        to,
        protocol,
        ports,
      }));
    }),
  );
  const networks = distinct(all.map(({ from }) => from).filter((from) => from !== INTERNET));
  if (networks.length <= MOST_SOURCES) return all;
  const together = `${String(networks.length)} networks`;
  return all.map((each) => (each.from === INTERNET ? each : { ...each, from: together }));
}

const INTERNET = "the internet";

function sourceText(cidr: string): string {
  return cidr === "0.0.0.0/0" ? INTERNET : cidr;
}

/** Servers' and pods' own addresses. */
function isInside(cidr: string, { network, cluster }: Plan): boolean {
  const from = parseCidr(cidr);
  return [network.cidr, cluster.podCidr].some((each) => each !== "" && containsCidr(parseCidr(each), from));
}

function portsBetween(min: number | undefined, max: number | undefined): readonly number[] {
  if (min === undefined || max === undefined) return [];
  if (max - min > LONGEST_RANGE) return [min, max];
  return Array.from({ length: max - min + 1 }, (_, index) => min + index);
}

/** An address that has the group stands for the servers that hold it. */
function targetsOf(group: string, { vips, servers }: Plan): readonly string[] {
  const addresses = vips
    .filter(({ securityGroups }) => securityGroups.includes(group))
    .map(({ key }) => ids.vip(key));
  if (addresses.length > 0) return addresses;
  return distinct(
    servers.flatMap(({ pool, securityGroups }) => (securityGroups.includes(group) ? [ids.pool(pool)] : [])),
  );
}
