/** What an owner's stack hands to its tenants' stacks, by version: the one agreement between the two programs. */
import { z } from "zod";

/** Counted up when an output changes its meaning; a tenant then says which stack to bring up first. */
export const CONTRACT_VERSION = 1;

export const CONTRACT_SHAPE = {
  networkId: z.string().min(1),
  subnetId: z.string().min(1),
  /** Limited kubeconfigs by tenant; empty where the owner's own is given by configuration. */
  tenantKubeconfigs: z.record(z.string(), z.string()),
} as const;
