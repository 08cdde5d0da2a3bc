/** Octavia: a balancer and everything on it is changed one at a time, and only while the balancer is ACTIVE. */
import type { PlainMap } from "../../provider-protocol";
import { maps, text, texts } from "../../provider-protocol/plain";
import type { CreateOrder } from "../../provider-protocol/store";
import * as t from "./tokens";
import { differing, fromService, toService } from "./fields";
import type { Fields } from "./fields";
import type { Kind, Kinds } from "./kind";
import { changing, settled } from "./octavia-changes";
import { orGone } from "../service-error";
import type { Call, Session } from "../session";
import { until } from "../wait";

/** One of Octavia's collections. */
interface Collection {
  /** Name in bodies: `listener`. */
  readonly item: string;
  readonly fields: Fields;
  readonly fixed: readonly string[];
  /** Path of the collection; a member's lies below its pool. */
  path(inputs: PlainMap): string;
  /** Path of one, for which only the id is known; undefined if it is gone. */
  find(session: Session, id: string): Promise<string | undefined>;
  /** The balancer of something with these inputs; empty for a balancer itself. */
  balancer(session: Session, inputs: PlainMap): Promise<string>;
  /** Inputs that are not among the fields. */
  inputs(found: PlainMap, path: string): PlainMap;
  /** Outputs that are no inputs. */
  outputs?(found: PlainMap): PlainMap;
  finish?(session: Session, found: PlainMap, inputs: PlainMap): Promise<void>;
}

function kindOf(collection: Collection): Kind {
  const { item, fields } = collection;
  const get = (session: Session, path: string) => session.one("loadBalancer", item, { path });
  const kind: Required<Kind> = {
    async create(session, order) {
      const made = await make(session, collection, order);
      return { id: text(made, "id"), outputs: (await kind.read(session, text(made, "id")))?.outputs ?? {} };
    },
    async read(session, id) {
      const path = await collection.find(session, id);
      const found = path === undefined ? undefined : await orGone(get(session, path));
      if (found === undefined || path === undefined || text(found, "provisioning_status") === "DELETED")
        return undefined;
      const inputs = { ...fromService(fields, found), ...collection.inputs(found, path) };
      const outputs = { ...inputs, region: await session.region(), ...collection.outputs?.(found) };
      return { id, inputs, outputs };
    },
    async update(session, { id, inputs, signal }) {
      const path = await collection.find(session, id);
      if (path === undefined) throw new Error(`${item} ${id} is gone`);
      const body = Object.fromEntries(
        Object.entries(toService(fields, inputs)).filter(([name]) => !collection.fixed.includes(name)),
      );
      const found = await get(session, path);
      const changed = differing(body, found);
      const balancer = text(found, "vip_port_id") === "" ? await collection.balancer(session, inputs) : id;
      if (Object.keys(changed).length > 0)
        await changing(session, balancer, { method: "PUT", path, body: { [item]: changed }, signal });
      await collection.finish?.(session, found, inputs);
    },
    async remove(session, id, signal) {
      const path = await collection.find(session, id);
      const found = path === undefined ? undefined : await orGone(get(session, path));
      if (path === undefined || found === undefined) return;
      const inputs = { ...fromService(fields, found), ...collection.inputs(found, path) };
      const balancer = (await collection.balancer(session, inputs)) || id;
      await changing(session, balancer, { method: "DELETE", path, signal });
      await until(`${item} ${id} to go`, signal, async () => {
        const left = await orGone(get(session, path));
        return left === undefined || text(left, "provisioning_status") === "DELETED" ? true : undefined;
      });
    },
  };
  return kind;
}

async function make(
  session: Session,
  collection: Collection,
  { inputs, signal }: CreateOrder,
): Promise<PlainMap> {
  const { item } = collection;
  const balancer = await collection.balancer(session, inputs);
  const call: Call = {
    method: "POST",
    path: collection.path(inputs),
    body: { [item]: toService(collection.fields, inputs) },
    signal,
  };
  const reply = await changing(session, balancer, call);
  const [made] = maps({ list: [reply[item] ?? null] }, "list");
  if (made === undefined) throw new Error(`Octavia answers without "${item}"`);
  if (balancer === "") await settled(session, text(made, "id"), signal);
  await collection.finish?.(session, made, inputs);
  return made;
}

/** A collection that lies below no other: the id alone is the path of one. */
function topLevel(name: string): Pick<Collection, "path" | "find"> {
  return { path: () => `/${name}`, find: (_session, id) => Promise.resolve(`/${name}/${id}`) };
}

function firstId(found: PlainMap, list: string): string {
  return text(maps(found, list)[0], "id");
}

/** The balancer that a pool or listener belongs to; empty if the pool or listener is gone. */
async function balancerOf(session: Session, item: "pool" | "listener", id: string): Promise<string> {
  const found = await orGone(session.one("loadBalancer", item, { path: `/${item}s/${id}` }));
  return found === undefined ? "" : firstId(found, "loadbalancers");
}

const COMMON: Fields = { name: "name", description: "description", adminStateUp: "admin_state_up" };

