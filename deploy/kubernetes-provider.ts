/** The Kubernetes provider, with the options that decide what a change does. */
import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** Which cluster, and what it is called. */
export interface KubernetesProviderSettings {
  /**
   * The contents of a kubeconfig. It must be known in a preview: one that depends on a resource still to come, or that
   * changes with a renewed certificate, makes every object of the cluster "update". Order with the gate instead.
   */
  readonly kubeconfig: pulumi.Input<string>;
  /**
   * What this program calls the cluster. Only a new provider takes it: to the plugin another one is another cluster, in
   * which it would recreate every object, and then delete the new ones.
   */
  readonly clusterIdentifier: string;
}

/**
 * The options of the provider. Each one that has an environment variable is said explicitly, also where it is the
 * default: a variable of the user's shell must not decide.
 */
export function kubernetesProviderOptions(settings: KubernetesProviderSettings): kubernetes.ProviderArgs {
  return {
    kubeconfig: settings.kubeconfig,
    clusterIdentifier: settings.clusterIdentifier,
    // Without these two, changed data is a replacement: pods lose the old object before they have the new one.
    enableConfigMapMutable: true,
    enableSecretMutable: true,
    // One owner for each field, and conflicts with other writers are errors instead of being overwritten.
    enableServerSideApply: true,
    enablePatchForce: false,
    // With it, a resource whose URN moved is created over the live object, which the old URN then deletes.
    upsertExistingObjects: false,
    // An unreachable cluster is an error: objects are neither forgotten nor silently left as they are.
    deleteUnreachable: false,
    skipUpdateUnreachable: false,
  };
}

/**
 * The provider to pass to `registerPlan`. It looks for the API once, when it is made: let it depend on whatever waits
 * for the API.
 */
export function kubernetesProvider(
  name: string,
  settings: KubernetesProviderSettings,
  options: pulumi.ResourceOptions = {},
): kubernetes.Provider {
  const ignoreChanges = [...(options.ignoreChanges ?? []), "clusterIdentifier"];
  return new kubernetes.Provider(name, kubernetesProviderOptions(settings), { ...options, ignoreChanges });
}
