/** The packages that every built-in cloud serves. To add one, open it here. */
import { kubernetesPackage } from "./kubernetes/package";
import type { PackageOpener } from "./open-package";
import { openLocalOpenStack, openRealOpenStack } from "./openstack/package";
import { openRandom } from "./random/package";
import { openTls } from "./tls/package";

export const PACKAGES: readonly PackageOpener[] = [
  (context) =>
    context.openstack.kind === "real" ? openRealOpenStack(context.openstack) : openLocalOpenStack(context),
  openRandom,
  openTls,
  ({ clusters }) => ({ handler: kubernetesPackage(clusters), close: () => undefined }),
];
