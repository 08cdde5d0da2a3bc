/** Data sources. What is looked up by name is there: declared by the program, or made up as there before it. */
import type { PlainMap } from "../../../provider-protocol";
import { uuid, PROJECT_ID, REGION, USER_ID } from "../local/identity";
import { text } from "../../../provider-protocol/plain";
import type { CloudRecord } from "../local/record";
import type { World } from "../local/world";
import * as t from "../../../openstack-api/resources/tokens";
import { existingNetwork } from "./existing";
import { subnetsOf } from "./ports";

type Find = (world: World, args: PlainMap) => PlainMap;

const FINDERS: Readonly<Record<string, Find>> = {
  "openstack:networking/getNetwork:getNetwork": findNetwork,
  "openstack:networking/getSubnet:getSubnet": findSubnet,
  "openstack:networking/getRouter:getRouter": (world, args) =>
    described(findOne(world, t.ROUTER, args, "routerId"), "routerId"),
  "openstack:networking/getSecGroup:getSecGroup": findSecGroup,
  "openstack:networking/getPort:getPort": (world, args) =>
    described(findOne(world, t.PORT, args, "portId"), "portId"),
  "openstack:networking/getFloatingIp:getFloatingIp": findFloatingIp,
  "openstack:identity/getAuthScope:getAuthScope": authScope,
  "openstack:images/getImage:getImage": findImage,
  "openstack:compute/getFlavor:getFlavor": findFlavor,
  "openstack:compute/getKeypair:getKeypair": (world, args) =>
    described(findOne(world, t.KEYPAIR, args, "name"), "name"),
  "openstack:compute/getAvailabilityZones:getAvailabilityZones": zones,
  "openstack:blockstorage/getAvailabilityZonesV3:getAvailabilityZonesV3": zones,
};

/** @throws for a function that the built-in cloud does not serve, and for what is not there */
export function lookUp(world: World, token: string, args: PlainMap): PlainMap {
  const find = FINDERS[token];
  if (find === undefined) throw new Error(`the built-in cloud does not answer ${token}`);
  return find(world, args);
}

function described(record: CloudRecord, idName: string): PlainMap {
  return { ...record.outputs, id: record.id, [idName]: record.id };
}

function notFound(what: string): Error {
  return new Error(
    `Your query returned no results. Please change your search criteria and try again (${what}).`,
  );
}

/** By id or by name, among what the program declared. */
function findOne(world: World, type: string, args: PlainMap, idName: string): CloudRecord {
  const id = text(args, idName);
  const [found] = id === "" ? world.named(type, text(args, "name")) : [world.get(type, id)];
  if (found === undefined) throw notFound(`${type} ${id || text(args, "name")}`);
  return found;
}

function findNetwork(world: World, args: PlainMap): PlainMap {
  const [id, name] = [text(args, "networkId"), text(args, "name")];
  if (id === "" && name === "") throw notFound("a network is looked up by networkId or name");
  const network =
    id === "" ? existingNetwork(world, name, args["external"] === true) : world.require(t.NETWORK, id);
  const subnets = subnetsOf(world, network.id).map((subnet) => subnet.id);
  return { ...described(network, "networkId"), subnets };
}

function findSubnet(world: World, args: PlainMap): PlainMap {
  const id = text(args, "subnetId");
  if (id !== "") return described(world.require(t.SUBNET, id), "subnetId");
  const networkId = text(args, "networkId");
  const candidates = networkId === "" ? [...world.ofType(t.SUBNET)] : subnetsOf(world, networkId);
  const fits = (subnet: CloudRecord, name: string): boolean =>
    text(args, name) === "" || text(args, name) === text(subnet.outputs, name);
  const found = candidates.find((subnet) => fits(subnet, "name") && fits(subnet, "cidr"));
  // A subnet of a network that was there before may have any name; its first one is meant.
  const [first] = candidates.filter((subnet) => subnet.urn === "");
  const chosen = found ?? first;
  if (chosen === undefined) throw notFound(`subnet ${text(args, "name")} ${text(args, "cidr")}`);
  return described(chosen, "subnetId");
}

function findSecGroup(world: World, args: PlainMap): PlainMap {
  const name = text(args, "name");
  if (name === "default" && world.named(t.SEC_GROUP, name).length === 0) {
    const outputs = {
      name,
      description: "Default security group",
      region: REGION,
      tenantId: PROJECT_ID,
      allTags: [],
    };
    world.put({
      type: t.SEC_GROUP,
      id: uuid("existing group", name),
      urn: "",
      inputs: { name },
      outputs,
      addresses: [],
      owner: "",
    });
  }
  return described(findOne(world, t.SEC_GROUP, args, "secgroupId"), "secgroupId");
}

function findFloatingIp(world: World, args: PlainMap): PlainMap {
  const address = text(args, "address");
  for (const record of world.ofType(t.FLOATING_IP)) {
    if (text(record.outputs, "address") === address) return described(record, "id");
  }
  throw notFound(`floating IP ${address}`);
}

function findImage(world: World, args: PlainMap): PlainMap {
  const name = text(args, "name") || text(args, "nameRegex");
  const [own] = world.named(t.IMAGE, name);
  if (own !== undefined) return described(own, "id");
  return {
    name,
    id: uuid("image", name),
    region: REGION,
    visibility: "public",
    protected: false,
    minDiskGb: 0,
    minRamMb: 0,
    tags: [],
    metadata: {},
  };
}

/** A flavor of which only the name is known. */
const FLAVOR_GUESS = { vcpus: 2, ram: 4096, disk: 20 };

function findFlavor(world: World, args: PlainMap): PlainMap {
  const [name, id] = [text(args, "name"), text(args, "flavorId")];
  const own = id === "" ? world.named(t.FLAVOR, name)[0] : world.get(t.FLAVOR, id);
  if (own !== undefined) return described(own, "flavorId");
  const flavorId = id || uuid("flavor", name);
  return {
    ...FLAVOR_GUESS,
    name,
    id: flavorId,
    flavorId,
    region: REGION,
    isPublic: true,
    swap: 0,
    rxTxFactor: 1,
    extraSpecs: {},
  };
}

function zones(): PlainMap {
  return { id: REGION, names: ["nova"], region: REGION, state: "available" };
}

/** The login of this program: the one user, and where Keystone would be. */
function authScope(_: World, args: PlainMap): PlainMap {
  const url = "https://cloud.example.org:5000/v3";
  const endpoints = ["public", "internal", "admin"].map((each) => ({
    id: uuid("endpoint", each),
    interface: each,
    region: REGION,
    regionId: REGION,
    url,
  }));
  return {
    id: uuid("scope", text(args, "name")),
    name: text(args, "name"),
    region: REGION,
    projectId: PROJECT_ID,
    userId: USER_ID,
    roles: [],
    serviceCatalogs: [{ id: uuid("service", "identity"), name: "keystone", type: "identity", endpoints }],
  };
}
