/** What the process of the built-in cloud is told and tells. */
import type { Faults } from "./faults";
import type { ExistingNetwork } from "./openstack/behaviours/existing";
import type { CloudChoice } from "./openstack/real/clouds";

/** What stands behind the `openstack` package. */
export type OpenStackChoice =
  /** Files under the cloud's folder. */
  | { readonly kind: "local" }
  /** A real OpenStack by its REST APIs: what the program makes is really made there. */
  | ({ readonly kind: "real" } & CloudChoice);

export interface CloudOptions {
  /** Where everything that "exists" is kept; made if it is not there. One process at a time. */
  readonly directory: string;
  /** Failures on purpose. @default none */
  readonly faults?: Faults;
  /** Networks that were there before, where the configuration names ids. @default none; names are made up when looked up */
  readonly existingNetworks?: readonly ExistingNetwork[];
  /** @default local */
  readonly openstack?: OpenStackChoice;
}

export interface Ready {
  /** Loopback port by package name. */
  readonly ports: Readonly<Record<string, number>>;
}
