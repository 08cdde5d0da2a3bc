/** TenantProtection, for programs. */
import * as pulumi from "@pulumi/pulumi";

import type { ApiRoute } from "../kubernetes-api/api-route";
import type { NamespaceMaker } from "./inputs";
import { TENANT_PROTECTION } from "./token";

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
