/** The packages that the built-in cloud serves. To add one, open it here. */
import type { PackageHandler } from "../provider-protocol";
import type { ExistingNetwork } from "./openstack/behaviours/existing";
import { openKubernetes, openLabstead } from "./kubernetes/open";
import { openLocalOpenStack, openRealOpenStack } from "./openstack/package";
import type { OpenStackChoice } from "./options";
import { openRandom } from "./random/package";
import { openTls } from "./tls/package";

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

export const PACKAGES: readonly ((context: RehearsalContext) => OpenPackage)[] = [
  (context) =>
    context.openstack.kind === "real" ? openRealOpenStack(context.openstack) : openLocalOpenStack(context),
  openRandom,
  openTls,
  openKubernetes,
  openLabstead,
];
