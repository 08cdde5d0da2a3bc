/** What the process of the built-in cloud is told and tells. */
import type { Faults } from "./faults";
import type { ExistingNetwork } from "./openstack/behaviours/existing";

export interface CloudOptions {
  /** Where everything that "exists" is kept; made if it is not there. One process at a time. */
  readonly directory: string;
  /** Failures on purpose. @default none */
  readonly faults?: Faults;
  /** Networks that were there before, where the configuration names ids. @default none; names are made up when looked up */
  readonly existingNetworks?: readonly ExistingNetwork[];
}

export interface Ready {
  /** Loopback port by package name. */
  readonly ports: Readonly<Record<string, number>>;
}
