/** Neutron: networks, subnets, routers, ports, security groups, floating IPs. */
import type { PlainMap, PlainValue } from "../../provider-protocol";
import { maps, text, texts } from "../../provider-protocol/plain";
import type { Made } from "../../provider-protocol/store";
import * as t from "./tokens";
import { differing, fromService, toService } from "./fields";
import type { Fields } from "./fields";
import type { Kind, Kinds } from "./kind";
import { orGone } from "../service-error";
import type { Session } from "../session";
import { until, whenFree } from "../wait";

/** One of Neutron's collections. */
interface Collection {
  /** `networks`; the item in bodies is the same without the last letter. */
  readonly path: string;
  readonly fields: Fields;
  /** Inputs that are sent when it is made, and never again. */
  readonly fixed?: readonly string[];
  /** Values for the service where the program sets none (any longer). */
  readonly empty?: PlainMap;
  readonly tagged?: boolean;
  /** Parts of a body that are not among the fields. */
  readonly body?: (session: Session, inputs: PlainMap) => Promise<PlainMap> | PlainMap;
  /** Inputs that are not among the fields, read from the service's answer. */
  readonly inputs?: (session: Session, found: PlainMap) => Promise<PlainMap> | PlainMap;
  readonly outputs?: (found: PlainMap) => PlainMap;
  /** Work after it was made. */
  readonly finish?: (session: Session, id: string, inputs: PlainMap) => Promise<void>;
  /** Seconds to go on trying to delete it while something uses it. */
  readonly patience?: number;
}

const COMMON: Fields = { name: "name", description: "description", tenantId: "tenant_id" };
const RANGE: Fields = { start: "start", end: "end" };

/** The official provider tries for ten minutes; what is in use for longer than this stays in use. */
const IN_USE_SECONDS = 60;

export function collectionKind(collection: Collection): Kind {
  const item = collection.path.slice(0, -1);
  const path = pathOf(collection);
  const at = (id: string): string => `${path}/${id}`;
  const wanted = async (session: Session, inputs: PlainMap): Promise<PlainMap> => ({
    ...toService(collection.fields, inputs),
    ...(await collection.body?.(session, inputs)),
  });
  const get = (session: Session, id: string) => session.one("network", item, { path: at(id) });

  const kind: Required<Kind> = {
    async create(session, { inputs, signal }): Promise<Made> {
      const body = { [item]: await wanted(session, inputs) };
      const made = await session.one("network", item, { method: "POST", path, body, signal });
      const id = text(made, "id");
      try {
        await tag(session, collection, id, inputs);
        await collection.finish?.(session, id, inputs);
      } catch (error) {
        // Half of it would stay behind unknown to the engine.
        await session.call("network", { method: "DELETE", path: at(id) });
        throw error;
      }
      return { id, outputs: (await kind.read(session, id))?.outputs ?? {} };
    },
    async read(session, id) {
      const found = await orGone(get(session, id));
      if (found === undefined) return undefined;
      const tags = collection.tagged === true ? { tags: texts(found, "tags") } : {};
      const inputs = {
        ...fromService(collection.fields, found),
        ...tags,
        ...(await collection.inputs?.(session, found)),
      };
      const outputs = {
        ...inputs,
        allTags: texts(found, "tags"),
        region: await session.region(),
        ...collection.outputs?.(found),
      };
      return { id, inputs, outputs };
    },
    async update(session, { id, inputs, signal }) {
      const body = withoutFixed(collection, {
        ...collection.empty,
        ...(await wanted(session, inputs)),
      });
      const changed = differing(body, await get(session, id));
      if (Object.keys(changed).length > 0)
        await session.call("network", { method: "PUT", path: at(id), body: { [item]: changed }, signal });
      await tag(session, collection, id, inputs);
    },
    async remove(session, id, signal) {
      const remove = () => orGone(session.call("network", { method: "DELETE", path: at(id), signal }));
      const seconds = collection.patience ?? IN_USE_SECONDS;
      await whenFree(`${item} ${id} to be free`, signal, remove, [409], seconds);
      await until(`${item} ${id} to go`, signal, async () =>
        (await orGone(get(session, id))) === undefined ? true : undefined,
      );
    },
  };
  return kind;
}

