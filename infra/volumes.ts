/** Cinder volumes, their attachments, and object containers. */
import type { InfraPlan } from "../environment/plan/infra-plan";
import type { ContainerPlan, ServerPlan, VolumePlan } from "../environment/plan/types";
import type { Context } from "./context";
import { keys } from "./keys";
import { ref, resource } from "./resource";
import type { InfraResource } from "./types";

const COMPONENT = "storage";
const VOLUME = "openstack:blockstorage/volume:Volume";

export function describeStorage({ plan }: Context): readonly InfraResource[] {
  return [
    ...plan.volumes.map(volume),
    ...plan.servers.flatMap(attachments),
    ...plan.containers.map((each) => container(each, plan)),
  ];
}

function volume(each: VolumePlan): InfraResource {
  return resource(
    COMPONENT,
    VOLUME,
    keys.volume(each.key),
    {
      name: each.name,
      description: `Volume of ${each.server}`,
      size: each.sizeGiB,
      volumeType: each.volumeType,
      availabilityZone: each.availabilityZone,
      // Grows while attached (Cinder 3.42); without it the plugin detaches the volume from the running server.
      enableOnlineResize: true,
      metadata: each.metadata,
    },
    { protect: each.protect, deleteBeforeReplace: true },
  );
}

/**
 * One after the other in the plan's order, so that the disks of a new server have that order. No device name: Nova
 * ignores it on KVM and reports its own, which would show as a permanent difference.
 */
function attachments(server: ServerPlan): readonly InfraResource[] {
  return server.volumes.map((key, position) => {
    const previous = position === 0 ? undefined : server.volumes[position - 1];
    return resource(
      COMPONENT,
      "openstack:compute/volumeAttach:VolumeAttach",
      keys.attachment(key),
      {
        instanceId: ref("openstack:compute/instance:Instance", keys.server(server.key), "id"),
        volumeId: ref(VOLUME, keys.volume(key), "id"),
      },
      {
        deleteBeforeReplace: true,
        ...(previous === undefined ? {} : { dependsOn: [keys.attachment(previous)] }),
      },
    );
  });
}

/** Backups and state: data that cannot be created again. */
function container(each: ContainerPlan, { environment }: InfraPlan): InfraResource {
  return resource(
    COMPONENT,
    "openstack:objectstorage/container:Container",
    keys.container(each.key),
    {
      name: each.name,
      versioning: each.versioning,
      forceDestroy: false,
      metadata: { environment, purpose: each.purpose },
    },
    { protect: true, deleteBeforeReplace: true },
  );
}
