/** The versioned contract between an owner's stack and its tenants' stacks. */
import { z } from "zod";

/** Incremented when an output changes its meaning; a tenant then reports which stack to bring up first. */
export const CONTRACT_VERSION = 2;

const endpoint = {
  host: z.string().min(1),
  user: z.string().min(1),
  privateKey: z.string().min(1),
  hostKey: z.string().min(1),
};

/** Connection to servers in the owner's network. */
const connection = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("direct") }),
  z.object({ kind: z.literal("bastion"), ...endpoint }),
]);

export type TenantConnection = z.output<typeof connection>;

export const CONTRACT_SHAPE = {
  networkId: z.string().min(1),
  subnetId: z.string().min(1),
  /** Limited kubeconfigs by tenant; empty where the owner's own is given by configuration. */
  tenantKubeconfigs: z.record(z.string(), z.string()),
  /** How each tenant connects to its own servers. */
  tenantWays: z.record(z.string(), connection),
} as const;
