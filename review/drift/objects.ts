/** Declared Kubernetes objects beside those of the cluster. Pure, and linear. */
import type { JsonObject } from "../../deploy/manifest";
import type { ListedObject } from "../../provider/kubernetes-api/http-listing";
import { objectDifferences, type IsHidden } from "./object-differences";
import type { Difference } from "./report";

/** An object as it was found. */
export type FoundObject =
  | { readonly kind: "missing" }
  /** Its set knows that nobody has changed it. */
  | { readonly kind: "same" }
  | {
      readonly kind: "live";
      readonly live: JsonObject;
      /** The declared object in the spelling of the API server; absent if it was not needed. */
      readonly expected?: JsonObject;
      /** Its set knows that somebody changed it, whatever the fields say. */
      readonly isChanged: boolean;
    };

export interface DeclaredObject {
  /** `namespace/name/kind.group` */
  readonly key: string;
  /** As it was applied; absent if only its set knew it. */
  readonly manifest?: JsonObject;
  readonly initialOnly: readonly string[];
}

/** What is known of the cluster besides its listing. */
export interface ClusterFacts {
  readonly environment: string;
  /** Namespaces that the stack declares. */
  readonly namespaces: ReadonlySet<string>;
  /** Keys of the objects of other stacks, with the stack. */
  readonly others: ReadonlyMap<string, string>;
  /** Other environments that share the cluster, by their label. */
  readonly environments: ReadonlySet<string>;
  /** Keys of objects that a set left in the cluster, since they hold data. */
  readonly kept: ReadonlySet<string>;
}

export type ObjectDrift =
  | { readonly change: "changed"; readonly key: string; readonly differences: readonly Difference[] }
  | { readonly change: "missing" | "undeclared"; readonly key: string };

/** The changed and missing ones. */
export function comparedObjects(
  declared: readonly DeclaredObject[],
  found: ReadonlyMap<string, FoundObject>,
  isHidden: IsHidden,
): readonly ObjectDrift[] {
  return declared.flatMap((each): readonly ObjectDrift[] => {
    const { key } = each;
    const is = found.get(key);
    if (is === undefined || is.kind === "same") return [];
    if (is.kind === "missing") return [{ change: "missing", key }];
    const differences = differencesOf(each, is, isHidden);
    return differences.length === 0 ? [] : [{ change: "changed", key, differences }];
  });
}

function differencesOf(
  { manifest, initialOnly }: DeclaredObject,
  { live, expected, isChanged }: Extract<FoundObject, { kind: "live" }>,
  isHidden: IsHidden,
): readonly Difference[] {
  const declared = manifest ?? {};
  const pair = { declared, ...(expected === undefined ? {} : { expected }), live, initialOnly };
  const differences = manifest === undefined ? [] : objectDifferences(pair, isHidden);
  if (differences.length > 0 || !isChanged) return differences;
  return [{ field: "fields of the set", declared: "as applied", found: "taken over by another manager" }];
}

/** Label of an object that a person made by hand and answers for; its value names the person. */
export const OWNER_LABEL = "labstead.dev/owner";
const ENVIRONMENT_LABEL = "labstead.dev/environment";
const MANAGED_BY = "app.kubernetes.io/managed-by";
/** The record of an apply set. Source: KEP-3659. */
const SET_RECORD = "applyset.kubernetes.io/id";
/** Secrets that cert-manager fills. */
const CERTIFICATE = "cert-manager.io/certificate-name";

/** What nobody declared, in the stack's namespaces or with its label; and how much is known as whose. */
export interface UndeclaredObjects {
  readonly undeclared: readonly ObjectDrift[];
  readonly known: ReadonlyMap<string, number>;
}

export function undeclaredObjects(
  listed: readonly ListedObject[],
  declared: ReadonlySet<string>,
  facts: ClusterFacts,
): UndeclaredObjects {
  const known = new Map<string, number>();
  const sets = listed
    .filter(({ kind }) => kind.kind === "StatefulSet")
    .map(({ namespace, name }) => `${namespace}/${name}`);
  const statefulSets = new Set(sets);
  const undeclared = listed.flatMap((each): readonly ObjectDrift[] => {
    if (declared.has(each.key) || !isOurs(each, facts)) return [];
    const whose = whoseIs(each, statefulSets, facts);
    if (whose === undefined) return [{ change: "undeclared", key: each.key }];
    known.set(whose, (known.get(whose) ?? 0) + 1);
    return [];
  });
  return { undeclared, known };
}

function isOurs({ namespace, labels }: ListedObject, { namespaces, environment }: ClusterFacts): boolean {
  return namespaces.has(namespace) || labels[ENVIRONMENT_LABEL] === environment;
}

/** Undefined for what nobody is known to have made. */
function whoseIs(
  object: ListedObject,
  statefulSets: ReadonlySet<string>,
  { others, environment, environments, kept }: ClusterFacts,
): string | undefined {
  const { key, labels, annotations } = object;
  const stack = others.get(key);
  if (stack !== undefined) return `stack ${stack}`;
  const other = labels[ENVIRONMENT_LABEL];
  if (other !== undefined && other !== environment && environments.has(other)) return `stack ${other}`;
  if (object.isOwned || isClaimOfSet(object, statefulSets) || annotations[CERTIFICATE] !== undefined)
    return "controllers";
  if (labels[MANAGED_BY] === "kubespawner") return "users of a hub";
  if (labels[OWNER_LABEL] !== undefined) return `people, by ${OWNER_LABEL}`;
  if (kept.has(key)) return "data that a set kept";
  return isOfEveryNamespace(object) || labels[SET_RECORD] !== undefined ? "Kubernetes" : undefined;
}

/** Claims of a StatefulSet have no owner, so that they outlive it: `<template>-<set>-<ordinal>`. */
function isClaimOfSet({ kind, namespace, name }: ListedObject, sets: ReadonlySet<string>): boolean {
  if (kind.kind !== "PersistentVolumeClaim") return false;
  const words = name.split("-");
  if (!/^\d+$/.test(words.pop() ?? "")) return false;
  return words.some((_, index) => index > 0 && sets.has(`${namespace}/${words.slice(index).join("-")}`));
}

/** Made by the controller manager in each namespace. */
function isOfEveryNamespace({ kind, name }: ListedObject): boolean {
  return (
    (kind.kind === "ServiceAccount" && name === "default") ||
    (kind.kind === "ConfigMap" && name === "kube-root-ca.crt")
  );
}
