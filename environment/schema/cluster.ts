import { z } from "zod";
import { oidc, publicHost } from "./access";
import { cni } from "./cni";
import { cloud } from "./cloud";
import { nodes } from "./nodes";
import { deviceResource, labels } from "./labels";
import {
  cidr,
  dnsLabel,
  hostName,
  itemKey,
  nodePort,
  nodePortWindow,
  port,
  slot,
  cloudName,
} from "./primitives";
import { imageSource } from "./rules";
import { line } from "./texts";
import { size } from "./quantities";
import { aliases, volumeZones } from "./storage-classes";

/** Kubernetes minors the program renders for; 1.25 only for Heketi's in-tree class. */
export const KUBERNETES_VERSIONS = ["1.25", "1.35", "1.36", "1.37"] as const;

const apiFloatingIp = z
  .boolean()
  .optional()
  .describe(
    "A floating IP of the API's VIP. Default: where clients connect from outside, by access.operator allowlist, or by WireGuard on the gateways with haproxy.",
  );

const api = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("haproxy"), port: port.default(8888), floatingIp: apiFloatingIp }),
  z.strictObject({ kind: z.literal("octavia"), port: port.default(6443), floatingIp: apiFloatingIp }),
  z.strictObject({ kind: z.literal("direct"), floatingIp: z.boolean().default(false) }),
]);

export const ownCluster = z.strictObject({
  kind: z.literal("own"),
  name: dnsLabel.optional().describe("Default: the environment's name."),
  version: z.enum(KUBERNETES_VERSIONS).default("1.36"),
  release: z
    .string()
    .regex(/^1\.\d{1,2}\.\d{1,2}$/, "is not a release; write it in full, such as 1.36.3")
    .optional()
    .describe("Patch release of `version`. Default: the newest that was tested."),
  nodes: nodes.prefault({}).describe("Settings of all nodes."),
  podCidr: cidr.default("10.244.0.0/16").describe("Addresses of pods; each node takes a /24 of it."),
  serviceCidr: cidr.default("10.96.0.0/12").describe("Addresses of Services."),
  cni: cni.default({ kind: "calico", encapsulation: "vxlan" }).describe("The network plugin of the pods."),
  api: api
    .default({ kind: "haproxy", port: 8888 })
    .describe("The load balancer in front of the API servers; direct is for a single control plane."),
  serverName: hostName.optional().describe("Name in the API's certificates. Default: api.<domain>."),
  oidc: oidc.optional(),
  failedPods: z
    .strictObject({
      afterHours: z
        .int("is not a whole number; write after how many hours a failed pod is deleted")
        .min(1, "is less than 1; write after how many hours a failed pod is deleted")
        .max(720, "is more than 720; write 720 or less")
        .default(24),
    })
    .optional()
    .describe(
      "Deletes failed pods of all namespaces, with their logs, some hours after their end. Default: they stay.",
    ),
  cloud: cloud
    .prefault({})
    .describe("How the cluster uses OpenStack: nodes, volumes, load balancers of Services."),
});

/** A tenant uses the cluster of another environment, its owner. */
export const sharedCluster = z.strictObject({
  kind: z.literal("shared"),
  owner: dnsLabel.describe("Its stack's name."),
});

/** An existing cluster: Magnum, RKE2, a cloud's own. What it offers is declared; nothing is installed. */
export const existingCluster = z.strictObject({
  kind: z.literal("existing"),
  name: dnsLabel.optional().describe("Name in messages. Default: the environment's name."),
  version: z
    .string()
    .regex(/^1\.\d{1,2}$/, "is not a minor version; write it as 1.36")
    .describe("Of its API servers, such as 1.36."),
  nodeCidr: cidr.describe("Network of its nodes, as policies name the API servers behind their Service."),
  serviceCidr: cidr.describe("Addresses of its Services."),
  storage: z
    .strictObject({
      block: dnsLabel.describe("Its StorageClass for volumes that one node uses at a time."),
      shared: dnsLabel.optional().describe("Its StorageClass for volumes that many pods write at once."),
    })
    .describe("StorageClasses that it has."),
  ingress: z
    .strictObject({
      className: dnsLabel.describe("Its IngressClass."),
      namespace: dnsLabel.describe("Where its ingress controller runs."),
      podLabels: labels
        .default({ "app.kubernetes.io/name": "ingress-nginx" })
        .describe("What selects the controller's pods, for NetworkPolicies that let them in."),
    })
    .describe("Its ingress controller; its certificates are its own."),
  enforcesPolicies: z.boolean().describe("Whether its network plugin enforces NetworkPolicies."),
  devices: z.array(deviceResource).default([]).describe("Devices of its nodes, such as nvidia.com/gpu."),
  nodeLabels: z
    .array(labels)
    .default([])
    .describe(
      "Labels that applications may select nodes by, an entry for each group of nodes that are alike.",
    ),
});

