/** The whole of `labstead:environment`, in its two kinds: an owner of infrastructure and cluster, or a tenant. */
import { z } from "zod";
import { access, keyPair } from "./access";
import { apps } from "./apps";
import {
  applicationCredential,
  container,
  edge,
  ownCluster,
  sharedCluster,
  storage,
  tenant,
} from "./cluster";
import { network } from "./network";
import { ingressController, ports, tenantIngress } from "./ports";
import { cloudName, hostName, itemKey, tag } from "./primitives";
import { flavors, quota } from "./quota";
import { servers, tenantServers } from "./servers";

const common = {
  domain: hostName.describe("Domain of the lab; names of services are made under it."),
  image: cloudName.describe("Image of every server that names no other."),
  availabilityZones: z
    .array(cloudName)
    .min(1, "is empty; list the zones, or leave the key out to let Nova choose")
    .optional(),
  volumeZones: z
    .enum(["any", "server"])
    .default("any")
    .describe("server: make each volume in its server's zone, for clouds that do not attach across zones."),
  tags: z
    .array(tag)
    .default([])
    .describe("On every resource that carries tags, beside `labstead` and the environment's name."),
  metadata: z.record(z.string(), z.string()).default({}),
  flavors: flavors.default({}),
  quota: quota.default({}),
  apps: apps.default({}),
};

export const ownerEnvironment = z.strictObject({
  cluster: ownCluster,
  ...common,
  network,
  keyPair,
  access,
  servers,
  edge: edge.default({ kind: "haproxy", on: "loadBalancer", floatingIp: true }),
  ingress: ingressController.prefault({}),
  ports: ports.prefault({}),
  storage: storage.prefault({}),
  tenants: z.record(itemKey, tenant).default({}),
  containers: z.record(itemKey, container).default({}),
  applicationCredentials: z.record(itemKey, applicationCredential).default({}),
});

export const tenantEnvironment = z.strictObject({
  cluster: sharedCluster,
  ...common,
  image: common.image.optional().describe("Default: the owner's."),
  servers: tenantServers.prefault({}),
  edge: edge.default({ kind: "haproxy", on: "loadBalancer", floatingIp: true }),
  ingress: tenantIngress.prefault({}),
  ports: ports.prefault({}),
});

export type OwnerSettings = z.output<typeof ownerEnvironment>;
export type TenantSettings = z.output<typeof tenantEnvironment>;
