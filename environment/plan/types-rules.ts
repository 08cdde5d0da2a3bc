/** Rules of the cluster, which admission policies of the API server enforce. */
import type { Rule } from "../schema/rules";

/** NodePorts from the first to the last, both included. */
export interface NodePortSpan {
  readonly from: number;
  readonly to: number;
}

/** Where images may come from. */
export type ImageSourcesPlan =
  | { readonly kind: "any" }
  /** Registries, parts of them and repositories, each with its registry: `docker.io/nerc`, `quay.io/jupyter`. */
  | { readonly kind: "listed"; readonly sources: readonly string[] };

/** Hosts that one environment may serve. */
export interface HostsPlan {
  readonly names: readonly string[];
  /** Also any host of this domain, without those in `except`. @default only `names` */
  readonly domain?: { readonly name: string; readonly except: readonly string[] };
}

/** What is allowed in the namespaces of one environment. */
export interface EnvironmentRulesPlan {
  readonly environment: string;
  /** Names for a tenant, which its owner gave; of the owner those with its label. */
  readonly namespaces:
    { readonly kind: "labelled" } | { readonly kind: "named"; readonly names: readonly string[] };
  /** NodePorts that its Services may have. */
  readonly nodePorts: readonly NodePortSpan[];
  readonly loadBalancers: "refused" | "allowed";
  readonly images: ImageSourcesPlan;
  readonly hosts: HostsPlan;
}

/** A namespace in which some rules do not hold. */
export interface RuleExceptionPlan {
  readonly namespace: string;
  readonly allow: readonly Rule[];
  readonly reason: string;
}

/** The rules of one cluster. */
export interface RulesPlan {
  /** The owner first, then its tenants. */
  readonly environments: readonly EnvironmentRulesPlan[];
  /** NodePorts of the environments' entries, which only Services beside the ingress controller may have. */
  readonly entries: { readonly namespace: string; readonly nodePorts: readonly number[] };
  readonly exceptions: readonly RuleExceptionPlan[];
}

export type { Rule };
