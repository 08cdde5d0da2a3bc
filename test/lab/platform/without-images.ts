/** What the charts' pods lack here: images of others come from registries, and these machines reach none. */
import type * as pulumi from "@pulumi/pulumi";
import { KUBE_ROUTER_NAMESPACE } from "../../../platform/cluster/kube-router/namespace";
import { APPLY_SET } from "../../../provider/apply-set/token";

/**
 * Sets are done when their objects are applied; the program says that workloads have to be ready. So they have to be in
 * the namespace whose image the nodes have.
 */
export const withoutImages: pulumi.ResourceTransformation = ({ type, name, props, opts }) =>
  type === APPLY_SET && !name.endsWith(`/namespace/${KUBE_ROUTER_NAMESPACE}`)
    ? { props: { ...props, readiness: "applied" }, opts }
    : undefined;
