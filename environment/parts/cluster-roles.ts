/** Cluster roles that parts need. They grant nothing until bound, so the owner creates them for all tenants. */

export interface ClusterRoleDeclaration {
  readonly name: string;
  readonly rules: readonly ClusterRoleRule[];
}

/** Verbs on resources of the API, or on paths such as `/healthz`. */
export type ClusterRoleRule =
  | {
      /** `""` is the core group: pods, services, secrets. */
      readonly apiGroups: readonly string[];
      readonly resources: readonly string[];
      readonly verbs: readonly string[];
    }
  | { readonly nonResourceUrls: readonly string[]; readonly verbs: readonly string[] };
