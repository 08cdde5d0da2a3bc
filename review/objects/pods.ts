/** Pods of rendered workloads by their labels, so that selectors find them without reading all. */
import { fieldOf, isJsonObject, listAt, type Manifest } from "../../deploy/manifest";

/** The pods of one workload, or one pod by itself. */
export interface PodTemplate {
  readonly owner: Manifest;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, unknown>>;
}

/** Where each kind has the template of its pods. */
const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  Pod: [],
  Deployment: ["spec", "template"],
  StatefulSet: ["spec", "template"],
  DaemonSet: ["spec", "template"],
  ReplicaSet: ["spec", "template"],
  Job: ["spec", "template"],
  CronJob: ["spec", "jobTemplate", "spec", "template"],
};

export function podTemplates(manifests: readonly Manifest[]): readonly PodTemplate[] {
  return manifests.flatMap((owner) => {
    const path = TEMPLATES[owner.kind];
    if (path === undefined) return [];
    const labels = fieldOf(owner, ...path, "metadata", "labels");
    return [{ owner, namespace: owner.metadata.namespace ?? "", labels: isJsonObject(labels) ? labels : {} }];
  });
}

/** The specification of a workload's pods; undefined for objects without pods. */
export function podSpecOf(manifest: Manifest): unknown {
  const path = TEMPLATES[manifest.kind];
  return path === undefined ? undefined : fieldOf(manifest, ...path, "spec");
}

/** Names of the ports of a pod's containers. */
export function portNames(pod: unknown): readonly string[] {
  return listAt(pod, "containers")
    .flatMap((container) => listAt(container, "ports"))
    .flatMap((port) => {
      const name = fieldOf(port, "name");
      return typeof name === "string" ? [name] : [];
    });
}

/** A number, or a share of the replicas, which Kubernetes rounds up. */
export function countOf(value: unknown, replicas: number): number {
  const [, percent] = typeof value === "string" ? (/^(\d+)%$/.exec(value) ?? []) : [];
  return percent === undefined ? Number(value) : Math.ceil((Number(percent) * replicas) / 100);
}

/** Finds the pods of a selector by the rarest of its labels. */
export class PodIndex {
  readonly #byLabel = new Map<string, PodTemplate[]>();
  readonly namespaces: ReadonlySet<string>;

  constructor(templates: readonly PodTemplate[]) {
    this.namespaces = new Set(templates.map(({ namespace }) => namespace));
    for (const template of templates)
      for (const [key, value] of Object.entries(template.labels)) {
        const label = labelKey(template.namespace, key, value);
        const found = this.#byLabel.get(label);
        if (found === undefined) this.#byLabel.set(label, [template]);
        else found.push(template);
      }
  }

  /** @param labels that a pod must have; none for an empty selector, which is not looked at */
  matching(namespace: string, labels: Readonly<Record<string, unknown>>): readonly PodTemplate[] {
    const wanted = Object.entries(labels);
    const candidates = wanted.map(([key, value]) => this.#byLabel.get(labelKey(namespace, key, value)) ?? []);
    const [rarest = []] = candidates.toSorted((one, other) => one.length - other.length);
    return rarest.filter((template) => wanted.every(([key, value]) => template.labels[key] === value));
  }
}

function labelKey(namespace: string, key: string, value: unknown): string {
  return JSON.stringify([namespace, key, value]);
}
