/**
 * Watched inputs of each OpenStack resource, whose change would be disruptive, with the effect of the change: a case
 * for each type, so that none is missing. From the official plugin's schema of what replaces, and from what Nova,
 * Neutron, Cinder and Octavia change in place.
 */
import { createHash } from "node:crypto";
import type { InfraResource, Inputs, Deferred, ResourceType } from "../infra/types";
import { isLookup, isRef } from "../infra/resource";
import type { GuardedFact } from "../provider/sdk";

/** By name. */
export type Facts = Readonly<Record<string, GuardedFact>>;

/** Paths of a resource's settings in the configuration, by the name of the fact. */
export type SettingPath = (fact: string) => string;

/** An input of the description. */
type Value = string | number | boolean | Deferred | undefined;

type Watch<T extends ResourceType> = (inputs: Inputs<T>, at: SettingPath) => Facts;

const INSTANCE = "openstack:compute/instance:Instance";

/** No change is disruptive: it is updated in place without interruption, or recreated beside its users. */
const nothing = (): Facts => ({});

const WATCHED: { readonly [T in ResourceType]: Watch<T> } = {
  [INSTANCE]: server,
  "openstack:blockstorage/volume:Volume": ({ size, volumeType, availabilityZone }, at) => ({
    size: fact(size, at("size"), "grow", "cannot be done to"),
    type: fact(volumeType, at("type"), "replace", "deletes with all data, and makes anew,"),
    zone: fact(availabilityZone, at("zone"), "replace", "deletes with all data, and makes anew,"),
  }),
  "openstack:networking/floatingIp:FloatingIp": ({ pool }, at) => ({
    pool: fact(pool, at("pool"), "replace", "gives another public address to"),
  }),
  "openstack:networking/port:Port": ({ fixedIps, networkId }, at) => ({
    network: fact(networkId, at("network"), "replace", "deletes, and makes anew in the other network,"),
    address: fact(
      firstAddress(fixedIps),
      at("address"),
      "interrupt",
      "changes the address under what runs at",
    ),
  }),
  "openstack:networking/network:Network": ({ mtu }, at) => ({
    mtu: fact(
      mtu,
      at("mtu"),
      "interrupt",
      "reaches servers only when they boot, and stalls packets until then, on",
    ),
  }),
  "openstack:networking/subnet:Subnet": ({ cidr, gatewayIp }, at) => ({
    cidr: fact(cidr, at("cidr"), "replace", "deletes, with every port and server in it, and makes anew"),
    gateway: fact(gatewayIp, at("gateway"), "interrupt", "takes the way out from every server in"),
  }),
  "openstack:networking/router:Router": ({ externalNetworkId }, at) => ({
    external: fact(externalNetworkId, at("external"), "interrupt", "cuts the public addresses off from"),
  }),
  "openstack:loadbalancer/loadBalancer:LoadBalancer": (
    { vipAddress, vipSubnetId, loadbalancerProvider },
    at,
  ) => ({
    address: fact(vipAddress, at("address"), "replace", "deletes, and makes anew with another address,"),
    subnet: fact(vipSubnetId, at("subnet"), "replace", "deletes, and makes anew with another address,"),
    provider: fact(loadbalancerProvider, at("provider"), "replace", "deletes and makes anew"),
  }),
  "openstack:loadbalancer/listener:Listener": ({ protocol }, at) => ({
    protocol: fact(protocol, at("protocol"), "interrupt", "closes every connection through"),
  }),
  "openstack:objectstorage/container:Container": ({ name, storagePolicy }, at) => ({
    name: fact(name, at("name"), "replace", "leaves the content behind, and makes an empty one, of"),
    policy: fact(storagePolicy, at("policy"), "replace", "deletes with all content, and makes anew,"),
  }),
  "openstack:compute/keypair:Keypair": nothing,
  "openstack:compute/serverGroup:ServerGroup": nothing,
  "openstack:compute/volumeAttach:VolumeAttach": nothing,
  "openstack:identity/applicationCredential:ApplicationCredential": nothing,
  "openstack:loadbalancer/member:Member": nothing,
  "openstack:loadbalancer/monitor:Monitor": nothing,
  "openstack:loadbalancer/pool:Pool": nothing,
  "openstack:networking/floatingIpAssociate:FloatingIpAssociate": nothing,
  "openstack:networking/routerInterface:RouterInterface": nothing,
  "openstack:networking/secGroup:SecGroup": nothing,
  "openstack:networking/secGroupRule:SecGroupRule": nothing,
};

/** Watched inputs of a described resource. */
export function watchedFacts<T extends ResourceType>(
  { type, inputs }: InfraResource<T>,
  at: SettingPath,
): Facts {
  const watch: Watch<T> = WATCHED[type];
  return watch(inputs, at);
}

function server(inputs: Inputs<typeof INSTANCE>, at: SettingPath): Facts {
  const [disk] = inputs.blockDevices ?? [];
  const [hints] = inputs.schedulerHints ?? [];
  return {
    name: fact(inputs.name, at("name"), "later", "is known to OpenStack alone, and not inside, at"),
    flavor: fact(inputs.flavorName ?? inputs.flavorId, at("flavor"), "restart", "restarts"),
    image: fact(inputs.imageName ?? inputs.imageId ?? disk?.uuid, at("image"), "later", "does nothing to"),
    bootVolume: fact(disk?.volumeSize, at("bootVolume"), "later", "does nothing to"),
    zone: fact(inputs.availabilityZone, at("zone"), "replace", "deletes and makes anew"),
    keyPair: fact(inputs.keyPair, at("keyPair"), "told", "does nothing to"),
    serverGroup: fact(hints?.group, at("serverGroup"), "told", "does nothing to"),
    userData: { ...fact(digest(inputs.userData), "", "told", "does nothing to"), opaque: true },
  };
}

function firstAddress(fixedIps: Inputs<"openstack:networking/port:Port">["fixedIps"]): Value {
  return fixedIps?.[0]?.ipAddress;
}

function fact(value: Value, at: string, change: GuardedFact["change"], effect: string): GuardedFact {
  return { value: readable(value), at, change, effect };
}

/** Deferred values are compared by their references. */
function readable(value: Value): string {
  if (value === undefined) return "";
  if (isRef(value)) return value.ref;
  if (isLookup(value)) return Object.values(value.args).filter(isText).join(" ");
  return String(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** A digest for comparison, without content. Secrets are in it by name only. */
function digest(userData: Value): string {
  return typeof userData === "string" ? createHash("sha256").update(userData).digest("hex").slice(0, 16) : "";
}
