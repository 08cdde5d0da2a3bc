/** The resources of our provider, for programs. */
import * as pulumi from "@pulumi/pulumi";

import type { Allowance, GuardedQuorum, GuardedResource } from "./change-guard/inputs";
import { CHANGE_GUARD, CHANGES_JUDGED, CLUSTER_READY, TENANT_PROTECTION } from "./tokens";
import type { NamespaceMaker } from "./tenant-protection/inputs";
import type { Way } from "./ways";

/**
 * The provider of our own resources. Always explicit: the default one of a package `labstead` would take every key of
 * the project's `labstead:` configuration, the environment and its secrets included, as its own.
 */
export class LabsteadProvider extends pulumi.ProviderResource {
  constructor(name: string, options: pulumi.ResourceOptions = {}) {
    super("labstead", name, {}, options);
  }
}

/** Which API is waited for, and how long. */
export interface ClusterReadyArgs {
  /** Contents of a kubeconfig with certificates or a token. Kept as a secret; a renewed one changes nothing. */
  readonly kubeconfig: pulumi.Input<string>;
  /** What messages call the cluster; another name is the same gate. */
  readonly cluster?: pulumi.Input<string>;
  /** Name that the API's certificate must have. @default the kubeconfig's tls-server-name, else the address's host */
  readonly serverName?: pulumi.Input<string>;
  /** What has to be there beside the API itself. @default nothing */
  readonly wants?: pulumi.Input<{
    /** Nodes that have to be Ready. @default 0 */
    readonly nodes?: pulumi.Input<number>;
  }>;
  /** Seconds to wait; `customTimeouts` of the resource win. @default 1200 */
  readonly timeoutSeconds?: pulumi.Input<number>;
  /** How this machine reaches the API; an error then says what to do. @default "direct" */
  readonly how?: pulumi.Input<Way>;
  /** A line added to the error, such as where the tunnel's configuration lies. @default none */
  readonly hint?: pulumi.Input<string>;
  /** Values whose change makes the gate wait again, such as ids of the control plane's servers. @default none */
  readonly triggers?: pulumi.Input<readonly pulumi.Input<string>[]>;
}

/**
 * The gate before a cluster: it is there as soon as the Kubernetes API answers `/readyz`, and the wanted nodes are
 * Ready. Let the first objects of a cluster depend on it; do not thread its outputs through the kubeconfig.
 * @example
 * const gate = new ClusterReady("lab", { kubeconfig, cluster: "lab", wants: { nodes: 3 }, how: "wireguard" },
 *   { dependsOn: controlPlane });
 */
export class ClusterReady extends pulumi.CustomResource {
  /** Always true; there to be depended on. */
  declare readonly ready: pulumi.Output<boolean>;
  /** Version of the API server, e.g. `v1.36.3`. */
  declare readonly serverVersion: pulumi.Output<string>;
  /** UID of the namespace kube-system: what tells this cluster from one made anew under the same name. */
  declare readonly clusterId: pulumi.Output<string>;

  constructor(name: string, args: ClusterReadyArgs, options: pulumi.CustomResourceOptions = {}) {
    super(
      CLUSTER_READY,
      name,
      {
        ...args,
        kubeconfig: pulumi.secret(args.kubeconfig),
        ready: undefined,
        serverVersion: undefined,
        clusterId: undefined,
      },
      options,
    );
  }
}

/** Whose namespaces are looked for before a cluster goes. */
export interface TenantProtectionArgs {
  /** Contents of a kubeconfig that may read namespaces. Kept as a secret; a renewed one is taken over without a change. */
  readonly kubeconfig: pulumi.Input<string>;
  /** What messages call the cluster. */
  readonly cluster: pulumi.Input<string>;
  /** The owner's own environment: what carries its label is no tenant's. */
  readonly environment: pulumi.Input<string>;
  /** Namespaces by tenant. */
  readonly tenants: pulumi.Input<
    Readonly<Record<string, pulumi.Input<{ readonly namespaces: readonly pulumi.Input<string>[] }>>>
  >;
  /** Who makes the tenants' namespaces; one made by the owner shows life by what is in it. @default "tenant" */
  readonly namespacesBy?: pulumi.Input<NamespaceMaker>;
  /** How this machine reaches the API; an error then says what to do. @default "direct" */
  readonly how?: pulumi.Input<Way>;
  /** A line added to the error about an API that does not answer. @default none */
  readonly hint?: pulumi.Input<string>;
}

/**
 * Deletion protection of a cluster that others live in. Making it does nothing; it refuses to be deleted, and to let go
 * of a tenant, as long as a namespace of that tenant is there. What depends on nothing else has to be kept by it: let it
 * depend on everything, so that a destroy asks it first and touches nothing when it refuses.
 * @example
 * new TenantProtection("tenants", { kubeconfig, cluster: "lab", environment: "prod", tenants: { test: { namespaces: ["testlab"] } } },
 *   { dependsOn: everything });
 */
export class TenantProtection extends pulumi.CustomResource {
  constructor(name: string, args: TenantProtectionArgs, options: pulumi.CustomResourceOptions = {}) {
    super(TENANT_PROTECTION, name, { ...args, kubeconfig: pulumi.secret(args.kubeconfig) }, options);
  }
}

export { EtcdMembers } from "./etcd/sdk";
export type { EtcdMemberArgs, EtcdMembersArgs } from "./etcd/sdk";
export { ClusterInit } from "./cluster-init/sdk";
export type { ClusterInitArgs } from "./cluster-init/sdk";
export { MachineFiles } from "./machine-files/sdk";
export type {
  ConnectionArgs,
  MachineFileArgs,
  MachineFilesArgs,
  SshEndpointArgs,
  ViaArgs,
} from "./machine-files/sdk";

export type { Allowance, GuardedFact, GuardedQuorum, GuardedResource } from "./change-guard/inputs";

/** What is watched, and which changes are allowed. */
export interface ChangeGuardArgs {
  /** What is watched, by the key of each resource. All of it is known in a preview, and nothing of it is secret. */
  readonly guarded: Readonly<Record<string, GuardedResource>>;
  /** Changes that a person has allowed. */
  readonly allow: readonly Allowance[];
  /** Servers that hold data together. @default none */
  readonly quorums?: readonly GuardedQuorum[];
}

/**
 * The guard before changes that disturb what runs. It keeps in state what servers, volumes and addresses were made
 * with, and stops a preview and an `up` whose configuration would restart, replace or interrupt one of them, unless it
 * is rolled by its generation or the change is allowed. Register it before everything else, and wait for it.
 * @example
 * new ChangeGuard("changes", { guarded: { "server/bastion/0": { facts: { flavor } } }, allow: [] }, { provider });
 */
export class ChangeGuard extends pulumi.CustomResource {
  constructor(name: string, args: ChangeGuardArgs, options: pulumi.CustomResourceOptions = {}) {
    super(CHANGE_GUARD, name, { ...args }, options);
  }
}

/**
 * Whether the guard was asked in this run. It is not in a run with `--target` that does not name it, and would let
 * everything pass. To be called when the guard is registered.
 */
export async function changesJudged(guard: ChangeGuard, provider: LabsteadProvider): Promise<boolean> {
  await new Promise((resolve) => guard.urn.apply(resolve));
  const found: unknown = await pulumi.runtime.invoke(CHANGES_JUDGED, {}, { provider });
  return typeof found === "object" && found !== null && "judged" in found && found.judged === true;
}
