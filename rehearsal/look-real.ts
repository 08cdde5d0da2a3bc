/** Looks for what exists in a real OpenStack: a service's list, narrowed by name, each entry compared as a whole. */
import type { PlainMap } from "../provider/rpc";
import { loginOf } from "./openstack/real/clouds";
import type { CloudChoice } from "./openstack/real/clouds";
import { covers } from "./openstack/real/fields";
import { Session } from "./openstack/real/session";
import type { Service } from "./openstack/real/session";
import { RealOpenStack } from "./openstack/real/store";
import * as t from "./openstack/tokens";
import { text } from "./plain";

/** Where a type's resources are listed. */
interface Place {
  readonly service: Service;
  /** Of the list in the answer. */
  readonly name: string;
  /** May list too much. */
  path(inputs: PlainMap, session: Session): string | Promise<string>;
}

const PLACES: Readonly<Record<string, Place>> = {
  [t.VOLUME]: place("volume", "volumes", "/volumes/detail", { name: "name" }),
  // The name is a pattern there.
  [t.INSTANCE]: place("compute", "servers", "/servers/detail", {}),
  [t.SERVER_GROUP]: place("compute", "server_groups", "/os-server-groups", {}),
  [t.NETWORK]: place("network", "networks", "/networks", { name: "name" }),
  [t.SUBNET]: place("network", "subnets", "/subnets", { name: "name", network_id: "networkId" }),
  [t.ROUTER]: place("network", "routers", "/routers", { name: "name" }),
  [t.ROUTER_INTERFACE]: place("network", "ports", "/ports", { device_id: "routerId" }),
  [t.PORT]: place("network", "ports", "/ports", { name: "name", network_id: "networkId" }),
  [t.SEC_GROUP]: place("network", "security_groups", "/security-groups", { name: "name" }),
  [t.SEC_GROUP_RULE]: place("network", "security_group_rules", "/security-group-rules", {
    security_group_id: "securityGroupId",
  }),
  [t.FLOATING_IP]: place("network", "floatingips", "/floatingips", { description: "description" }),
  [t.LOAD_BALANCER]: place("loadBalancer", "loadbalancers", "/loadbalancers", { name: "name" }),
  [t.LISTENER]: place("loadBalancer", "listeners", "/listeners", { load_balancer_id: "loadbalancerId" }),
  [t.POOL]: place("loadBalancer", "pools", "/pools", { name: "name" }),
  [t.MONITOR]: place("loadBalancer", "healthmonitors", "/healthmonitors", { pool_id: "poolId" }),
  [t.MEMBER]: {
    service: "loadBalancer",
    name: "members",
    path: (inputs) => `/pools/${text(inputs, "poolId")}/members`,
  },
  [t.APPLICATION_CREDENTIAL]: {
    service: "identity",
    name: "application_credentials",
    path: async (inputs, session) =>
      `/users/${await session.userId()}/application_credentials?${new URLSearchParams({ name: text(inputs, "name") }).toString()}`,
  },
};

/** Types that are looked for. */
export const SEARCHED_TYPES: readonly string[] = Object.keys(PLACES);

/** @param narrowed the service's own filters, and the inputs they take */
function place(
  service: Service,
  name: string,
  path: string,
  narrowed: Readonly<Record<string, string>>,
): Place {
  const query = (inputs: PlainMap): string => {
    const given = Object.entries(narrowed).map(([filter, input]) => [filter, text(inputs, input)] as const);
    return new URLSearchParams(Object.fromEntries(given.filter(([, value]) => value !== ""))).toString();
  };
  return { service, name, path: (inputs) => `${path}?${query(inputs)}` };
}

export class RealLook {
  readonly #session: Session;
  readonly #store: RealOpenStack;

  /** Logs in at the first look, not here. @throws if the choice leads to no login */
  constructor(choice: CloudChoice = {}) {
    this.#session = new Session(loginOf(choice));
    this.#store = new RealOpenStack(this.#session);
  }

  /** Ids of the resources of a type that have these inputs; undefined if the type is not looked for. */
  async find(
    type: string,
    inputs: Readonly<Record<string, unknown>>,
  ): Promise<readonly string[] | undefined> {
    const place = PLACES[type];
    if (place === undefined) return undefined;
    const wanted = inputs as PlainMap;
    const path = await place.path(wanted, this.#session);
    const listed = await this.#session.list(place.service, place.name, path);
    const found: string[] = [];
    for (const each of listed) {
      if (isNamedOtherwise(each, wanted)) continue;
      const live = await this.#store.read(type, text(each, "id"));
      if (live !== undefined && covers(live.inputs, wanted)) found.push(live.id);
    }
    return found;
  }
}

/** A request for each of hundreds of servers is spared. */
function isNamedOtherwise(listed: PlainMap, wanted: PlainMap): boolean {
  const [is, should] = [text(listed, "name"), text(wanted, "name")];
  return should !== "" && is !== should;
}
