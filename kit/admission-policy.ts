/**
 * A ValidatingAdmissionPolicy with its binding: a rule that the API server itself enforces for every writer.
 * Kubernetes 1.30 or newer.
 */
import { ApiObject } from "cdk8s";
import { Construct } from "constructs";
import { assertNever } from "../errors/assert-never";
import type { CelRule, CelVariable } from "./cel";
import { metadataOf, RULES_LABEL, type Identity } from "./names";

const API_VERSION = "admissionregistration.k8s.io/v1";

/** Label that the API server itself sets on every namespace: nobody can change it. */
const NAMESPACE_NAME = "kubernetes.io/metadata.name";

/** Resources of one API group. A group that is not installed matches nothing. */
export interface AdmittedResources {
  readonly group: string;
  /** With a slash for a subresource: `pods/resize`. */
  readonly resources: readonly string[];
}

/** Namespaces that a policy applies to. */
export type PolicyNamespaces =
  /** All, and objects without a namespace. */
  | { readonly kind: "all" }
  /** Those that have no label `labstead.dev/rules`, and none of these names. */
  | { readonly kind: "others"; readonly names: readonly string[] }
  /** Those with the label `labstead.dev/rules` of this environment. */
  | { readonly kind: "labelled"; readonly environment: string }
  | { readonly kind: "named"; readonly names: readonly string[] };

/** A namespace that a policy does not apply to. */
export interface NamespaceException {
  readonly namespace: string;
  readonly reason: string;
}

/** A policy, and where it applies. */
export interface AdmissionPolicyProps extends Identity {
  readonly resources: readonly AdmittedResources[];
  readonly namespaces: PolicyNamespaces;
  /** Namespaces that it does not apply to; annotations of the binding give the reasons. @default none */
  readonly except?: readonly NamespaceException[];
  /** CEL conditions by name, all of which an object has to meet so that the rules apply to it. @default none */
  readonly conditions?: Readonly<Record<string, string>>;
  /** @default none */
  readonly variables?: readonly CelVariable[];
  readonly rules: readonly CelRule[];
}

/**
 * Whether the request creates an object or changes one of these parts of it: what was there before a rule stays, and
 * controllers may still remove its finalizers.
 */
export function isNew(parts: readonly string[]): string {
  const changed = parts.map((part) =>
    part === "metadata.annotations"
      ? `(has(object.metadata.annotations) ? object.metadata.annotations : {}) != (has(oldObject.metadata.annotations) ? oldObject.metadata.annotations : {})`
      : `object.${part} != oldObject.${part}`,
  );
  return ["request.operation == 'CREATE'", ...changed].join(" || ");
}

/** The policy and its binding, which refuse what breaks a rule, also if a rule cannot be evaluated. */
export class AdmissionPolicy extends Construct {
  constructor(scope: Construct, id: string, props: AdmissionPolicyProps) {
    super(scope, id);
    const { conditions = {}, variables = [], except = [] } = props;
    const matchConditions = Object.entries(conditions).map(([name, expression]) => ({ name, expression }));
    new ApiObject(this, "Policy", {
      apiVersion: API_VERSION,
      kind: "ValidatingAdmissionPolicy",
      metadata: metadataOf(props),
      spec: {
        failurePolicy: "Fail",
        matchConstraints: { resourceRules: props.resources.map(resourceRule) },
        ...(matchConditions.length === 0 ? {} : { matchConditions }),
        ...(variables.length === 0 ? {} : { variables }),
        validations: props.rules,
      },
    });
    const selector = namespaceSelector(props);
    new ApiObject(this, "Binding", {
      apiVersion: API_VERSION,
      kind: "ValidatingAdmissionPolicyBinding",
      metadata: { ...metadataOf(props), ...reasonsOf(except) },
      spec: {
        policyName: props.name,
        validationActions: ["Deny"],
        ...(selector === undefined ? {} : { matchResources: { namespaceSelector: selector } }),
      },
    });
  }
}

function resourceRule({ group, resources }: AdmittedResources): object {
  return { apiGroups: [group], apiVersions: ["*"], operations: ["CREATE", "UPDATE"], resources };
}

function reasonsOf(except: readonly NamespaceException[]): { annotations?: Record<string, string> } {
  if (except.length === 0) return {};
  const reasons = except.map(({ namespace, reason }) => [`labstead.dev/exception.${namespace}`, reason]);
  return { annotations: Object.fromEntries(reasons) as Record<string, string> };
}

function namespaceSelector({ namespaces, except = [] }: AdmissionPolicyProps): object | undefined {
  const names = except.map(({ namespace }) => namespace);
  const matchExpressions = [...included(namespaces), ...withoutNames(names)];
  return matchExpressions.length === 0 ? undefined : { matchExpressions };
}

function withoutNames(names: readonly string[]): readonly object[] {
  return names.length === 0 ? [] : [{ key: NAMESPACE_NAME, operator: "NotIn", values: names }];
}

function included(namespaces: PolicyNamespaces): readonly object[] {
  switch (namespaces.kind) {
    case "all":
      return [];
    case "others":
      return [{ key: RULES_LABEL, operator: "DoesNotExist" }, ...withoutNames(namespaces.names)];
    case "labelled":
      return [{ key: RULES_LABEL, operator: "In", values: [namespaces.environment] }];
    case "named":
      return [{ key: NAMESPACE_NAME, operator: "In", values: namespaces.names }];
    default:
      return assertNever(namespaces);
  }
}
