/** What every package of the built-in cloud is given, and what it gives. */
import type { PackageHandler } from "../provider-protocol";
import type { ExistingNetwork } from "./openstack/behaviours/existing";
import type { OpenStackChoice } from "./options";

/** What a package may need to know. */
export interface RehearsalContext {
  /** The cloud's folder; a package keeps its files there under its own name. */
  readonly directory: string;
  /** Networks that were there before, with the ids that a configuration names. */
  readonly existingNetworks: readonly ExistingNetwork[];
  readonly openstack: OpenStackChoice;
  /** Socket of whoever runs the machines of the local store. */
  readonly machines?: string;
}

/** A package ready to be served. */
export interface OpenPackage {
  readonly handler: PackageHandler;
  /** Lets go of files. */
  close(): void;
}
