/** A destroy without a cluster: its objects are removed from the state instead of deleted through its API. */
import { APPLY_SET } from "../../provider/apply-set/token";
import { TENANT_PROTECTION } from "../../provider/tenant-protection/token";
import type { ResourceState, StackState } from "../shared/stack-state";

const KUBERNETES_PROVIDER = "pulumi:providers:kubernetes";

/**
 * The state with which a destroy queries no API server: the Kubernetes plugin drops unreachable objects from the state,
 * sets are left out, and nothing checks for tenants in a lost cluster. The plugin's own variable for it (PULUMI_K8S_DELETE_UNREACHABLE)
 * has no effect here, because the program sets it, so that the user's shell cannot.
 */
export function withoutCluster(state: StackState): StackState {
  const { deployment } = state;
  const resources = deployment.resources
    .filter(({ type }) => type !== TENANT_PROTECTION && type !== APPLY_SET)
    .map((each) => (each.type === KUBERNETES_PROVIDER ? forgetting(each) : each));
  return { ...state, deployment: { ...deployment, resources } };
}

function forgetting(provider: ResourceState): ResourceState {
  const option = { deleteUnreachable: "true" };
  return {
    ...provider,
    inputs: { ...provider.inputs, ...option },
    outputs: { ...provider.outputs, ...option },
  };
}
