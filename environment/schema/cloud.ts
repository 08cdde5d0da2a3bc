/** How components of the cluster use the OpenStack project that the cluster is in. */
import { z } from "zod";
import { authorities } from "./certificates";
import { cloudName, dnsLabel, itemKey, sourceCidrs, uuid } from "./primitives";
import { webAddress } from "./texts";

/** What a class chooses instead of the cluster's own networks; the Service names it in an annotation. */
const loadBalancerClass = z
  .strictObject({
    floatingNetworkId: uuid.describe("External network of the floating IP."),
    floatingSubnetId: uuid.describe("Its subnet."),
    networkId: uuid.describe("Network of the VIP."),
    subnetId: uuid.describe("Subnet of the VIP."),
    memberSubnetId: uuid.describe("Subnet of the load balancer's own port towards the nodes."),
  })
  .partial();

const octavia = {
  floatingIps: z
    .boolean()
    .default(true)
    .describe("false: a load balancer is reached from the servers' network only."),
  monitor: z
    .boolean()
    .default(true)
    .describe("Octavia checks each node; Services with externalTrafficPolicy Local need it."),
  sharedBy: z
    .int("is not a whole number; write how many Services may share a load balancer")
    .min(1, "is less than 1; write 1 for a load balancer for each Service")
    .max(64, "is more than 64; write 64 or less")
    .default(2)
    .describe("Most Services that share a load balancer, where they ask for one by its id."),
  classes: z
    .record(dnsLabel, loadBalancerClass)
    .default({})
    .describe("Other networks for load balancers, which Services name by loadbalancer.openstack.org/class."),
};

const loadBalancers = z.discriminatedUnion("kind", [
  z
    .strictObject({ kind: z.literal("none") })
    .describe("Services of type LoadBalancer stay pending; clouds without Octavia need it."),
  z
    .strictObject({ kind: z.literal("amphora"), ...octavia })
    .describe("By Octavia's own servers, which connect to the nodes from the servers' network."),
  z
    .strictObject({
      kind: z.literal("ovn"),
      from: sourceCidrs.describe("Networks of the clients: packets keep their addresses up to the nodes."),
      ...octavia,
    })
    .describe("In the cloud's network itself, without servers: fast to make, TCP and UDP only."),
]);

export const cloud = z.strictObject({
  authUrl: webAddress(
    "https?",
    "is not a URL; write Keystone's as auth_url in clouds.yaml, such as https://cloud.example.org:5000/v3",
  )
    .optional()
    .describe("Keystone as the nodes reach it. Default: the public one of the cloud's catalog."),
  region: cloudName.optional().describe("Default: the region of that entry of the catalog."),
  authority: authorities
    .optional()
    .describe(
      "The authority of the cloud's certificates, in PEM. Default: the public authorities of the images.",
    ),
  credentials: z
    .strictObject({
      controller: itemKey
        .default("cloud-provider")
        .describe("Of the cloud controller manager, a key of applicationCredentials."),
      volumes: itemKey
        .default("cinder-csi")
        .describe("Of the volume driver, a key of applicationCredentials."),
    })
    .prefault({})
    .describe("What is not declared in applicationCredentials is made with the roles that it needs."),
  loadBalancers: loadBalancers
    .default({ kind: "none" })
    .describe("What serves Services of type LoadBalancer."),
});

export type CloudConfig = z.output<typeof cloud>;
/** Load balancers of Octavia, of either provider. */
export type OctaviaConfig = Exclude<CloudConfig["loadBalancers"], { kind: "none" }>;
