/** Lines of kube-score that stay, each with the reason. */
import type { Manifest } from "../../../deploy/manifest";

/** A line of kube-score's report: what it misses at an object, or at one of its containers. */
export interface Line {
  /** Id of its check. */
  readonly check: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Absent where the line is about the object. */
  readonly container?: string;
}

export interface Explanation {
  readonly check: string;
  readonly reason: string;
  /** @default every line of the check */
  readonly when?: (line: Line, manifests: readonly Manifest[]) => boolean;
}

const PLATFORM = [
  "calico-system",
  "cinder-csi",
  "csi-nfs",
  "failed-pods",
  "kube-flannel",
  "kube-system",
  "nfs-provisioner",
  "openstack-cloud-controller",
];
const inPlatform = ({ namespace }: Line): boolean => PLATFORM.includes(namespace);

/** Whether the namespace gives containers the disk of the node that they do not ask for. */
function hasDefaults({ namespace }: Line, manifests: readonly Manifest[]): boolean {
  return manifests
    .filter(({ kind, metadata }) => kind === "LimitRange" && metadata.namespace === namespace)
    .some((range) => /"default":\{[^}]*"ephemeral-storage"/.test(JSON.stringify(range)));
}

/** Whether the pod has an annotation with the reason of a typed exception for the container. */
function hasException({ container = "", ...line }: Line, manifests: readonly Manifest[]): boolean {
  const made = manifests.find(
    ({ kind, metadata }) =>
      kind === line.kind && metadata.namespace === line.namespace && metadata.name === line.name,
  );
  return JSON.stringify(made ?? {}).includes(`"labstead.dev/security-exception.${container}"`);
}

const oneOf =
  (names: RegExp) =>
  ({ namespace, name }: Line): boolean =>
    names.test(`${namespace}/${name}`);

export const EXPLANATIONS: readonly Explanation[] = [
  {
    check: "container-ephemeral-storage-request-and-limit",
    when: hasDefaults,
    reason: "the namespace's LimitRange sets both",
  },
  {
    check: "container-ephemeral-storage-request-and-limit",
    when: inPlatform,
    reason:
      "components of the cluster write only their logs, which the kubelet limits, and must not be evicted for others",
  },
  {
    check: "container-security-context-user-group-id",
    reason:
      "files of the images belong to their users; what counts, not root, is held by Pod Security and typed exceptions",
  },
  {
    check: "container-image-pull-policy",
    reason: "tags are pinned, and a pod must start again while a registry is away",
  },
  {
    check: "container-security-context-privileged",
    when: hasException,
    reason: "a typed exception, with its reason as the pod's annotation",
  },
  {
    check: "container-security-context-readonlyrootfilesystem",
    when: hasException,
    reason: "a typed exception, with its reason as the pod's annotation",
  },
  {
    check: "pod-networkpolicy",
    when: inPlatform,
    reason:
      "agents and controllers with the network of their node, which policies do not cover, needed before policies hold, or that only connect to the API server; nothing else runs in their namespaces",
  },
  {
    check: "networkpolicy-targets-pod",
    when: oneOf(
      /^[a-z]+-compute\/|^soil\/service-mlflow$|^(physics|statistics)\/(server|server-by-label|singleuser-internet)$/,
    ),
    reason: "their pods are started later, by a hub or by people",
  },
  {
    check: "deployment-replicas",
    when: oneOf(/^testlab\//),
    reason: "an environment for tests has one pod of each application",
  },
  {
    check: "deployment-replicas",
    when: oneOf(/^(oceans|soil|tux)\//),
    reason: "a stack of one project or a pod of one person, with one volume that one pod may write",
  },
  {
    check: "deployment-replicas",
    when: oneOf(/^(physics|statistics)\/(hub|proxy)$/),
    reason: "JupyterHub and its proxy keep their state in one process",
  },
  {
    check: "deployment-replicas",
    when: oneOf(/^datalab\/|^kube-system\/ingress-default-backend$/),
    reason: "its file asks for one; a moment without it stops no other service",
  },
  {
    check: "deployment-strategy",
    when: oneOf(/^(oceans|soil|tux|physics|statistics)\//),
    reason: "two pods at once would write the same files, so the old one ends first",
  },
  {
    check: "deployment-has-host-podantiaffinity",
    reason: "topologySpreadConstraints spread the pods over nodes, which kube-score does not read",
  },
  {
    check: "statefulset-has-servicename",
    when: oneOf(/\/(mongodb|nfs-provisioner)$/),
    reason: "one pod behind a Service with an address, which volumes and clients name",
  },
  {
    check: "pod-probes-identical",
    reason:
      "the program has one health endpoint; the liveness probe waits for more failures than the readiness probe",
  },
  {
    check: "service-type",
    when: oneOf(/^kube-system\/ingress-nginx-/),
    reason: "an entry of an environment: its load balancer connects to the NodePort",
  },
  {
    check: "cronjob-has-deadline",
    when: oneOf(/\/hub-restore$/),
    reason: "it is suspended, and runs only when somebody starts it",
  },
  {
    check: "deployment-targeted-by-hpa-does-not-have-replicas-configured",
    when: oneOf(/^soil\/(dask-small|spark-large)-worker$/),
    reason: "replicas are set when it is created, and belong to the autoscaler from then on",
  },
  {
    check: "service-targets-pod",
    when: oneOf(/^soil\/service-mlflow$/),
    reason: "people of the project start its pods",
  },
  {
    check: "horizontalpodautoscaler-replicas",
    when: oneOf(/^soil\/(dask-small|spark-large)-worker$/),
    reason: "people start with few workers, and more come with the work",
  },
];
