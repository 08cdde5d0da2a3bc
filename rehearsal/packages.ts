/** The packages that the built-in cloud serves. To add one, open it here. */
import { openKubernetes, openLabstead } from "./kubernetes/open";
import type { OpenPackage, RehearsalContext } from "./open-package";
import { openLocalOpenStack, openRealOpenStack } from "./openstack/package";
import { openRandom } from "./random/package";
import { openTls } from "./tls/package";

export const PACKAGES: readonly ((context: RehearsalContext) => OpenPackage)[] = [
  (context) =>
    context.openstack.kind === "real" ? openRealOpenStack(context.openstack) : openLocalOpenStack(context),
  openRandom,
  openTls,
  openKubernetes,
  openLabstead,
];