function withoutFixed({ fixed = [], fields }: Collection, body: PlainMap): PlainMap {
  const names = fixed.map((name) => {
    const field = fields[name];
    return typeof field === "string" ? field : field?.as;
  });
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));
}

/** Bodies say `security_group`, paths `security-groups`. */
function pathOf({ path }: Collection): string {
  return `/${path.replaceAll("_", "-")}`;
}

async function tag(session: Session, collection: Collection, id: string, inputs: PlainMap): Promise<void> {
  if (collection.tagged !== true) return;
  const path = `${pathOf(collection)}/${id}`;
  const current = texts(await session.one("network", collection.path.slice(0, -1), { path }), "tags");
  const tags = [...new Set(texts(inputs, "tags"))];
  if (tags.length === current.length && tags.every((each) => current.includes(each))) return;
  await session.call("network", { method: "PUT", path: `${path}/tags`, body: { tags } });
}

const NETWORK: Collection = {
  path: "networks",
  tagged: true,
  fields: {
    ...COMMON,
    adminStateUp: "admin_state_up",
    external: "router:external",
    mtu: "mtu",
    portSecurityEnabled: "port_security_enabled",
    shared: "shared",
    dnsDomain: "dns_domain",
    qosPolicyId: "qos_policy_id",
    availabilityZoneHints: "availability_zone_hints",
  },
  fixed: ["tenantId", "availabilityZoneHints"],
};

const SUBNET: Collection = {
  path: "subnets",
  tagged: true,
  fields: {
    ...COMMON,
    networkId: "network_id",
    cidr: "cidr",
    ipVersion: "ip_version",
    gatewayIp: "gateway_ip",
    enableDhcp: "enable_dhcp",
    dnsNameservers: "dns_nameservers",
    allocationPools: { as: "allocation_pools", each: RANGE },
    hostRoutes: {
      as: "host_routes",
      each: { destinationCidr: "destination", nextHop: "nexthop" },
    },
    ipv6AddressMode: "ipv6_address_mode",
    ipv6RaMode: "ipv6_ra_mode",
    subnetpoolId: "subnetpool_id",
    prefixLength: "prefixlen",
    serviceTypes: "service_types",
  },
  fixed: [
    "tenantId",
    "networkId",
    "cidr",
    "ipVersion",
    "ipv6AddressMode",
    "ipv6RaMode",
    "subnetpoolId",
    "prefixLength",
  ],
  body: (_session, inputs) => ({
    ip_version: inputs["ipVersion"] ?? 4,
    ...(inputs["noGateway"] === true ? { gateway_ip: null } : {}),
  }),
  outputs: (found) => ({ allocationPoolsCollection: maps(found, "allocation_pools") }),
};

const ROUTER: Collection = {
  path: "routers",
  tagged: true,
  fields: {
    ...COMMON,
    adminStateUp: "admin_state_up",
    distributed: "distributed",
    availabilityZoneHints: "availability_zone_hints",
  },
  fixed: ["tenantId", "distributed", "availabilityZoneHints"],
  body: gatewayBody,
  inputs: (_session, found) => {
    const gateway = gatewayOf(found);
    return { externalNetworkId: text(gateway, "network_id") };
  },
  outputs: (found) => {
    const gateway = gatewayOf(found);
    return {
      externalGateway: text(gateway, "network_id"),
      enableSnat: gateway["enable_snat"] ?? false,
      externalFixedIps: maps(gateway, "external_fixed_ips").map((each) => ({
        ipAddress: text(each, "ip_address"),
        subnetId: text(each, "subnet_id"),
      })),
    };
  },
};

function gatewayBody(_session: Session, inputs: PlainMap): PlainMap {
  const network = text(inputs, "externalNetworkId");
  if (network === "") return {};
  const fixed = maps(inputs, "externalFixedIps").map((each) =>
    toService({ ipAddress: "ip_address", subnetId: "subnet_id" }, each),
  );
  return {
    external_gateway_info: {
      network_id: network,
      ...(fixed.length === 0 ? {} : { external_fixed_ips: fixed }),
      ...(inputs["enableSnat"] === undefined ? {} : { enable_snat: inputs["enableSnat"] }),
    },
  };
}

function gatewayOf(found: PlainMap): PlainMap {
  const [gateway] = maps({ list: [found["external_gateway_info"] ?? null] }, "list");
  return gateway ?? {};
}

