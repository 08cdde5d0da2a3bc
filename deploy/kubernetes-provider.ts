/** The Kubernetes provider, with the options that decide how changes are made. */
import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** The cluster, and its name in the program. */
export interface KubernetesProviderSettings {
  /**
   * The contents of a kubeconfig. It must be known in a preview: a kubeconfig that depends on a resource not yet
   * created, or that changes when a certificate is renewed, makes every object of the cluster "update". Use the gate
   * for order.
   */
  readonly kubeconfig: pulumi.Input<string>;
  /**
   * The program's name for the cluster. Only a new provider may use another one: to the plugin another name is another
   * cluster, in which it would recreate every object, and then delete the new ones.
   */
  readonly clusterIdentifier: string;
}

/**
 * The options of the provider. Each one that has an environment variable is set explicitly, even to its default: a
 * variable of the user's shell must have no effect.
 */
export function kubernetesProviderOptions(settings: KubernetesProviderSettings): kubernetes.ProviderArgs {
  return {
    kubeconfig: settings.kubeconfig,
    clusterIdentifier: settings.clusterIdentifier,
    // Without these two, changed data is a replacement: pods lose the old object before the new one exists.
    enableConfigMapMutable: true,
    enableSecretMutable: true,
    // One owner for each field, and conflicts with other writers are errors instead of being overwritten.
    enableServerSideApply: true,
    enablePatchForce: false,
    // With it, a resource whose URN changed is created over the live object, which is then deleted under the old URN.
    upsertExistingObjects: false,
    // An unreachable cluster is an error: objects are neither removed from the state nor silently skipped.
    deleteUnreachable: false,
    skipUpdateUnreachable: false,
  };
}

/**
 * The provider to pass to `registerPlan`. It connects to the API once, when it is created: let it depend on whatever
 * waits for the API.
 */
export function kubernetesProvider(
  name: string,
  settings: KubernetesProviderSettings,
  options: pulumi.ResourceOptions = {},
): kubernetes.Provider {
  const ignoreChanges = [...(options.ignoreChanges ?? []), "clusterIdentifier"];
  return new kubernetes.Provider(name, kubernetesProviderOptions(settings), { ...options, ignoreChanges });
}
