/** Inputs by which a resource is looked up after a crash, when only its inputs are known. */
import { RULE_KEY } from "../../openstack-api/resources/rule-key";
import type { ResourceState } from "../shared/stack-state";

/** Plain inputs that a cloud returns: texts, numbers, and lists and maps of them; null: it has none. */
export type Criteria = Readonly<Record<string, unknown>>;

/** A resource that the cloud has. */
export interface CloudResource {
  readonly id: string;
  /** Its creation failed (a server in ERROR), and it has no data. */
  readonly broken?: true;
}

/** Searches a cloud. */
export interface Finder {
  /** All resources of a type with these properties; undefined if it cannot search for the type. */
  find(type: string, criteria: Criteria): Promise<readonly CloudResource[] | undefined>;
}

const RULE = "openstack:networking/secGroupRule:SecGroupRule";

/**
 * Inputs that identify a resource, by type. Names are not unique in OpenStack, so other identifying inputs are added:
 * description, metadata, the parent. Tags do not: the plugin sets them in a second request, before which it may have
 * been killed.
 */
const LOOKUP_INPUTS: Readonly<Record<string, readonly string[]>> = {
  "openstack:blockstorage/volume:Volume": ["name", "description", "metadata"],
  "openstack:compute/instance:Instance": ["name", "metadata"],
  "openstack:compute/serverGroup:ServerGroup": ["name", "policies"],
  "openstack:identity/applicationCredential:ApplicationCredential": ["name"],
  "openstack:loadbalancer/listener:Listener": ["loadbalancerId", "protocol", "protocolPort"],
  "openstack:loadbalancer/loadBalancer:LoadBalancer": ["name", "vipSubnetId", "vipPortId"],
  "openstack:loadbalancer/member:Member": ["poolId", "address", "protocolPort"],
  "openstack:loadbalancer/monitor:Monitor": ["poolId"],
  "openstack:loadbalancer/pool:Pool": ["name", "loadbalancerId", "listenerId"],
  "openstack:networking/floatingIp:FloatingIp": ["description"],
  "openstack:networking/network:Network": ["name", "description"],
  "openstack:networking/port:Port": ["name", "description", "networkId"],
  "openstack:networking/router:Router": ["name", "description"],
  "openstack:networking/routerInterface:RouterInterface": ["routerId", "subnetId"],
  "openstack:networking/secGroup:SecGroup": ["name", "description"],
  [RULE]: ["securityGroupId", ...RULE_KEY],
  "openstack:networking/subnet:Subnet": ["name", "networkId", "cidr"],
};

/** What to look for; undefined for types that are not looked up, and for a resource without any of these inputs. */
export function criteriaOf({ type, inputs }: Pick<ResourceState, "type" | "inputs">): Criteria | undefined {
  const given = (LOOKUP_INPUTS[type] ?? []).filter((name) => (inputs[name] ?? null) !== null);
  if (given.length === 0) return undefined;
  // A rule without a port range is not the same as one with a range.
  const names = type === RULE ? (LOOKUP_INPUTS[RULE] ?? []) : given;
  return Object.fromEntries(names.map((name) => [name, inputs[name] ?? null]));
}

/** Output that a service returns only once, when it creates the resource. */
const RETURNED_ONCE: Readonly<Record<string, string>> = {
  "openstack:identity/applicationCredential:ApplicationCredential": "secret",
};

/** Whether the run that created a resource lost its secret. */
export function losesSecret({ type, inputs }: Pick<ResourceState, "type" | "inputs">): boolean {
  const secret = RETURNED_ONCE[type];
  return secret !== undefined && !(secret in inputs);
}
