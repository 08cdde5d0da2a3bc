/** Rendered manifests of an environment, and small readers of them. */
import { join } from "node:path";
import { App, type Chart } from "cdk8s";
import type { EnvironmentConfig } from "../../environment/config";
import type { EnvironmentPlan } from "../../environment/plan/types";
import { stackFile } from "../../environment/stack-file";
import { CATALOG, environments } from "../../catalog";
import type { Planned } from "../../environment/environments";

export type Labels = Record<string, string>;

export interface Probe {
  httpGet?: { path: string; port: number };
  tcpSocket?: { port: number };
  exec?: { command: string[] };
  initialDelaySeconds: number;
  periodSeconds: number;
}

export interface Container {
  name: string;
  image: string;
  imagePullPolicy: string;
  command?: string[];
  args?: string[];
  ports?: { name: string; containerPort: number }[];
  env?: {
    name: string;
    value?: string;
    valueFrom?: { secretKeyRef?: { name: string; key: string }; fieldRef?: { fieldPath: string } };
  }[];
  resources: { requests: Labels; limits: Labels };
  readinessProbe?: Probe;
  livenessProbe?: Probe;
  securityContext: {
    runAsNonRoot: boolean;
    runAsUser: number;
    allowPrivilegeEscalation: boolean;
    privileged: boolean;
    readOnlyRootFilesystem: boolean;
    capabilities: { drop: string[]; add?: string[] };
  };
  volumeMounts?: { name: string; mountPath: string; subPath?: string }[];
}

export interface PodTemplate {
  metadata: { labels: Labels; annotations?: Labels };
  spec: {
    containers: Container[];
    initContainers?: Container[];
    automountServiceAccountToken: boolean;
    serviceAccountName?: string;
    enableServiceLinks: boolean;
    hostNetwork: boolean;
    securityContext: {
      runAsNonRoot: boolean;
      seccompProfile: { type: string };
      sysctls?: { name: string; value: string }[];
    };
    topologySpreadConstraints?: { labelSelector: { matchLabels: Labels } }[];
    volumes?: {
      name: string;
      configMap?: { name: string };
      secret?: { secretName: string };
      persistentVolumeClaim?: { claimName: string };
      projected?: { sources: object[] };
      emptyDir?: object;
    }[];
  };
}

export interface WorkloadSpec {
  replicas: number;
  selector: { matchLabels: Labels };
  strategy?: { rollingUpdate?: { maxSurge?: number } };
  template: PodTemplate;
}

export interface ServiceSpec {
  type: string;
  selector: Labels;
  ports: [ServicePort, ...ServicePort[]];
}

export interface ServicePort {
  name: string;
  port: number;
  targetPort: number;
  nodePort?: number;
}

export interface Peer {
  podSelector?: { matchLabels?: Labels };
  namespaceSelector?: { matchLabels?: Labels };
  ipBlock?: { cidr: string; except?: string[] };
}

export interface PolicyRule {
  from?: Peer[];
  to?: Peer[];
  ports?: { port: number; protocol: string }[];
}

/** What the tests read of each kind's spec. */
export interface Specs {
  Service: ServiceSpec;
  Ingress: {
    ingressClassName: string;
    tls: { hosts: string[] }[];
    rules: {
      host: string;
      http: { paths: { path: string; backend: { service: { name: string; port: { number: number } } } }[] };
    }[];
  };
  IngressClass: { controller: string };
  NetworkPolicy: {
    podSelector: { matchLabels?: Labels };
    policyTypes: string[];
    ingress?: PolicyRule[];
    egress?: PolicyRule[];
  };
  PodDisruptionBudget: { selector: { matchLabels: Labels } };
  ResourceQuota: { hard: Labels };
}

/** The fields that the tests read; a manifest has those of its kind. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Labels; annotations?: Labels };
  data?: Labels;
  stringData?: Labels;
  type?: string;
  spec?: object;
  roleRef?: { kind: string; name: string };
  rules?: { apiGroups?: string[]; resources?: string[]; verbs: string[]; resourceNames?: string[] }[];
}

export interface Rendered {
  readonly config: EnvironmentConfig;
  readonly plan: EnvironmentPlan;
  readonly charts: readonly { readonly name: string; readonly manifests: readonly Manifest[] }[];
  readonly manifests: readonly Manifest[];
}

const ROOT = join(__dirname, "../..");

/** Namespaces of components that work on nodes; they cannot keep the rules of applications and have tests of their own. */
export const COMPONENT_NAMESPACES: ReadonlySet<string | undefined> = new Set(
  CATALOG.parts.flatMap(({ reservedNamespaces }) => reservedNamespaces),
);

/** An environment's configuration and plan, from its file. */
export function planned(stack: "prod" | "test"): Planned & Pick<Rendered, "config"> {
  const { config, owner } = environments.read(stackFile(ROOT, stack));
  return { config, ...environments.plan(config, owner) };
}

/** The charts of the parts of an environment. */
export function chartsOf({ parts }: Pick<Planned, "parts">): readonly Chart[] {
  const app = new App();
  CATALOG.render(app, parts);
  return app.charts;
}

export function render(stack: "prod" | "test"): Rendered {
  const { config, ...made } = planned(stack);
  const charts = chartsOf(made).map(renderChart);
  const { plan } = made;
  return { config, plan, charts, manifests: charts.flatMap(({ manifests }) => manifests) };
}

export function renderChart(chart: Chart): { name: string; manifests: Manifest[] } {
  return { name: chart.node.path, manifests: chart.toJson() as Manifest[] };
}

export function ofKind(manifests: readonly Manifest[], ...kinds: readonly string[]): Manifest[] {
  return manifests.filter(({ kind }) => kinds.includes(kind));
}

export function workloads(manifests: readonly Manifest[]): Manifest[] {
  return ofKind(manifests, "Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob");
}

/** Objects of a kind, each with its spec. */
export function specsOf<K extends keyof Specs>(
  manifests: readonly Manifest[],
  kind: K,
): (Manifest & { spec: Specs[K] })[] {
  return ofKind(manifests, kind) as (Manifest & { spec: Specs[K] })[];
}

export function workloadOf(workload: Manifest): WorkloadSpec {
  return workload.spec as WorkloadSpec;
}

export function podOf(workload: Manifest): PodTemplate {
  return workloadOf(workload).template;
}

export function containersOf(workload: Manifest): Container[] {
  const { containers, initContainers = [] } = podOf(workload).spec;
  return [...initContainers, ...containers];
}

export function volumesOf(workload: Manifest): NonNullable<PodTemplate["spec"]["volumes"]> {
  return podOf(workload).spec.volumes ?? [];
}

export function keyOf({ kind, metadata }: Manifest): string {
  return `${kind} ${metadata.namespace ?? "-"}/${metadata.name}`;
}

/** Whether labels carry everything that a selector names; an empty selector chooses nothing here. */
export function selects(selector: Labels | undefined, labels: Labels): boolean {
  const wanted = Object.entries(selector ?? {});
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}

/** Millicores: 250m, 2. */
export function millis(text: string): number {
  return text.endsWith("m") ? Number(text.slice(0, -1)) : Number(text) * 1000;
}

/** MiB: 128Mi, 4Gi. */
export function mebibytes(text: string): number {
  const amount = Number.parseInt(text, 10);
  if (text.endsWith("Gi")) return amount * 1024;
  if (text.endsWith("Mi")) return amount;
  throw new Error(`${text} has another unit`);
}
