/** What is wrong with rendered objects together: selectors, pods without a controller, budgets, sizes. */
import { fieldOf, identityOf, isJsonObject, listAt, type Manifest } from "../../deploy/manifest";
import { finding, type Finding } from "../../environment/findings";
import { PODS_BY_ANNOTATION } from "../../environment/pods-by";
import { podAmounts } from "../seats/pods";
import { claimPlaceFindings } from "./claim-places";
import { claimFindings } from "./claims";
import type { ObjectFacts } from "./cluster";
import { containerFindings } from "./containers";
import { certificateFindings, exposureFindings } from "./exposure";
import { placementFindings } from "./placement";
import { plainSecretFindings } from "./plain-secrets";
import { countOf, PodIndex, podSpecOf, podTemplates, portNames, type PodTemplate } from "./pods";
import { quotaFindings } from "./quotas";

/** In time linear in the objects, as long as few pods of a namespace have one label in common. */
export function objectFindings(manifests: readonly Manifest[], facts: ObjectFacts): readonly Finding[] {
  const index = new PodIndex(podTemplates(manifests));
  return [
    ...manifests.flatMap((manifest) => [
      ...ofOneObject(manifest, index, facts),
      ...containerFindings(manifest),
      ...exposureFindings(manifest),
      ...plainSecretFindings(manifest),
    ]),
    ...quotaFindings(manifests),
    ...claimFindings(manifests, facts),
    ...claimPlaceFindings(manifests, facts),
    ...certificateFindings(manifests),
  ];
}

function ofOneObject(manifest: Manifest, index: PodIndex, facts: ObjectFacts): readonly Finding[] {
  switch (manifest.kind) {
    case "Service":
      return serviceFindings(manifest, index);
    case "Pod":
      return [barePod(manifest)];
    case "PodDisruptionBudget":
      return budgetFindings(manifest, index);
    case "Deployment":
    case "StatefulSet":
      return [
        ...selectorFindings(manifest, index),
        ...sizeFindings(manifest, facts),
        ...placementFindings(manifest, facts),
      ];
    case "DaemonSet":
      return selectorFindings(manifest, index);
    default:
      return [];
  }
}

/** Only where the environment has pods itself: a tenant's Service leads to those of its owner. */
function serviceFindings(manifest: Manifest, index: PodIndex): readonly Finding[] {
  const { namespace = "" } = manifest.metadata;
  const selector = fieldOf(manifest, "spec", "selector");
  if (!isJsonObject(selector) || Object.keys(selector).length === 0) return [];
  if (!index.namespaces.has(namespace)) return [];
  const pods = index.matching(namespace, selector);
  if (pods.length > 0) return portFindings(manifest, pods);
  if (manifest.metadata.annotations?.[PODS_BY_ANNOTATION] !== undefined) return [];
  return [
    finding(
      "service.no-pods",
      identityOf(manifest),
      `selects ${labelsText(selector)}, and no pod of the namespace ${namespace} has these labels`,
      `select labels that the pods have; where others make the pods, say who by the annotation ${PODS_BY_ANNOTATION}`,
    ),
  ];
}

/** A port that a Service sends to by name, and that none of its pods has. */
function portFindings(manifest: Manifest, pods: readonly PodTemplate[]): readonly Finding[] {
  const named = new Set(pods.flatMap(({ owner }) => portNames(podSpecOf(owner))));
  return listAt(manifest, "spec", "ports").flatMap((port) => {
    const target = fieldOf(port, "targetPort");
    if (typeof target !== "string" || named.has(target)) return [];
    return [
      finding(
        "service.port",
        identityOf(manifest),
        `sends to the port ${target}, and no container of its pods has a port of that name`,
        "name a port of the containers, or write its number",
      ),
    ];
  });
}

function barePod(manifest: Manifest): Finding {
  return finding(
    "workload.bare-pod",
    identityOf(manifest),
    "is a pod without a controller, so nothing starts it again after its node fails",
    "make it by a Deployment, a StatefulSet or a Job",
  );
}

function selectorFindings(manifest: Manifest, index: PodIndex): readonly Finding[] {
  const labels = fieldOf(manifest, "spec", "selector", "matchLabels");
  if (!isJsonObject(labels)) return [];
  const others = index
    .matching(manifest.metadata.namespace ?? "", labels)
    .filter(({ owner }) => owner !== manifest)
    .map(({ owner }) => identityOf(owner));
  const [first] = others;
  if (first === undefined) return [];
  const more = others.length === 1 ? "" : ` and ${String(others.length - 1)} more`;
  return [
    finding(
      "workload.selector",
      identityOf(manifest),
      `selects ${labelsText(labels)}, which the pods of ${first}${more} have too`,
      "give its pods a label of their own, and select it",
    ),
  ];
}

function sizeFindings(manifest: Manifest, { largest }: ObjectFacts): readonly Finding[] {
  if (largest === undefined) return [];
  const { cpuMillis, memoryMiB } = podAmounts(manifest);
  if (cpuMillis <= largest.cpuMillis && memoryMiB <= largest.memoryMiB) return [];
  const free = `${String(largest.cpuMillis)}m CPU and ${String(largest.memoryMiB)} MiB`;
  return [
    finding(
      "workload.too-large",
      identityOf(manifest),
      `its pods request ${String(cpuMillis)}m CPU and ${String(memoryMiB)} MiB, and no node has more than ${free} free`,
      "request less, or give a pool of workers a larger flavor",
    ),
  ];
}

/** Budgets of a single workload with a known number of replicas. */
function budgetFindings(manifest: Manifest, index: PodIndex): readonly Finding[] {
  const labels = fieldOf(manifest, "spec", "selector", "matchLabels");
  if (!isJsonObject(labels)) return [];
  const [template, ...others] = index.matching(manifest.metadata.namespace ?? "", labels);
  if (template === undefined || others.length > 0) return [];
  const replicas = fieldOf(template.owner, "spec", "replicas") ?? 1;
  if (typeof replicas !== "number" || replicas === 0 || mayMiss(manifest, replicas) > 0) return [];
  return [
    finding(
      "budget.drain",
      identityOf(manifest),
      `lets none of the ${String(replicas)} pods of ${identityOf(template.owner)} be missing, so no node with one of them can be drained`,
      "demand fewer pods, or run more replicas",
    ),
  ];
}

/** How many of the replicas a budget lets be missing; shares are rounded as Kubernetes does, up. */
function mayMiss(manifest: Manifest, replicas: number): number {
  const least = fieldOf(manifest, "spec", "minAvailable");
  const most = fieldOf(manifest, "spec", "maxUnavailable");
  if (least !== undefined) return replicas - countOf(least, replicas);
  return most === undefined ? replicas - 1 : countOf(most, replicas);
}

function labelsText(labels: Readonly<Record<string, unknown>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(", ");
}
