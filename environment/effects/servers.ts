/** Effects of `servers`, of an owner and of a tenant. */
import type { PoolConfig, ServersConfig, VolumeConfig } from "../config";
import type { Effect, Effects } from "../parts/effects";
import { each, guarded, inPlace, inTurns, ONLY_CHECKED, stopped, WHEN_ROLLED } from "./words";

const ROLL_OR_ALLOW = "count up the `generation` of the pool, or allow it";

const IMAGE = guarded("does nothing to servers that run", ROLL_OR_ALLOW);
const FLAVOR = guarded("restarts servers that run", ROLL_OR_ALLOW);
const ZONES = guarded("replaces servers", ROLL_OR_ALLOW);
const RENAME = guarded("is known to OpenStack alone, and not inside", ROLL_OR_ALLOW);
const SLOT = guarded(
  "changes the address under what runs at it",
  "allow it; the server is recreated with its volumes",
);

const CONTENT = stopped({
  would: "does not fit what is on the disk, which stays as it is and is not mounted",
  instead: "make a new volume beside it and move what is on it",
});
const PLACE = WHEN_ROLLED("where the volume is found");

const VOLUME: Effects<VolumeConfig> = {
  size: guarded("cannot be less; more grows in place, attached as it is", "make a smaller one beside it"),
  type: guarded("deletes with all data, and recreates", "make a new volume beside it and move what is on it"),
  use: { kind: CONTENT, type: { ...CONTENT, free: [""] } as Effect, mountPoint: PLACE, device: PLACE },
  protect: inPlace("the engine keeps the volume from deletion, or no longer does"),
};

type Server = Omit<ServersConfig["desktops"] & object, "users">;

const SERVER: Effects<Server> = {
  flavor: FLAVOR,
  image: IMAGE,
  availabilityZones: ZONES,
  bootVolume: { size: IMAGE, type: WHEN_ROLLED("the type of the boot volume") },
  volumes: {
    kind: "entries",
    name: "<volume>",
    entry: WHEN_ROLLED(
      "a volume is made and attached at once, and not mounted; one that is left out is detached, and deleted where it is not protected. What servers mount",
    ),
    each: VOLUME,
  },
  floatingIp: inPlace("the address is made, or deleted"),
  generation: inTurns("the pool's servers are recreated, one after the other; volumes and addresses stay"),
  metadata: inPlace("without interruption"),
  tags: inPlace("without interruption"),
  applications: inPlace("their ports are opened or closed inside the network"),
};

/** @param fewer effect of one server less */
function poolEffects(fewer: string): Effects<PoolConfig> {
  const count = inPlace(`one more is made, and nothing else is changed; ${fewer}`);
  return {
    ...SERVER,
    min: count,
    removed: count,
    overrides: {
      kind: "entries",
      name: "<slot>",
      entry: guarded("does what a new value of each of its keys does", ROLL_OR_ALLOW),
      each: { flavor: FLAVOR, image: IMAGE, availabilityZone: ZONES, name: RENAME },
    },
    antiAffinity: WHEN_ROLLED("where servers may run beside each other"),
  };
}

const DELETED = "one less is deleted; protected volumes stop the run first";
const STORAGE = "one less stops the run, see [below](#fewer-storage-servers)";
const FEWER_STORAGE = "move what is stored there first, see [below](#fewer-storage-servers)";
const LAST = "one less is deleted, and none of those that run left stops the run";

const CONTROL_PLANES = inTurns(
  "one more is made, and fewer are removed one after the other, see [below](#fewer-control-planes); the others have the new list of their peers when the `generation` of the pool is counted up, and need it only if they lose their data",
);

const MOUNTS = WHEN_ROLLED("file systems that nodes mount");

const LOAD_BALANCER = poolEffects(LAST);

export const SERVERS_EFFECTS: Effects<ServersConfig> = {
  bastion: poolEffects(LAST),
  gateway: poolEffects(LAST),
  loadBalancer: LOAD_BALANCER,
  controlPlane: {
    ...poolEffects(DELETED),
    min: CONTROL_PLANES,
    removed: CONTROL_PLANES,
    schedulable: WHEN_ROLLED("the taint of control planes"),
  },
  workers: {
    kind: "entries",
    name: "<pool>",
    entry: inPlace(
      "servers of a new pool are made; those of one that is left out are drained and deleted; protected volumes stop the run first",
    ),
    each: {
      ...poolEffects("one less is drained and deleted; protected volumes stop the run first"),
      max: ONLY_CHECKED,
      maxUnavailable: inPlace("the next roll goes by it"),
      labels: WHEN_ROLLED(
        "labels of nodes; those of the domains kubernetes.io and k8s.io are set at once by the control planes, which take none away. The others",
      ),
      taints: WHEN_ROLLED("taints of nodes"),
      mounts: {
        kind: "entries",
        name: "<mount>",
        entry: MOUNTS,
        each: each(
          [
            "kind",
            "server",
            "path",
            "version",
            "mountPoint",
            "readOnly",
            "monitors",
            "fileSystem",
            "client",
            "repository",
            "proxies",
            "package",
            "servers",
          ],
          MOUNTS,
        ),
      },
      gpu: { resource: ONLY_CHECKED, count: ONLY_CHECKED },
      range: { start: SLOT, size: ONLY_CHECKED },
      formerly: inPlace(
        "without it the pool is another one: its servers are made, and those of the former deleted; protected volumes stop the run first",
      ),
    },
  },
  gluster: {
    ...poolEffects(STORAGE),
    removed: guarded("takes bricks out of the volume with all that is on them", FEWER_STORAGE),
  },
  nfs: {
    ...poolEffects(STORAGE),
    removed: guarded("takes what is exported there away", FEWER_STORAGE),
  },
  applicationServers: {
    kind: "entries",
    name: "<server>",
    entry: inPlace(`a new one is made; ${DELETED}`),
    each: {
      ...SERVER,
      slot: SLOT,
      formerly: inPlace(
        "without it the server is another one: it is made, and the former is deleted; protected volumes stop the run first",
      ),
      publicApplications: inPlace("rules change at once"),
    },
  },
  desktops: {
    ...SERVER,
    users: {
      kind: "entries",
      name: "<user>",
      entry: inPlace(`a new one's server is made; ${DELETED}`),
      each: { slot: SLOT, flavor: FLAVOR, sshKey: WHEN_ROLLED("the user's key") },
    },
  },
};

export const TENANT_SERVERS_EFFECTS = { loadBalancer: LOAD_BALANCER };
