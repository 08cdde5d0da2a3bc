/** Things of the project that no resource of the environment stands for. */
import { isMadeByCluster } from "../../openstack-api/cluster-made";
import { listedName, type ListedKind } from "../../openstack-api/drift/listing";
import type { PlainMap } from "../../provider-protocol";
import { maps, text } from "../../provider-protocol/plain";
import type { Sources } from "./environment";
import type { Matches } from "./match";
import type { Unplaced } from "./unplaced";

type Reason = Pick<Unplaced, "why" | "way">;

/** Names of kinds as OpenStack's client has them. */
const WORDS: Readonly<Partial<Record<ListedKind, string>>> = {
  volume: "volume",
  network: "network",
  router: "router",
  securityGroup: "security group",
  rule: "security group rule",
  floatingIp: "floating IP",
  loadBalancer: "load balancer",
};

const OF_CLUSTER: Reason = {
  why: "the cluster has made it",
  way: "it stays the cluster's: nothing adopts or deletes it",
};

/** @param already what is reported for another reason */
export function strays(
  sources: Sources,
  matches: Matches,
  already: readonly Unplaced[],
): readonly Unplaced[] {
  const placed = new Set([...matches.values(), ...already.map(({ id }) => id)]);
  const { listing } = sources.found;
  const groups = new Map(listing.securityGroup.map((each) => [text(each, "id"), text(each, "name")]));
  return Object.entries(WORDS).flatMap(([kind, word]) => {
    const listed = kind as ListedKind;
    return listing[listed].flatMap((thing) => {
      const id = text(thing, "id");
      const reason = placed.has(id) ? undefined : reasonOf(listed, thing, placed, sources);
      return reason === undefined
        ? []
        : [{ kind: word, name: listedName(listed, thing, groups), id, ...reason }];
    });
  });
}

/** Undefined for what belongs to OpenStack itself, or is part of something that is reported. */
function reasonOf(
  kind: ListedKind,
  thing: PlainMap,
  placed: ReadonlySet<string | undefined>,
  { addressing }: Sources,
): Reason | undefined {
  switch (kind) {
    case "volume":
      return volumeReason(thing, placed);
    case "network":
    case "router":
      return addressing.kind === "assigned"
        ? {
            why: `network layer not adopted: ${addressing.why}`,
            way: "it is used as an existing network, and stays as it is",
          }
        : {
            why: "no server of the environment is in it",
            way: "adopt it as another environment, or let it stay as it is",
          };
    case "securityGroup":
      return text(thing, "name") === "default"
        ? undefined
        : {
            why: "its servers are not those of one group of the environment",
            way: "it stays on its ports as found, until you remove securityGroupIds of the ports from adopted.<stack>.json",
          };
    case "rule":
      return placed.has(text(thing, "security_group_id"))
        ? {
            why: "the environment does not need it",
            way: `it stays open; if nobody needs it: openstack security group rule delete ${text(thing, "id")}`,
          }
        : undefined;
    case "floatingIp":
      return isMadeByCluster(kind, thing)
        ? OF_CLUSTER
        : {
            why:
              text(thing, "port_id") === ""
                ? "it leads nowhere"
                : "not every server of its pool has one, or it leads to no server",
            way: `let it stay as it is, or if nobody needs it: openstack floating ip delete ${text(thing, "id")}`,
          };
    case "loadBalancer":
      return isMadeByCluster(kind, thing)
        ? OF_CLUSTER
        : {
            why: "load balancers of Octavia are not adopted, with their listeners and pools",
            way: "let it stay as it is; the environment makes one beside it with edge.kind octavia, and its address changes",
          };
    default:
      return undefined;
  }
}

function volumeReason(volume: PlainMap, placed: ReadonlySet<string | undefined>): Reason | undefined {
  if (isMadeByCluster("volume", volume)) return OF_CLUSTER;
  const servers = maps(volume, "attachments").map((each) => text(each, "server_id"));
  if (servers.length === 0)
    return {
      why: "it is attached to no server",
      way: "attach it to its server and adopt again, or let it stay as it is",
    };
  // The disk that a server boots from is part of it; volumes of unplaced servers are theirs.
  if (text(volume, "bootable") === "true" && servers.some((id) => placed.has(id))) return undefined;
  return { why: "its server has no role", way: "give its server a role with --role, and adopt again" };
}
