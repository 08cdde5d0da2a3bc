import { z } from "zod";
import {
  cloudName,
  device,
  dnsLabel,
  itemKey,
  metadata,
  mountPoint,
  slot,
  tag,
  zoneName,
} from "./primitives";
import { deviceResource, nodeLabels, taints } from "./labels";
import { hostMount } from "./mounts";
import { size } from "./quantities";
import { sshPublicKey } from "./ssh-key";

/** Applications that open rules of their own (the list is SKA's); the table is in `plan/applications.ts`. */
export const APPLICATIONS = [
  "haproxy",
  "reverse-proxy",
  "openvpn",
  "prometheus",
  "alertmanager",
  "node-exporter",
  "elasticsearch",
  "grafana",
  "kibana",
  "nexus",
  "dns",
] as const;
export type Application = (typeof APPLICATIONS)[number];

export const reachedApplications = z
  .array(z.enum(APPLICATIONS))
  .default([])
  .describe(
    "Applications of servers that may be connected to, by the tunnel or through the bastion, beside the API and the published ports.",
  );

const volumeUse = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("filesystem"),
    type: z.enum(["ext4", "xfs"]).default("ext4"),
    mountPoint,
  }),
  z.strictObject({ kind: z.literal("raw"), device: device.default("/dev/sdb") }),
  z.strictObject({ kind: z.literal("swap") }),
]);

export const volume = z.strictObject({
  size,
  type: cloudName.optional().describe("Cinder volume type; the cloud's default if absent."),
  use: volumeUse,
  protect: z
    .boolean()
    .optional()
    .describe("Refuse to delete it. Default: yes for file systems and raw disks, no for swap."),
});

const generation = z
  .int("is not a whole number; count it up by one to roll the pool")
  .min(1, "is less than 1; the first generation is 1")
  .describe(
    "Increment it to replace the pool's servers with the current image and user data, one at a time.",
  );

/** What all servers have, whatever their role. */
export const server = z.strictObject({
  flavor: cloudName.describe("Flavor in Nova."),
  image: cloudName.optional().describe("Default: the environment's image."),
  availabilityZones: z
    .array(zoneName)
    .optional()
    .describe("Zones in turn by slot. Default: the environment's zones."),
  bootVolume: z
    .strictObject({ size, type: cloudName.optional() })
    .optional()
    .describe("Boot from a Cinder volume of this size instead of the flavor's disk."),
  volumes: z.record(itemKey, volume).default({}).describe("Cinder volumes of each server, by name."),
  floatingIp: z.boolean().default(false).describe("A floating IP of its own."),
  generation: generation.default(1),
  metadata: metadata.default({}).describe("Nova metadata beside the program's own."),
  tags: z.array(tag).default([]),
  applications: z
    .array(z.enum(APPLICATIONS))
    .default([])
    .describe(
      "Applications that you run here: each opens its ports inside the network, and is not installed.",
    ),
});

const override = z
  .strictObject({ flavor: cloudName, image: cloudName, availabilityZone: zoneName, name: dnsLabel })
  .partial();

const count = z
  .int("is not a whole number; write how many servers you want")
  .min(0, "is less than 0; write how many servers you want")
  .max(1000, "is more than 1000; split the pool");

const atLeastOne = (what: string) =>
  z
    .int(`is not a whole number; write how many ${what} you mean`)
    .min(1, "is less than 1; write 1 or more")
    .max(1000, "is more than 1000; write 1000 or less");

/** Servers of a role that differ only by slot: `0` to `min − 1`, less what was removed. */
const pool = {
  ...server.shape,
  min: count.describe("How many slots the pool has."),
  removed: z
    .array(slot)
    .default([])
    .describe("Slots left out, so that a server in the middle can go without moving the others."),
  overrides: z
    .record(
      z.string().regex(/^(0|[1-9]\d{0,2})$/, "is not a slot; write a number between 0 and 999"),
      override,
    )
    .default({})
    .describe("What differs for single slots, by slot."),
  antiAffinity: z
    .enum(["none", "soft", "hard"])
    .describe("Spread over hypervisors: hard refuses to share one, soft avoids it."),
};

const poolOf = (antiAffinity: "none" | "soft" | "hard", min: number) =>
  z.strictObject({
    ...pool,
    min: count.default(min),
    antiAffinity: pool.antiAffinity.default(antiAffinity),
  });

export const controlPlane = z.strictObject({
  ...pool,
  min: count.default(3),
  antiAffinity: pool.antiAffinity.default("soft"),
  schedulable: z.boolean().default(false).describe("Run ordinary pods here too: a one-node cluster."),
});

const formerly = itemKey
  .optional()
  .describe(
    "The key under which it was created, if the key has changed since. Cloud and cluster keep using this one; keep the line as long as the resource exists.",
  );

export const workerPool = z.strictObject({
  ...pool,
  max: count.optional().describe("Slots from `min` to `max − 1` belong to the autoscaler. Default: min."),
  maxUnavailable: atLeastOne("servers").default(1).describe("Servers replaced at the same time in a roll."),
  antiAffinity: pool.antiAffinity.default("soft"),
  labels: nodeLabels.default({}).describe("Labels of the Kubernetes nodes."),
  taints: taints.default([]),
  gpu: z
    .strictObject({
      resource: deviceResource.default("nvidia.com/gpu"),
      count: atLeastOne("devices").default(1),
    })
    .optional()
    .describe("Devices of the flavor; pods request them by this resource name."),
  mounts: z
    .record(itemKey, hostMount)
    .default({})
    .describe("File systems that exist elsewhere, mounted on each node of the pool, by name."),
  range: z
    .strictObject({ start: slot, size: atLeastOne("addresses") })
    .optional()
    .describe("Part of the workers' range, counted from its start; needed as soon as there are two pools."),
  formerly,
});

const named = {
  ...server.shape,
  slot: slot.describe("Determines the address; never reuse one that another server has."),
};

export const applicationServer = z.strictObject({
  ...named,
  formerly,
  publicApplications: z
    .array(z.enum(APPLICATIONS))
    .default([])
    .describe("Applications of this server that the public may reach."),
});

export const desktop = z.strictObject({
  slot: named.slot,
  flavor: cloudName.optional(),
  sshKey: sshPublicKey.optional().describe("Authorized on this server, in addition to the operators' keys."),
});

export const servers = z.strictObject({
  bastion: poolOf("none", 1).optional().describe("Jump host: the one server that answers SSH from outside."),
  gateway: poolOf("soft", 2)
    .optional()
    .describe("WireGuard, and HAProxy with keepalived in front of the API."),
  loadBalancer: poolOf("soft", 2).optional().describe("HAProxy with keepalived in front of the ingress."),
  controlPlane,
  workers: z.record(itemKey, workerPool).default({}),
  gluster: poolOf("hard", 3).optional(),
  nfs: poolOf("none", 1).optional(),
  applicationServers: z.record(itemKey, applicationServer).default({}),
  desktops: z
    .strictObject({ ...server.shape, users: z.record(itemKey, desktop) })
    .optional()
    .describe("One server for each user, keyed by user."),
});

/** A tenant's own servers: its load balancer in the owner's network. */
export const tenantServers = z.strictObject({ loadBalancer: poolOf("soft", 1).optional() });

export type ServersConfig = z.output<typeof servers>;
export type PoolConfig = NonNullable<ServersConfig["bastion"]>;
export type ControlPlaneConfig = ServersConfig["controlPlane"];
export type WorkerPoolConfig = ServersConfig["workers"][string];
export type VolumeConfig = z.output<typeof volume>;
export type ServerRole = keyof ServersConfig;
