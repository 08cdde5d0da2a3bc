/** What the rendered objects say of namespaces: workloads, hosts, NodePorts, policies, claims. */
import { fieldOf, listAt } from "../../deploy/manifest";
import type { PlannedObject } from "../../deploy/plan";
import { podSpecOf } from "../objects/pods";
import { link } from "./context";
import { ids } from "./ids";
import type { Line } from "./types";
import type { Serving } from "./way-in";

/** Of a Namespace itself its name; empty for what is in none. */
export function namespaceOf({ manifest }: PlannedObject): string {
  const { name, namespace = "" } = manifest.metadata;
  return manifest.kind === "Namespace" ? name : namespace;
}

/** What an Ingress forwards. */
export interface HostRoute {
  readonly host: string;
  readonly path: string;
  /** `datalab-app-service port 80`. */
  readonly service: string;
  readonly namespace: string;
}

export function hostRoutes({ manifest }: PlannedObject): readonly HostRoute[] {
  if (manifest.kind !== "Ingress") return [];
  return listAt(manifest, "spec", "rules").flatMap((rule) =>
    listAt(rule, "http", "paths").map((path) => ({
      host: textOf(fieldOf(rule, "host")) || "any host",
      path: textOf(fieldOf(path, "path")) || "/",
      service: serviceText(fieldOf(path, "backend", "service")),
      namespace: manifest.metadata.namespace ?? "",
    })),
  );
}

function serviceText(service: unknown): string {
  const port = fieldOf(service, "port", "number") ?? fieldOf(service, "port", "name");
  return `${textOf(fieldOf(service, "name"))} port ${textOf(port)}`;
}

export interface NodePort {
  readonly port: number;
  readonly service: string;
  readonly namespace: string;
}

export function nodePorts({ manifest }: PlannedObject): readonly NodePort[] {
  if (manifest.kind !== "Service") return [];
  const { name, namespace = "" } = manifest.metadata;
  return listAt(manifest, "spec", "ports").flatMap((port) => {
    const number = fieldOf(port, "nodePort");
    return typeof number === "number" ? [{ port: number, service: name, namespace }] : [];
  });
}

export function servingOf(objects: readonly PlannedObject[]): Serving {
  const services = new Map<number, Line[]>();
  for (const { port, service, namespace } of objects.flatMap(nodePorts)) {
    const line: Line = [
      "Service ",
      link(`${namespace}/${service}`, ids.namespace(namespace)),
      ` with NodePort ${String(port)}`,
    ];
    services.set(port, [...(services.get(port) ?? []), line]);
  }
  const hosts = objects
    .flatMap(hostRoutes)
    .map(({ host, path, service, namespace }): Line => [
      `${host}${path} to `,
      link(`${namespace}/${service}`, ids.namespace(namespace)),
    ]);
  return { nodePorts: services, hosts };
}

export interface Workload {
  readonly kind: string;
  readonly name: string;
  readonly replicas: string;
  readonly images: readonly string[];
}

export function workload({ manifest }: PlannedObject): readonly Workload[] {
  const pod = podSpecOf(manifest);
  if (pod === undefined) return [];
  const images = ["initContainers", "containers"].flatMap((list) =>
    listAt(pod, list).map((each) => textOf(fieldOf(each, "image"))),
  );
  return [
    {
      kind: manifest.kind,
      name: manifest.metadata.name,
      replicas:
        manifest.kind === "Deployment" || manifest.kind === "StatefulSet"
          ? textOf(fieldOf(manifest, "spec", "replicas") ?? 1)
          : "",
      images: [...new Set(images)],
    },
  ];
}

export interface PolicyText {
  readonly name: string;
  readonly pods: string;
  readonly from: string;
}

/** Who may connect to the pods that a NetworkPolicy selects. */
export function policies({ manifest }: PlannedObject): readonly PolicyText[] {
  if (manifest.kind !== "NetworkPolicy") return [];
  const types = listAt(manifest, "spec", "policyTypes");
  const rules = listAt(manifest, "spec", "ingress");
  const from = rules.map(
    (rule) => `${peersText(listAt(rule, "from"))} to ${policyPorts(listAt(rule, "ports"))}`,
  );
  return [
    {
      name: manifest.metadata.name,
      pods: selectorText(fieldOf(manifest, "spec", "podSelector")),
      from: !types.includes("Ingress") ? "not limited" : from.join("; ") || "nobody",
    },
  ];
}

function peersText(peers: readonly unknown[]): string {
  if (peers.length === 0) return "anybody";
  return peers.map(peerText).join(", ");
}

function peerText(peer: unknown): string {
  const block = fieldOf(peer, "ipBlock", "cidr");
  if (typeof block === "string") return block;
  const namespace = fieldOf(peer, "namespaceSelector");
  const pods = fieldOf(peer, "podSelector");
  const inside = namespace === undefined ? "" : ` in namespaces ${selectorText(namespace)}`;
  return `pods ${selectorText(pods)}${inside}`;
}

function selectorText(selector: unknown): string {
  const labels = Object.entries(
    (fieldOf(selector, "matchLabels") ?? {}) as Readonly<Record<string, unknown>>,
  );
  const expressions = listAt(selector, "matchExpressions").map(
    (each) =>
      `${textOf(fieldOf(each, "key"))} ${textOf(fieldOf(each, "operator"))} ${listAt(each, "values").map(textOf).join("|")}`,
  );
  return [...labels.map(([key, value]) => `${key}=${textOf(value)}`), ...expressions].join(", ") || "all";
}

function policyPorts(ports: readonly unknown[]): string {
  if (ports.length === 0) return "any port";
  return `port ${ports.map((each) => textOf(fieldOf(each, "port") ?? "any")).join(", ")}`;
}

/** A name, number or amount; empty for anything else. */
export function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
