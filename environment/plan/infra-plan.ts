/** The part of a plan from which OpenStack resources are created: an environment's, or that of single servers. */
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
  | "cloudValues"
  | "securityGroups"
  | "vips"
  | "floatingIps"
  | "loadBalancers"
  | "rolling"
>;