export const tenant = z.strictObject({
  slot: slot.describe("Which four addresses of the tenants' range are this tenant's."),
  ingress: z
    .strictObject({ http: nodePort, https: nodePort })
    .describe("NodePorts of the tenant's own Service in front of the shared ingress controller."),
  window: nodePortWindow.optional().describe("Its share of the test window."),
  edge: z
    .enum(["haproxy", "octavia"])
    .default("haproxy")
    .describe(
      "What the tenant's NodePorts are opened to: the load-balancer servers in its own addresses, or the whole network, where Octavia's have theirs.",
    ),
  namespaces: z.array(dnsLabel).min(1, "is empty; list the namespaces this tenant may use"),
  hosts: z.array(publicHost).default([]),
  images: z
    .array(imageSource)
    .default([])
    .describe("Sources of its images beside the repositories of the lab's own, such as quay.io/jupyter."),
});

export const edge = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("haproxy"),
    on: z.enum(["loadBalancer", "gateway"]).default("loadBalancer"),
    floatingIp: z.boolean().default(true),
  }),
  z.strictObject({ kind: z.literal("octavia"), floatingIp: z.boolean().default(true) }),
  z.strictObject({ kind: z.literal("none") }),
]);

const sharedClass = dnsLabel.describe(
  "StorageClass of volumes that many pods write at once (ReadWriteMany).",
);
const reclaimPolicy = z
  .enum(["Delete", "Retain"])
  .default("Delete")
  .describe("What becomes of the files when a claim is deleted; Retain leaves them to an administrator.");

const blockStorage = z.strictObject({
  className: dnsLabel.default("csi-sc-cinderplugin"),
  volumeType: cloudName.optional(),
  reclaimPolicy: reclaimPolicy.describe(
    "What becomes of a volume when its claim is deleted; Retain leaves it to an administrator.",
  ),
  zones: volumeZones.default({ kind: "server" }),
});

const sharedStorage = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("gluster"),
    mode: z
      .enum(["heketi-intree", "nfs"])
      .default("nfs")
      .describe("nfs: one volume, exported by every server; heketi-intree: a volume for each claim."),
    quotas: z
      .record(dnsLabel, size)
      .default({})
      .describe("What each namespace may store in mode nfs, by namespace. Default: no limit."),
    className: sharedClass.default("glusterfs-storage"),
    reclaimPolicy,
  }),
  z.strictObject({
    kind: z.literal("nfs-provisioner"),
    size: size.default("6Gi").describe("Of the one block volume that all claims share. It can only grow."),
    className: sharedClass.default("nfs"),
    reclaimPolicy,
  }),
  z.strictObject({ kind: z.literal("none") }),
]);

export const storage = z.strictObject({
  block: blockStorage.prefault({}),
  shared: sharedStorage.default({ kind: "none" }),
  aliases,
  defaultClass: dnsLabel
    .optional()
    .describe("Class of claims that name none. Default: the class of storage.block."),
});

export const container = z.strictObject({
  name: itemKey.optional().describe("Default: <environment>-<key>."),
  purpose: z.enum(["state", "velero", "data"]),
  versioning: z.boolean().default(true),
});

export const applicationCredential = z.strictObject({
  roles: z
    .array(line("the name of a role"))
    .min(1, "is empty; list the roles it carries")
    .optional()
    .describe("Default: member; of those that cluster.cloud.credentials names, what their users need."),
  unrestricted: z.boolean().default(false).describe("May make and delete other credentials. Keep it off."),
  expiresAt: z.iso.datetime({ error: "is not a time; write it as 2027-06-30T00:00:00Z" }).optional(),
  generation: z
    .int("is not a whole number; count it up by one for another credential")
    .min(1, "is less than 1; the first generation is 1")
    .default(1),
});

/** A minor of Kubernetes, such as `1.36`. */
export type KubernetesMinor = (typeof KUBERNETES_VERSIONS)[number];
export type ClusterConfig = z.output<typeof ownCluster>;
export type StorageConfig = z.output<typeof storage>;
export type EdgeConfig = z.output<typeof edge>;
export type TenantConfig = z.output<typeof tenant>;