const BALANCER: Collection = {
  item: "loadbalancer",
  fields: {
    ...COMMON,
    vipSubnetId: "vip_subnet_id",
    vipNetworkId: "vip_network_id",
    vipPortId: "vip_port_id",
    vipAddress: "vip_address",
    loadbalancerProvider: "provider",
    availabilityZone: "availability_zone",
    flavorId: "flavor_id",
    tags: "tags",
  },
  fixed: [
    "vip_subnet_id",
    "vip_network_id",
    "vip_port_id",
    "vip_address",
    "provider",
    "availability_zone",
    "flavor_id",
  ],
  ...topLevel("loadbalancers"),
  balancer: () => Promise.resolve(""),
  inputs: () => ({}),
  finish: setSecurityGroups,
};

/** The groups are set on the VIP's port. The official provider sets them likewise, once the balancer is made. */
async function setSecurityGroups(session: Session, found: PlainMap, inputs: PlainMap): Promise<void> {
  const groups = texts(inputs, "securityGroupIds");
  if (groups.length === 0) return;
  await session.call("network", {
    method: "PUT",
    path: `/ports/${text(found, "vip_port_id")}`,
    body: { port: { security_groups: groups } },
  });
}

const LISTENER: Collection = {
  item: "listener",
  fields: {
    ...COMMON,
    loadbalancerId: "loadbalancer_id",
    protocol: "protocol",
    protocolPort: "protocol_port",
    defaultPoolId: "default_pool_id",
    connectionLimit: "connection_limit",
    allowedCidrs: "allowed_cidrs",
    timeoutClientData: "timeout_client_data",
    timeoutMemberData: "timeout_member_data",
    timeoutMemberConnect: "timeout_member_connect",
    timeoutTcpInspect: "timeout_tcp_inspect",
    insertHeaders: "insert_headers",
    tags: "tags",
  },
  fixed: ["loadbalancer_id", "protocol", "protocol_port"],
  ...topLevel("listeners"),
  balancer: (_session, inputs) => Promise.resolve(text(inputs, "loadbalancerId")),
  inputs: (found) => ({ loadbalancerId: firstId(found, "loadbalancers"), ...unlisted(found) }),
};

/** Without a list every address is allowed. That is reported: an input that is not reported keeps its recorded value. */
function unlisted({ allowed_cidrs: list }: PlainMap): PlainMap {
  return list === undefined || list === null ? { allowedCidrs: [] } : {};
}

const POOL: Collection = {
  item: "pool",
  fields: {
    ...COMMON,
    listenerId: "listener_id",
    loadbalancerId: "loadbalancer_id",
    protocol: "protocol",
    lbMethod: "lb_algorithm",
    tags: "tags",
  },
  fixed: ["listener_id", "loadbalancer_id", "protocol"],
  ...topLevel("pools"),
  balancer: async (session, inputs) =>
    text(inputs, "loadbalancerId") || balancerOf(session, "listener", text(inputs, "listenerId")),
  inputs: (found) => ({
    listenerId: firstId(found, "listeners"),
    loadbalancerId: firstId(found, "loadbalancers"),
  }),
};

const MEMBER: Collection = {
  item: "member",
  fields: {
    name: "name",
    adminStateUp: "admin_state_up",
    address: "address",
    protocolPort: "protocol_port",
    subnetId: "subnet_id",
    weight: "weight",
    backup: "backup",
    monitorAddress: "monitor_address",
    monitorPort: "monitor_port",
    tags: "tags",
  },
  fixed: ["address", "protocol_port", "subnet_id"],
  path: (inputs) => `/pools/${text(inputs, "poolId")}/members`,
  find: memberPath,
  balancer: (session, inputs) => balancerOf(session, "pool", text(inputs, "poolId")),
  inputs: (_found, path) => ({ poolId: path.split("/")[2] ?? "" }),
};

/** A member is known by its id alone here; Octavia wants its pool, too. */
async function memberPath(session: Session, id: string): Promise<string | undefined> {
  const pools = await session.list("loadBalancer", "pools", "/pools?fields=id&fields=members");
  const pool = pools.find((each) => maps(each, "members").some((member) => text(member, "id") === id));
  return pool === undefined ? undefined : `/pools/${text(pool, "id")}/members/${id}`;
}

const MONITOR: Collection = {
  item: "healthmonitor",
  fields: {
    name: "name",
    adminStateUp: "admin_state_up",
    poolId: "pool_id",
    type: "type",
    delay: "delay",
    timeout: "timeout",
    maxRetries: "max_retries",
    maxRetriesDown: "max_retries_down",
    httpMethod: "http_method",
    urlPath: "url_path",
    expectedCodes: "expected_codes",
    tags: "tags",
  },
  fixed: ["pool_id", "type"],
  ...topLevel("healthmonitors"),
  balancer: (session, inputs) => balancerOf(session, "pool", text(inputs, "poolId")),
  inputs: (found) => ({ poolId: firstId(found, "pools") }),
};

export const OCTAVIA: Kinds = {
  [t.LOAD_BALANCER]: kindOf(BALANCER),
  [t.LISTENER]: kindOf(LISTENER),
  [t.POOL]: kindOf(POOL),
  [t.MEMBER]: kindOf(MEMBER),
  [t.MONITOR]: kindOf(MONITOR),
};