const PORT: Collection = {
  path: "ports",
  tagged: true,
  fields: {
    ...COMMON,
    networkId: "network_id",
    adminStateUp: "admin_state_up",
    portSecurityEnabled: "port_security_enabled",
    macAddress: "mac_address",
    deviceId: "device_id",
    deviceOwner: "device_owner",
    securityGroupIds: "security_groups",
    qosPolicyId: "qos_policy_id",
    dnsName: "dns_name",
    fixedIps: { as: "fixed_ips", each: { subnetId: "subnet_id", ipAddress: "ip_address" } },
    allowedAddressPairs: {
      as: "allowed_address_pairs",
      each: { ipAddress: "ip_address", macAddress: "mac_address" },
    },
  },
  fixed: ["tenantId", "networkId", "macAddress"],
  empty: { allowed_address_pairs: [] },
  body: (_session, inputs) => ({
    ...(inputs["noSecurityGroups"] === true ? { security_groups: [] } : {}),
    ...(inputs["noFixedIp"] === true ? { fixed_ips: [] } : {}),
  }),
  outputs: (found) => ({
    allFixedIps: maps(found, "fixed_ips").map((each) => text(each, "ip_address")),
    allSecurityGroupIds: [...texts(found, "security_groups")].sort(),
    dnsAssignments: found["dns_assignment"] ?? [],
    binding: {
      hostId: text(found, "binding:host_id"),
      vifType: text(found, "binding:vif_type"),
      vnicType: text(found, "binding:vnic_type"),
    },
  }),
};

const SECURITY_GROUP: Collection = {
  path: "security_groups",
  tagged: true,
  fields: { ...COMMON, stateful: "stateful" },
  fixed: ["tenantId"],
  finish: removeDefaultRules,
};

async function removeDefaultRules(session: Session, id: string, inputs: PlainMap): Promise<void> {
  if (inputs["deleteDefaultRules"] !== true) return;
  const rules = await session.list(
    "network",
    "security_group_rules",
    `/security-group-rules?security_group_id=${id}`,
  );
  for (const rule of rules)
    await session.call("network", { method: "DELETE", path: `/security-group-rules/${text(rule, "id")}` });
}

const RULE: Collection = {
  path: "security_group_rules",
  fields: {
    description: "description",
    tenantId: "tenant_id",
    securityGroupId: "security_group_id",
    direction: "direction",
    ethertype: "ethertype",
    protocol: "protocol",
    portRangeMin: "port_range_min",
    portRangeMax: "port_range_max",
    remoteIpPrefix: "remote_ip_prefix",
    remoteGroupId: "remote_group_id",
  },
};

const FLOATING_IP: Collection = {
  path: "floatingips",
  tagged: true,
  fields: {
    description: "description",
    tenantId: "tenant_id",
    address: "floating_ip_address",
    portId: "port_id",
    fixedIp: "fixed_ip_address",
    subnetId: "subnet_id",
  },
  fixed: ["tenantId", "address", "subnetId"],
  body: async (session, inputs): Promise<Readonly<Record<string, PlainValue>>> => ({
    floating_network_id: await networkNamed(session, text(inputs, "pool")),
  }),
  inputs: async (session, found) => ({
    pool: text(
      await session.one("network", "network", { path: `/networks/${text(found, "floating_network_id")}` }),
      "name",
    ),
  }),
};

/** @throws with the pool that does not exist */
async function networkNamed(session: Session, name: string): Promise<string> {
  const path = `/networks?name=${encodeURIComponent(name)}&router:external=true`;
  const [network] = await session.list("network", "networks", path);
  if (network === undefined)
    throw new Error(`there is no external network "${name}" to take an address from`);
  return text(network, "id");
}

export const NEUTRON: Kinds = {
  [t.NETWORK]: collectionKind(NETWORK),
  [t.SUBNET]: collectionKind(SUBNET),
  [t.ROUTER]: collectionKind(ROUTER),
  [t.PORT]: collectionKind(PORT),
  [t.SEC_GROUP]: collectionKind(SECURITY_GROUP),
  [t.SEC_GROUP_RULE]: collectionKind(RULE),
  [t.FLOATING_IP]: collectionKind(FLOATING_IP),
};
