/**
 * The whole of `labstead:environment`, in its three kinds: an owner of infrastructure and cluster, a tenant of another
 * environment's cluster, or applications on an existing cluster.
 */
import { z } from "zod";
import { acceptedFindings } from "./accepted-findings";
import { access, keyPair } from "./access";
import {
  applicationCredential,
  container,
  edge,
  existingCluster,
  ownCluster,
  sharedCluster,
  storage,
  tenant,
} from "./cluster";
import { changes } from "./changes";
import { deploy, deployParts } from "./deploy";
import { logs, NO_LOGS } from "./logs";
import { network } from "./network";
import { person } from "./people";
import { ingressController, tenantIngress } from "./ingress";
import { ports } from "./ports";
import { cloudName, dnsLabel, hostName, itemKey, metadata, tag, zoneName } from "./primitives";
import { namespaceLimits } from "./namespaces";
import { prices } from "./prices";
import { flavors, quota } from "./quota";
import { rules } from "./rules";
import { servers, tenantServers } from "./servers";
import { DEFAULT_SOFTWARE, software } from "./software";

/** What applications configure below `apps`: each has a key and a schema of its own. */
export type AppsConfig = Readonly<Record<string, unknown>>;

const common = <Apps extends z.ZodType>(apps: Apps) => ({
  domain: hostName.describe("Domain of the lab; names of services are subdomains of it."),
  image: cloudName.describe("Image of every server that names no other."),
  availabilityZones: z
    .array(zoneName)
    .min(1, "is empty; list the zones, or leave the key out to let Nova choose")
    .optional()
    .describe("Zones that servers are spread over, in turn by slot."),
  volumeZones: z
    .enum(["any", "server"])
    .default("any")
    .describe("server: create each volume in its server's zone, for clouds that do not attach across zones."),
  tags: z
    .array(tag)
    .default([])
    .describe(
      "Set on every resource that supports tags, in addition to `labstead` and the environment's name.",
    ),
  metadata: metadata.default({}).describe("Set on every server, in addition to its own."),
  flavors: flavors
    .default({})
    .describe("Sizes of the flavors, to compare with the quota and to plan capacity."),
  quota: quota.default({}).describe("Limits of the tenancy as you know them; -1 for none."),
  prices: prices
    .optional()
    .describe("What the cloud charges, for `labstead cost` and previews. Default: of a tenant the owner's."),
  namespaces: z
    .record(dnsLabel, namespaceLimits)
    .default({})
    .describe(
      "How much namespaces of applications and projects may use, by name, where the default does not fit.",
    ),
  apps: apps.prefault({} as z.input<Apps>).describe("What the lab offers to its users."),
  deploy,
  deployParts,
  changes: changes.prefault({}).describe("Disruptive changes that a person has allowed."),
  acceptedFindings: acceptedFindings
    .default([])
    .describe("Warnings and notes of the checks that may stay, each with the reason."),
});

const EDGE = { kind: "haproxy", on: "loadBalancer", floatingIp: true } as const;

/** @param apps schema of the key `apps` */
export const ownerEnvironment = <Apps extends z.ZodType>(apps: Apps) =>
  z.strictObject({
    cluster: ownCluster.describe("The Kubernetes cluster that this environment owns."),
    ...common(apps),
    network: network.describe("The network of all servers: managed by the program, or an existing one."),
    keyPair: keyPair.describe("The operators' key, authorized on every server."),
    access: access.describe("Access for people: a bastion, WireGuard, or both."),
    people: z
      .record(dnsLabel, person)
      .default({})
      .describe("Who has access, and how: SSH, WireGuard, Kubernetes. Removing the entry revokes it."),
    servers: servers.describe("Servers by role."),
    software: software
      .default(DEFAULT_SOFTWARE)
      .describe("Where servers get their software from; a tenant's servers do as its owner's."),
    logs: logs
      .default(NO_LOGS)
      .describe(
        "Where servers that are no cluster nodes send their logs; a tenant's servers do as its owner's.",
      ),
    edge: edge.default(EDGE).describe("The load balancer in front of the ingress and the published ports."),
    ingress: ingressController.prefault({}).describe("The one ingress controller of the cluster."),
    ports: ports.prefault({}).describe("Ports that are open beside the ingress."),
    rules: rules
      .prefault({})
      .describe("What the API server lets into the namespaces of this environment and its tenants."),
    storage: storage.prefault({}).describe("Storage classes: block volumes, and what pods share."),
    tenants: z
      .record(itemKey, tenant)
      .default({})
      .describe("Environments that may use this cluster, by the names of their stacks."),
    containers: z.record(itemKey, container).default({}).describe("Object containers, by key."),
    applicationCredentials: z
      .record(itemKey, applicationCredential)
      .default({})
      .describe("Credentials for what calls OpenStack from inside, by key."),
  });

/** @param apps schema of the key `apps` */
export const tenantEnvironment = <Apps extends z.ZodType>(apps: Apps) => {
  const shared = common(apps);
  return z.strictObject({
    cluster: sharedCluster.describe("The cluster of another environment."),
    ...shared,
    image: shared.image.optional().describe("Default: the owner's."),
    servers: tenantServers.prefault({}).describe("The tenant's own load balancer."),
    edge: edge.default(EDGE).describe("The load balancer in front of the ingress and the published ports."),
    ingress: tenantIngress
      .prefault({})
      .describe("The tenant's Service in front of the shared ingress controller."),
    ports: ports.prefault({}).describe("The tenant's share of the test window."),
  });
};

/** @param apps schema of the key `apps` */
export const existingEnvironment = <Apps extends z.ZodType>(apps: Apps) => {
  const shared = common(apps);
  return z.strictObject({
    cluster: existingCluster.describe("An existing cluster, reached by labstead:kubeconfig."),
    domain: shared.domain,
    namespaces: shared.namespaces,
    apps: shared.apps,
    deploy: shared.deploy,
    deployParts: shared.deployParts,
    changes: shared.changes,
    acceptedFindings: shared.acceptedFindings,
  });
};

type AnyApps = z.ZodType<AppsConfig>;

export type OwnerSettings = z.output<ReturnType<typeof ownerEnvironment<AnyApps>>>;
export type TenantSettings = z.output<ReturnType<typeof tenantEnvironment<AnyApps>>>;
export type ExistingSettings = z.output<ReturnType<typeof existingEnvironment<AnyApps>>>;
