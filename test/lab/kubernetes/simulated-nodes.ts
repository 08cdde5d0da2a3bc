/** Nodes that kwok plays, and what it says of their pods. */
import type { Manifest } from "../../../deploy/manifest";

/** What a container's image is named for it not to be pulled. */
export const MISSING_IMAGE = "registry.example.org/missing:1";

/** Memory of a simulated node: more than this no pod can have. */
export const NODE_MEMORY = "64Gi";

export function simulatedNode(index: number): Manifest {
  const name = `simulated-${String(index)}`;
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: { "kubernetes.io/hostname": name },
      annotations: { "kwok.x-k8s.io/node": "fake" },
    },
    status: {
      allocatable: { cpu: "256", memory: NODE_MEMORY, pods: "1000" },
      capacity: { cpu: "256", memory: NODE_MEMORY, pods: "1000" },
    },
  };
}

/** When a stage is for a pod that has started, or cannot. */
const IS_MISSING = `.spec.containers.[].image | select( . == "${MISSING_IMAGE}" )`;

/**
 * In kwok's own format: a node is Ready, a pod with an image is Running and Ready, one without says what a kubelet says,
 * and a deleted one goes. From `kustomize/stage` of kwok 0.8, the fast ones, with the missing image added.
 */
export const SIMULATED_STAGES = `${[
  stage(
    "node-ready",
    "Node",
    [where('.status.conditions.[] | select( .type == "Ready" ) | .status', "NotIn", "True")],
    {
      statusTemplate: `{{ $now := Now }}
conditions:
{{ range NodeConditions }}
- lastHeartbeatTime: {{ $now | Quote }}
  lastTransitionTime: {{ $now | Quote }}
  message: {{ .message | Quote }}
  reason: {{ .reason | Quote }}
  status: {{ .status | Quote }}
  type: {{ .type | Quote }}
{{ end }}
phase: Running
`,
    },
  ),
  stage("pod-ready", "Pod", [...startingPod(), where(IS_MISSING, "DoesNotExist")], {
    statusTemplate: `{{ $now := Now }}
conditions:
${["Initialized", "Ready", "ContainersReady"].map((type) => conditionText(type, "True")).join("")}
containerStatuses:
{{ range .spec.containers }}
- image: {{ .image | Quote }}
  name: {{ .name | Quote }}
  ready: true
  restartCount: 0
  state: { running: { startedAt: {{ $now | Quote }} } }
{{ end }}
phase: Running
startTime: {{ $now | Quote }}
`,
  }),
  stage(
    "pod-without-image",
    "Pod",
    [...startingPod(), where(IS_MISSING, "Exists"), where(".status.containerStatuses", "DoesNotExist")],
    {
      statusTemplate: `{{ $now := Now }}
conditions:
${conditionText("Initialized", "True")}${["Ready", "ContainersReady"].map((type) => conditionText(type, "False")).join("")}
containerStatuses:
{{ range .spec.containers }}
- image: {{ .image | Quote }}
  name: {{ .name | Quote }}
  ready: false
  restartCount: 0
  state: { waiting: { reason: ImagePullBackOff, message: {{ printf "Back-off pulling image %s: not found" .image | Quote }} } }
{{ end }}
phase: Pending
startTime: {{ $now | Quote }}
`,
    },
  ),
  stage("pod-deleted", "Pod", [where(".metadata.deletionTimestamp", "Exists")], { delete: true }),
].join("\n---\n")}\n`;

function conditionText(type: string, status: string): string {
  return `- lastTransitionTime: {{ $now | Quote }}\n  status: "${status}"\n  type: ${type}\n`;
}

function where(key: string, operator: string, ...values: readonly string[]): object {
  return values.length === 0 ? { key, operator } : { key, operator, values };
}

function startingPod(): readonly object[] {
  return [
    where(".metadata.deletionTimestamp", "DoesNotExist"),
    where(".status.phase", "In", "Pending"),
    where('.status.conditions.[] | select( .type == "Ready" ) | .status', "NotIn", "True"),
  ];
}

/** JSON is valid YAML. */
function stage(
  name: string,
  kind: "Node" | "Pod",
  matchExpressions: readonly object[],
  next: object,
): string {
  return JSON.stringify({
    apiVersion: "kwok.x-k8s.io/v1alpha1",
    kind: "Stage",
    metadata: { name },
    spec: { resourceRef: { apiGroup: "v1", kind }, selector: { matchExpressions }, next },
  });
}
