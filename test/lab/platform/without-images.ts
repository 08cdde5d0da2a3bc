/** What the charts' pods lack here: images of others come from registries, and these machines reach none. */
import type * as pulumi from "@pulumi/pulumi";
import { KUBE_ROUTER_NAMESPACE } from "../../../platform/cluster/kube-router/namespace";
import { APPLY_SET } from "../../../provider/apply-set/token";

/**
 * Sets are done when their objects are applied; the program says that workloads have to be ready. So they have to be in
 * namespaces whose images the nodes have.
 * @param namespaces beside the network plugin's, which every lab has
 */
export function withoutImages(namespaces: readonly string[]): pulumi.ResourceTransformation {
  const complete = [KUBE_ROUTER_NAMESPACE, ...namespaces].map((name) => `/namespace/${name}`);
  return ({ type, name, props, opts }) =>
    type === APPLY_SET && !complete.some((end) => name.endsWith(end))
      ? { props: { ...props, readiness: "applied" }, opts }
      : undefined;
}
