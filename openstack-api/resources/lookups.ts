/** Data sources: what exists already, by id or name. Exactly one has to fit, as the official provider wants it. */
import type { PlainMap } from "../../provider-protocol";
import { maps, text, texts } from "../../provider-protocol/plain";
import type { Find } from "./kind";
import type { Session } from "../session";

/** @throws the official provider's message when not exactly one fits */
function only(found: readonly PlainMap[], what: string): PlainMap {
  const [first, second] = found;
  if (first === undefined)
    throw new Error(
      `Your query returned no results. Please change your search criteria and try again (${what}).`,
    );
  if (second !== undefined)
    throw new Error(
      `Your query returned more than one result. Please try a more specific search criteria (${what}: ` +
        `${found.map((each) => text(each, "id")).join(", ")}).`,
    );
  return first;
}

function query(values: Readonly<Record<string, string>>): string {
  const given = Object.entries(values).filter(([, value]) => value !== "");
  return new URLSearchParams(Object.fromEntries(given)).toString();
}

export async function flavorIdOf(session: Session, inputs: PlainMap): Promise<string> {
  const [id, name] = [text(inputs, "flavorId"), text(inputs, "flavorName")];
  if (name === "" || id !== "") return id;
  const flavors = await session.list("compute", "flavors", "/flavors/detail");
  return text(
    only(
      flavors.filter((each) => text(each, "name") === name),
      `flavor ${name}`,
    ),
    "id",
  );
}

export async function imageIdOf(session: Session, name: string): Promise<string> {
  return text(only(await images(session, name), `image ${name}`), "id");
}

async function images(session: Session, name: string): Promise<readonly PlainMap[]> {
  const search = query({ name, status: "active", sort_key: "created_at", sort_dir: "desc" });
  return session.list("image", "images", `/images?${search}`);
}

const findImage: Find = async (session, args) => {
  const name = text(args, "name");
  const found = await images(session, name);
  const image = args["mostRecent"] === true ? found.slice(0, 1) : found;
  const chosen = only(image, `image ${name}`);
  return {
    id: text(chosen, "id"),
    name: text(chosen, "name"),
    visibility: text(chosen, "visibility"),
    protected: chosen["protected"] ?? false,
    minDiskGb: chosen["min_disk"] ?? 0,
    minRamMb: chosen["min_ram"] ?? 0,
    sizeBytes: chosen["size"] ?? 0,
    tags: texts(chosen, "tags"),
    region: await session.region(),
  };
};

const findNetwork: Find = async (session, args) => {
  const name = text(args, "name");
  const external = args["external"] === undefined ? "" : String(args["external"] === true);
  const search = query({ id: text(args, "networkId"), name, "router:external": external });
  const networks = await session.list("network", "networks", `/networks?${search}`);
  const network = only(networks, `network ${name || text(args, "networkId")}`);
  return {
    id: text(network, "id"),
    networkId: text(network, "id"),
    name: text(network, "name"),
    external: network["router:external"] ?? false,
    shared: String(network["shared"] === true),
    adminStateUp: String(network["admin_state_up"] !== false),
    mtu: network["mtu"] ?? 0,
    subnets: texts(network, "subnets"),
    tenantId: text(network, "tenant_id"),
    allTags: texts(network, "tags"),
    region: await session.region(),
  };
};

const findSubnet: Find = async (session, args) => {
  const [name, networkId] = [text(args, "name"), text(args, "networkId")];
  const search = query({
    id: text(args, "subnetId"),
    name,
    network_id: networkId,
    cidr: text(args, "cidr"),
  });
  const found = await session.list("network", "subnets", `/subnets?${search}`);
  const subnet = only(found, `subnet ${name || text(args, "subnetId") || text(args, "cidr")}`);
  return {
    id: text(subnet, "id"),
    subnetId: text(subnet, "id"),
    name: text(subnet, "name"),
    networkId: text(subnet, "network_id"),
    cidr: text(subnet, "cidr"),
    gatewayIp: text(subnet, "gateway_ip"),
    ipVersion: subnet["ip_version"] ?? 4,
    enableDhcp: subnet["enable_dhcp"] ?? true,
    dnsNameservers: texts(subnet, "dns_nameservers"),
    allocationPools: maps(subnet, "allocation_pools"),
    tenantId: text(subnet, "tenant_id"),
    allTags: texts(subnet, "tags"),
    region: await session.region(),
  };
};

const findFlavor: Find = async (session, args) => {
  const [id, name] = [text(args, "flavorId"), text(args, "name")];
  const flavors = await session.list("compute", "flavors", "/flavors/detail");
  const fitting = flavors.filter((each) =>
    id === "" ? text(each, "name") === name : text(each, "id") === id,
  );
  const flavor = only(fitting, `flavor ${id || name}`);
  return {
    id: text(flavor, "id"),
    flavorId: text(flavor, "id"),
    name: text(flavor, "name"),
    vcpus: flavor["vcpus"] ?? 0,
    ram: flavor["ram"] ?? 0,
    disk: flavor["disk"] ?? 0,
    isPublic: flavor["os-flavor-access:is_public"] ?? true,
    region: await session.region(),
  };
};

/** Only what the program takes from it: Keystone's own endpoint. */
const findScope: Find = async (session, args) => {
  const region = await session.region();
  const endpoint = { interface: "public", region, url: await session.authUrl() };
  return {
    id: text(args, "name"),
    name: text(args, "name"),
    region,
    projectId: await session.projectId(),
    userId: await session.userId(),
    serviceCatalogs: [{ type: "identity", name: "keystone", endpoints: [endpoint] }],
  };
};

export const FINDERS: Readonly<Record<string, Find>> = {
  "openstack:identity/getAuthScope:getAuthScope": findScope,
  "openstack:images/getImage:getImage": findImage,
  "openstack:networking/getNetwork:getNetwork": findNetwork,
  "openstack:networking/getSubnet:getSubnet": findSubnet,
  "openstack:compute/getFlavor:getFlavor": findFlavor,
};
