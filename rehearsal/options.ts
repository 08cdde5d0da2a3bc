/** Options and output of the process of the built-in cloud. */
import type { PlainMap } from "../provider-protocol";
import type { Faults } from "./faults";
import type { ExistingNetwork } from "./openstack/behaviours/existing";
import type { CloudChoice } from "../openstack-api/clouds";

/** What the `openstack` package works on. */
export type OpenStackChoice =
  /** Files under the cloud's folder. */
  | { readonly kind: "local" }
  /** A real OpenStack by its REST APIs: what the program makes is really made there. */
  | ({ readonly kind: "real" } & CloudChoice);

export interface CloudOptions {
  /** Folder of everything that "exists"; created if it does not exist. One process at a time. */
  readonly directory: string;
  /** Injected failures. @default none */
  readonly faults?: Faults;
  /** Networks that were there before, where the configuration names ids. @default none; names are made up when looked up */
  readonly existingNetworks?: readonly ExistingNetwork[];
  /** @default local */
  readonly openstack?: OpenStackChoice;
  /**
   * Path of a Unix socket whose other end runs the local store's servers, volumes and addresses: it is notified of each
   * change, and a change that it refuses fails. Lines of JSON, {@link StoreChange} and {@link Acknowledged}. @default nothing runs
   */
  readonly machines?: string;
}

/** A change that the local store made. */
export interface StoreChange {
  readonly operation: "create" | "update" | "delete";
  /** Type token. */
  readonly type: string;
  readonly id: string;
  /** Complete, secrets in plain text; of what is removed as they were last applied. */
  readonly inputs: PlainMap;
  /** Empty for what is removed. */
  readonly outputs: PlainMap;
}

/** The answer to one {@link StoreChange}: an empty object (`{}`) accepts it, a problem refuses it. */
export interface Acknowledged {
  readonly problem?: string;
}

export interface Ready {
  /** Loopback port by package name. */
  readonly ports: Readonly<Record<string, number>>;
}
