/** What of a plan OpenStack resources are made of: an environment's, or that of a few servers without one. */
import type { EnvironmentPlan } from "./types";

/** Every plan of an environment is one. */
export type InfraPlan = Pick<
  EnvironmentPlan,
  | "environment"
  | "network"
  | "keyPair"
  | "tags"
  | "servers"
  | "serverGroups"
  | "volumes"
  | "containers"
  | "applicationCredentials"
  | "securityGroups"
  | "vips"
  | "floatingIps"
  | "loadBalancers"
  | "rolling"
>;
