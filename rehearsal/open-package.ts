/** The interface of the built-in cloud's packages. */
import type { PackageHandler } from "../provider-protocol";
import type { Clusters } from "./kubernetes/clusters";
import type { ExistingNetwork } from "./openstack/behaviours/existing";
import type { OpenStackChoice } from "./options";

/** What a package may need to know. */
export interface RehearsalContext {
  /** The cloud's folder; a package has its files there under its own name. */
  readonly directory: string;
  /** Networks that were there before, with the ids that a configuration names. */
  readonly existingNetworks: readonly ExistingNetwork[];
  readonly openstack: OpenStackChoice;
  /** For packages that send requests to a cluster. */
  readonly clusters: Clusters;
  /** Socket of the process that runs the machines of the local store. */
  readonly machines?: string;
}

/** Opens a package of the built-in cloud. */
export type PackageOpener = (context: RehearsalContext) => OpenPackage;

/** A package ready to be served. */
export interface OpenPackage {
  readonly handler: PackageHandler;
  /** Closes files. */
  close(): void;
}
