/** Why a check does not pass, in plain words, from what the API server and the cluster say about its objects. */

/** What kept a check from passing. */
export type Cause =
  /** The API server refused an object: rights, Pod Security, a quota, a rule of the cluster. */
  | "admission"
  /** The image could not be pulled or is not what the check needs. */
  | "image"
  /** No node takes the pod. */
  | "scheduling"
  /** No volume for the claim, or the node cannot mount it. */
  | "volume"
  /** The cluster works so far, but no answer comes through. */
  | "network"
  /** The program in the pod failed. */
  | "program"
  /** None of these is known, and the time is over. */
  | "time"
  /** The API server does not answer. */
  | "api";

export interface Reason {
  readonly cause: Cause;
  readonly explanation: string;
  readonly fix: string;
}

/** A check that did not pass. */
export class CheckFailure extends Error {
  constructor(readonly reason: Reason) {
    super(reason.explanation);
    this.name = "CheckFailure";
  }
}

/** The state of a container, as the kubelet reports it. */
export interface ContainerState {
  readonly name: string;
  readonly waiting?: { readonly reason: string; readonly message: string };
  readonly terminated?: { readonly exitCode: number; readonly reason: string; readonly message: string };
}

/** What is known about a pod that is not ready. */
export interface PodFacts {
  readonly name: string;
  readonly phase: string;
  /** Of the condition PodScheduled, if it is false. */
  readonly unschedulable?: string;
  readonly containers: readonly ContainerState[];
  /** Warnings of its events, the newest last. */
  readonly warnings: readonly Warning[];
}

export interface Warning {
  readonly reason: string;
  readonly message: string;
}

/** What is known about a claim that is not bound. */
export interface ClaimFacts {
  readonly name: string;
  readonly storageClass: string;
  readonly provisioner: string | undefined;
  readonly events: readonly Warning[];
}

const IMAGE_REASONS = ["ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull"];
const MOUNT_REASONS = ["FailedAttachVolume", "FailedMount"];

/** `early`: only what cannot end well by itself. `late`: the time is over. */
export type Moment = "early" | "late";

/** What keeps a pod from its work, if it is known. */
export function podReason(
  { name, unschedulable, containers, warnings }: PodFacts,
  moment: Moment,
): Reason | undefined {
  for (const { waiting, terminated } of containers) {
    if (waiting !== undefined && IMAGE_REASONS.includes(waiting.reason))
      return {
        cause: "image",
        explanation: `the image of pod ${name} cannot be pulled (${waiting.reason}): ${waiting.message}`,
        fix: "check the nodes' way to the registry, or name an image that they reach with --image or --fio-image",
      };
    if (waiting?.reason === "CreateContainerConfigError" || waiting?.reason === "CreateContainerError")
      return {
        cause: "image",
        explanation: `pod ${name} cannot start its container (${waiting.reason}): ${waiting.message}`,
        fix: "name an image whose programs run as any user with --image",
      };
    if (terminated !== undefined && terminated.exitCode !== 0) return programReason(name, terminated);
  }
  if (moment === "early") return undefined;
  const mount = warnings.findLast(({ reason }) => MOUNT_REASONS.includes(reason));
  if (mount !== undefined)
    return {
      cause: "volume",
      explanation: `the node of pod ${name} cannot attach or mount its volume (${mount.reason}): ${mount.message}`,
      fix: "look at the class's driver on that node and at the servers of the storage",
    };
  if (unschedulable === undefined) return undefined;
  return {
    cause: "scheduling",
    explanation: `no node takes pod ${name}: ${unschedulable}`,
    fix: "compare with kubectl describe nodes: taints, labels, free CPU and memory",
  };
}

function programReason(
  pod: string,
  { exitCode, message }: NonNullable<ContainerState["terminated"]>,
): Reason {
  const said = message.trim() === "" ? "" : `: ${message.trim()}`;
  return {
    cause: "program",
    explanation: `the program of pod ${pod} ended with exit code ${String(exitCode)}${said}`,
    fix: `its output is in: kubectl logs ${pod}`,
  };
}

/** Why a claim has no volume, if it is known. */
export function claimReason(
  { name, storageClass, provisioner, events }: ClaimFacts,
  moment: Moment,
): Reason | undefined {
  if (provisioner === undefined)
    return {
      cause: "volume",
      explanation: `claim ${name} waits for the class ${storageClass}, which does not exist`,
      fix: `compare with kubectl get storageclasses, and bring the environment up again`,
    };
  const failed = events.findLast(({ reason }) => reason === "ProvisioningFailed");
  if (failed !== undefined)
    return {
      cause: "volume",
      explanation: `${provisioner} makes no volume for claim ${name}: ${failed.message}`,
      fix: "look at the quota of volumes and at the driver's log",
    };
  if (moment === "early") return undefined;
  return {
    cause: "volume",
    explanation: `nobody makes a volume for claim ${name}: the class ${storageClass} waits for ${provisioner}, and no such driver answers`,
    fix: `see that the driver runs: kubectl get pods --all-namespaces, kubectl get csidrivers`,
  };
}

/** What the API server's refusal of an object means. @param status of HTTP */
export function refusalReason(what: string, status: number, message: string): Reason {
  const explanation = `the API server refuses ${what}: ${message}`;
  if (message.includes("denied request"))
    return {
      cause: "admission",
      explanation,
      fix: "it breaks a rule of the cluster: see docs/cluster-rules.md",
    };
  if (message.includes("violates PodSecurity"))
    return {
      cause: "admission",
      explanation,
      fix: "the namespace's Pod Security level is stricter than restricted",
    };
  if (message.includes("exceeded quota"))
    return { cause: "admission", explanation, fix: "free something in the namespace, or raise its quota" };
  if (status === 403)
    return {
      cause: "admission",
      explanation,
      fix: "the kubeconfig's user lacks the right; use the stack's own kubeconfig",
    };
  return { cause: "admission", explanation, fix: "the message names the field" };
}

/** @param seconds that have passed. @param waited what for: `pod web to be ready` */
export function timeReason(seconds: number, waited: string): Reason {
  return {
    cause: "time",
    explanation: `${waited} was not there after ${String(seconds)} s`,
    fix: "look at it with kubectl describe, or give more time with --patience",
  };
}
