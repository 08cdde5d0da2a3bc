/** The one escape hatch, for what the configuration does not cover: of resources, of files on servers, of objects. */
import type { ObjectOverrides } from "./deploy/override";
import type { Overrides } from "./infra/override";
import type { MachineOverrides } from "./platform/machines/override";

/** Changes of rendered output; each function gets the original and returns its replacement. */
export interface LabOverrides {
  /** Arguments of OpenStack resources, by resource type. @default none */
  readonly resources?: Overrides;
  /** Files on servers, by server key or pool, and path. @default none */
  readonly machines?: MachineOverrides;
  /** Kubernetes objects, by identity: `apps/Deployment datalab/api`. @default none */
  readonly objects?: ObjectOverrides;
}
