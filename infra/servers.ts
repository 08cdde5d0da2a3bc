/** Servers with their ports and server groups. */
import type { ServerGroupPlan, ServerPlan } from "../environment/plan/types";
import type { Context } from "./context";
import { keys } from "./keys";
import { isUuid, lookup, ref, resource } from "./resource";
import { securityGroupId } from "./security-groups";
import type { InfraResource, Inputs } from "./types";

const COMPONENT = "servers";
const INSTANCE = "openstack:compute/instance:Instance";
const PORT = "openstack:networking/port:Port";

/** The boot files of a server; undefined for a server without user data. */
export type UserData = (server: ServerPlan) => string | undefined;

/**
 * Inputs that a server keeps from its creation: user data, image, key pair, boot disk and server group cannot be
 * changed on a running server without a rebuild. Incrementing a pool's `generation` rolls its servers: each new server
 * uses the current values.
 */
const MADE_FROM = ["userData", "imageId", "imageName", "keyPair", "blockDevices", "schedulerHints"] as const;

/**
 * `generation` is in the metadata, which Nova would update in place; so its change is declared to replace. No other
 * part of the metadata replaces.
 */
const GENERATION = "metadata.generation";

export function describeServers(context: Context, userData: UserData): readonly InfraResource[] {
  return [
    ...context.plan.serverGroups.map(serverGroup),
    ...context.plan.servers.flatMap((each) => [
      serverPort(each, context),
      server(each, context, userData(each)),
    ]),
  ];
}

/**
 * Replaced by creating the new group first, set explicitly because the plugin deletes resources with a fixed name
 * first: the engine would then replace every member too. Nova allows two groups with one name. Members move to the new
 * group when their pool's generation is incremented.
 */
function serverGroup(group: ServerGroupPlan): InfraResource {
  return resource(
    COMPONENT,
    "openstack:compute/serverGroup:ServerGroup",
    keys.serverGroup(group.key),
    { name: group.name, policies: [group.policy] },
    { deleteBeforeReplace: false },
  );
}

function serverPort(each: ServerPlan, context: Context): InfraResource {
  const pairs = each.allowedAddressPairs.map((text) => ({ ipAddress: context.boundAddress(text) }));
  return resource(
    COMPONENT,
    PORT,
    keys.serverPort(each.key),
    {
      name: each.name,
      description: `Address of ${each.name}`,
      networkId: context.networkId,
      adminStateUp: true,
      ...portSecurity(context),
      fixedIps: fixedIps(each.address, context),
      securityGroupIds: each.securityGroups.map(securityGroupId),
      allowedAddressPairs: pairs.length === 0 ? undefined : pairs,
      tags: tagsOf(each, context),
    },
    { deleteBeforeReplace: true },
  );
}

/** On another project's network only its owner may set an address, or set port security explicitly. */
export function portSecurity({ plan }: Context): Pick<Inputs<typeof PORT>, "portSecurityEnabled"> {
  return plan.network.fixedAddresses ? { portSecurityEnabled: true } : {};
}

/** A planned address is requested; Neutron chooses an assigned one from the subnet. */
export function fixedIps(
  address: ServerPlan["address"],
  { subnetId }: Pick<Context, "subnetId">,
): NonNullable<Inputs<typeof PORT>["fixedIps"]> {
  return address.kind === "planned" ? [{ subnetId, ipAddress: address.ip }] : [{ subnetId }];
}

/**
 * The port has the address and security groups, so the server sets neither. The key pair is given by name, without a
 * reference: replacing a key pair must not replace the servers that were created with it.
 */
function server(each: ServerPlan, context: Context, userData: string | undefined): InfraResource {
  const managedKeyPair = context.plan.keyPair.kind === "managed" ? [keys.keyPair] : [];
  return resource(
    COMPONENT,
    INSTANCE,
    keys.server(each.key),
    {
      name: each.name,
      ...flavor(each),
      ...disk(each),
      keyPair: each.keyPair,
      availabilityZone: each.availabilityZone,
      networks: [{ port: ref(PORT, keys.serverPort(each.key), "id") }],
      schedulerHints: schedulerHints(each),
      configDrive: true,
      userData,
      metadata: { ...each.metadata, generation: String(each.generation) },
      // Lets it hand over its services and write its data: deleting a server cuts its power almost immediately.
      stopBeforeDestroy: true,
      tags: tagsOf(each, context),
    },
    {
      deleteBeforeReplace: true,
      ignoreChanges: MADE_FROM,
      replaceOnChanges: [GENERATION],
      dependsOn: [...managedKeyPair, ...context.routed],
    },
  );
}

/** By name, or by the UUID that some clouds list instead. */
function flavor({ flavor: named }: ServerPlan): Pick<Inputs<typeof INSTANCE>, "flavorId" | "flavorName"> {
  return isUuid(named) ? { flavorId: named } : { flavorName: named };
}

type DiskInputs = Pick<Inputs<typeof INSTANCE>, "imageId" | "imageName" | "blockDevices">;

/** The flavor's own disk, or a Cinder volume that is deleted with the server. */
function disk({ image, bootVolume }: ServerPlan): DiskInputs {
  if (bootVolume === undefined) return isUuid(image) ? { imageId: image } : { imageName: image };
  const uuid = isUuid(image)
    ? image
    : lookup("openstack:images/getImage:getImage", { name: image, mostRecent: true }, "id");
  const device = {
    bootIndex: 0,
    sourceType: "image",
    uuid,
    destinationType: "volume",
    volumeSize: bootVolume.sizeGiB,
    deleteOnTermination: true,
  };
  const { volumeType } = bootVolume;
  return { blockDevices: [volumeType === undefined ? device : { ...device, volumeType }] };
}

function schedulerHints({ serverGroup: group }: ServerPlan): Inputs<typeof INSTANCE>["schedulerHints"] {
  if (group === undefined) return undefined;
  return [{ group: ref("openstack:compute/serverGroup:ServerGroup", keys.serverGroup(group), "id") }];
}

/** Tags are a set in OpenStack: without duplicates. */
function tagsOf({ tags }: ServerPlan, context: Context): readonly string[] {
  return [...new Set([...context.tags, ...tags])];
}
