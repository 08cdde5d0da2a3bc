/** TenantProtection, for programs. */
import * as pulumi from "@pulumi/pulumi";

import type { ApiRoute } from "../kubernetes-api/api-route";
import type { NamespaceMaker } from "./inputs";
import { TENANT_PROTECTION } from "./token";

/** Tenants whose namespaces are checked before a cluster is deleted. */
export interface TenantProtectionArgs {
  /** Contents of a kubeconfig that may read namespaces. Stored as a secret; renewing it is not a change. */
  readonly kubeconfig: pulumi.Input<string>;
  /** Name of the cluster in messages. */
  readonly cluster: pulumi.Input<string>;
  /** The owner's environment: objects with its label do not belong to a tenant. */
  readonly environment: pulumi.Input<string>;
  /** Namespaces by tenant. */
  readonly tenants: pulumi.Input<
    Readonly<Record<string, pulumi.Input<{ readonly namespaces: readonly pulumi.Input<string>[] }>>>
  >;
  /** Who creates the tenants' namespaces; one created by the owner is in use if it has objects. @default "tenant" */
  readonly namespacesBy?: pulumi.Input<NamespaceMaker>;
  /** How this machine connects to the API; errors advise accordingly. @default "direct" */
  readonly how?: pulumi.Input<ApiRoute>;
  /** A line added to the error about an API that does not answer. @default none */
  readonly hint?: pulumi.Input<string>;
}

/**
 * Deletion protection of a cluster with tenants. Its creation does nothing; it refuses to be deleted, and to drop a tenant,
 * as long as a namespace of that tenant exists. Let it depend on everything, so that a destroy deletes it first and changes
 * nothing when it refuses.
 * @example
 * new TenantProtection("tenants", { kubeconfig, cluster: "lab", environment: "prod", tenants: { test: { namespaces: ["testlab"] } } },
 *   { dependsOn: everything });
 */
export class TenantProtection extends pulumi.CustomResource {
  constructor(name: string, args: TenantProtectionArgs, options: pulumi.CustomResourceOptions = {}) {
    super(TENANT_PROTECTION, name, { ...args, kubeconfig: pulumi.secret(args.kubeconfig) }, options);
  }
}
