/** The order inside a set: dependencies and admission objects come first. */
import { groupKindText } from "./entries";
import type { GroupKind } from "./entries";

/** Other objects are inside of them, or of their kind. */
const CONTAINERS = ["Namespace", "CustomResourceDefinition.apiextensions.k8s.io"];

/** Admission uses them: a pod of a class that does not exist yet is refused. */
const JUDGES = [
  "LimitRange",
  "MutatingAdmissionPolicy.admissionregistration.k8s.io",
  "MutatingAdmissionPolicyBinding.admissionregistration.k8s.io",
  "MutatingWebhookConfiguration.admissionregistration.k8s.io",
  "PriorityClass.scheduling.k8s.io",
  "ResourceQuota",
  "RuntimeClass.node.k8s.io",
  "ServiceAccount",
  "StorageClass.storage.k8s.io",
  "ValidatingAdmissionPolicy.admissionregistration.k8s.io",
  "ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io",
  "ValidatingWebhookConfiguration.admissionregistration.k8s.io",
];

/** They use configuration, accounts and claims. */
const WORKLOADS = [
  "CronJob.batch",
  "DaemonSet.apps",
  "Deployment.apps",
  "Job.batch",
  "Pod",
  "ReplicaSet.apps",
  "ReplicationController",
  "StatefulSet.apps",
];

/** Whether objects of a kind have pods, which go after them. */
export function hasPods(kind: GroupKind): boolean {
  return WORKLOADS.includes(groupKindText(kind));
}

const STEPS: ReadonlyMap<string, number> = new Map([
  ...CONTAINERS.map((kind) => [kind, 0] as const),
  ...JUDGES.map((kind) => [kind, 1] as const),
  ...WORKLOADS.map((kind) => [kind, 3] as const),
]);

/** Configuration, Services, rights, claims, and custom resources. */
const USUAL_STEP = 2;
const STEP_COUNT = 4;

/** Objects in the order in which they are applied: each list after the previous one, its members at the same time. */
export function applySteps<Each extends GroupKind>(objects: Iterable<Each>): readonly (readonly Each[])[] {
  const steps: Each[][] = Array.from({ length: STEP_COUNT }, () => []);
  for (const object of objects) steps[stepOf(object)]?.push(object);
  return steps.filter(({ length }) => length > 0);
}

/** The reverse: workloads first, Namespaces and definitions last. */
export function deleteSteps<Each extends GroupKind>(objects: Iterable<Each>): readonly (readonly Each[])[] {
  return [...applySteps(objects)].reverse();
}

function stepOf(kind: GroupKind): number {
  return STEPS.get(groupKindText(kind)) ?? USUAL_STEP;
}
