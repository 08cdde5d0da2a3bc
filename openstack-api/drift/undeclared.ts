/** What a project has and nobody declared: without what the cluster, OpenStack itself or another stack has made. */
import type { PlainMap } from "../../provider-protocol";
import { maps, text } from "../../provider-protocol/plain";
import { isMadeByCluster } from "../cluster-made";
import { listedName, LISTED_KINDS } from "./listing";
import type { ListedKind, ProjectListing } from "./listing";

/** What is known besides the listing. */
export interface KnownThings {
  /** Ids of everything that the stack declares; a key pair's is its name. */
  readonly declared: ReadonlySet<string>;
  /** Ids that other stacks declare, with the stack. */
  readonly others: ReadonlyMap<string, string>;
  /** Name that the Kubernetes cluster's controllers write on what they make; absent without a cluster. */
  readonly cluster?: string;
  /** Name of a network that the stack uses and did not make; its subnets and routers are known with it. */
  readonly existingNetwork?: string;
  /** Name of a key pair that the stack uses and did not make. */
  readonly existingKeyPair?: string;
}

/** One thing that nobody declared. */
export interface Undeclared {
  readonly kind: ListedKind;
  readonly id: string;
  readonly name: string;
}

/** What was found, and how many things are known as somebody else's. */
export interface UndeclaredThings {
  readonly undeclared: readonly Undeclared[];
  /** By whose they are: `the cluster`, `OpenStack`, `stack test`. */
  readonly known: ReadonlyMap<string, number>;
}

/** Whose a thing is. */
type Standing =
  | { readonly kind: "declared" }
  /** It has come with another thing, which is judged. */
  | { readonly kind: "part" }
  | { readonly kind: "known"; readonly whose: string }
  | { readonly kind: "undeclared" };

const DECLARED: Standing = { kind: "declared" };
const PART: Standing = { kind: "part" };
const UNDECLARED: Standing = { kind: "undeclared" };
const OPENSTACK: Standing = { kind: "known", whose: "OpenStack" };
const CLUSTER: Standing = { kind: "known", whose: "the cluster" };
const EXISTING: Standing = { kind: "known", whose: "the existing network" };
const EXISTING_KEY: Standing = { kind: "known", whose: "the existing key pair" };

/** Takes time in proportion to the listing. */
export function undeclaredThings(listing: ProjectListing, known: KnownThings): UndeclaredThings {
  const judge = new Judge(listing, known);
  const groups = namesOf(listing.securityGroup);
  const undeclared: Undeclared[] = [];
  const counts = new Map<string, number>();
  for (const kind of LISTED_KINDS)
    for (const thing of listing[kind]) {
      const standing = judge.standing(kind, thing);
      if (standing.kind === "known") counts.set(standing.whose, (counts.get(standing.whose) ?? 0) + 1);
      if (standing.kind === "undeclared")
        undeclared.push({ kind, id: idOf(kind, thing), name: listedName(kind, thing, groups) });
    }
  return { undeclared, known: counts };
}

function namesOf(things: readonly PlainMap[]): ReadonlyMap<string, string> {
  return new Map(things.map((each) => [text(each, "id"), text(each, "name")]));
}

function idOf(kind: ListedKind, thing: PlainMap): string {
  return text(thing, kind === "keyPair" ? "name" : "id");
}

/** Ports of DHCP, routers' gateways, load balancers: by the owner that Neutron records. */
const PORTS_OF_SERVICES = /^(network:(?!router_interface)|neutron:|octavia|ovn-lb)/i;

class Judge {
  readonly #groups: ReadonlyMap<string, string>;
  readonly #existingNetworks: ReadonlySet<string>;

  constructor(
    listing: ProjectListing,
    private readonly known: KnownThings,
  ) {
    this.#groups = namesOf(listing.securityGroup);
    const existing = listing.network.filter((each) => text(each, "name") === known.existingNetwork);
    this.#existingNetworks = new Set(existing.map((each) => text(each, "id")));
  }

  standing(kind: ListedKind, thing: PlainMap): Standing {
    const { declared, others } = this.known;
    const id = idOf(kind, thing);
    if (declared.has(id)) return DECLARED;
    const stack = others.get(id);
    if (stack !== undefined) return { kind: "known", whose: `stack ${stack}` };
    return this.isOfCluster(kind, thing) ? CLUSTER : this.stranger(kind, thing);
  }

  private isOfCluster(kind: ListedKind, thing: PlainMap): boolean {
    const { cluster } = this.known;
    const isMarked = kind === "loadBalancer" || kind === "floatingIp" || kind === "volume";
    return cluster !== undefined && isMarked && isMadeByCluster(kind, thing, cluster);
  }

  /** Of something that nobody has in a state. */
  private stranger(kind: ListedKind, thing: PlainMap): Standing {
    switch (kind) {
      case "volume":
        return this.isBootVolume(thing) ? PART : UNDECLARED;
      case "port":
        return this.port(thing);
      case "securityGroup":
        return text(thing, "name") === "default" ? OPENSTACK : UNDECLARED;
      case "rule":
        return this.rule(thing);
      case "network":
        return this.#existingNetworks.has(text(thing, "id")) ? EXISTING : UNDECLARED;
      case "subnet":
        return this.ofNetwork(text(thing, "network_id"));
      case "keyPair":
        return text(thing, "name") === this.known.existingKeyPair ? EXISTING_KEY : UNDECLARED;
      case "router":
        return this.known.existingNetwork === undefined ? UNDECLARED : EXISTING;
      default:
        return UNDECLARED;
    }
  }

  private isKnown(id: string): boolean {
    return this.known.declared.has(id) || this.known.others.has(id);
  }

  /** Made with a server and named by nobody: its disk. */
  private isBootVolume(volume: PlainMap): boolean {
    const servers = maps(volume, "attachments").map((each) => text(each, "server_id"));
    const isDisk = text(volume, "bootable") === "true" && text(volume, "name") === "";
    return isDisk && servers.some((id) => this.isKnown(id));
  }

  private port(port: PlainMap): Standing {
    const owner = text(port, "device_owner");
    if (PORTS_OF_SERVICES.test(owner)) return OPENSTACK;
    if (owner === "") return UNDECLARED;
    // Of a server or router that has a line of its own.
    if (!this.isKnown(text(port, "device_id"))) return PART;
    return this.#existingNetworks.has(text(port, "network_id")) && !owner.startsWith("compute:")
      ? EXISTING
      : UNDECLARED;
  }

  private rule(rule: PlainMap): Standing {
    const group = text(rule, "security_group_id");
    if (this.isKnown(group)) return UNDECLARED;
    if (this.#groups.get(group) !== "default") return PART;
    return isDefaultRule(rule) ? OPENSTACK : UNDECLARED;
  }

  private ofNetwork(network: string): Standing {
    if (this.#existingNetworks.has(network)) return EXISTING;
    return this.isKnown(network) ? UNDECLARED : PART;
  }
}

/** Those that Neutron gives to a project's group "default": everything out, and in from its own members. */
function isDefaultRule(rule: PlainMap): boolean {
  const isForAll = text(rule, "protocol") === "" && text(rule, "remote_ip_prefix") === "";
  const remote = text(rule, "remote_group_id");
  return text(rule, "direction") === "egress"
    ? isForAll && remote === ""
    : isForAll && remote === text(rule, "security_group_id");
}
