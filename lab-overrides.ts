/** The one escape hatch, for what the configuration does not know: of resources, of files on servers, of objects. */
import type { ObjectOverrides } from "./deploy/override";
import type { Overrides } from "./infra/override";
import type { MachineOverrides } from "./platform/machines/override";

/** What an engineer changes of what Labstead renders; each function gets it as it is and returns it as it is to be. */
export interface LabOverrides {
  /** Arguments of OpenStack resources, by resource type. @default none */
  readonly resources?: Overrides;
  /** Files on servers, by server key or pool, and path. @default none */
  readonly machines?: MachineOverrides;
  /** Kubernetes objects, by identity: `apps/Deployment datalab/api`. @default none */
  readonly objects?: ObjectOverrides;
}
