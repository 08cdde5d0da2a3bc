/** How a user's pod is, from what Kubernetes says of its Deployment and pods, in a user's words. */
"use strict";

/**
 * @returns `kind`: stopped, stopping, starting or ready; of one that starts also `waits`, and `detail` with Kubernetes' own
 * words where there are some
 */
function podState(deployment, pods) {
  const wanted = deployment.spec.replicas;
  if (wanted === 0) return { kind: pods.length === 0 ? "stopped" : "stopping" };
  if ((deployment.status?.readyReplicas ?? 0) >= wanted) return { kind: "ready" };
  const live = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  return { kind: "starting", ...(live.length === 0 ? refused(deployment) : waiting(live[0])) };
}

/** Without a pod: a quota, or a rule of the cluster. */
function refused({ status = {} }) {
  const failure = (status.conditions ?? []).find(
    (each) => each.type === "ReplicaFailure" && each.status === "True",
  );
  if (failure === undefined) return { waits: "Kubernetes makes the pod." };
  return {
    waits: /exceeded quota/.test(failure.message)
      ? "No more pods may run at once. It starts as soon as another one is stopped."
      : "A rule of the cluster refuses the pod. Ask the operators of the lab.",
    detail: failure.message,
  };
}

/** What each reason of a container means, and what to do. */
const CONTAINER_WAITS = [
  [
    /^(ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull)$/,
    "Its image cannot be fetched. Ask the operators of the lab.",
  ],
  [/^CrashLoopBackOff$/, "Its program ends again and again. Ask the operators of the lab."],
  [/^(CreateContainer|RunContainer)/, "A container cannot be started. Ask the operators of the lab."],
];

function waiting({ status = {} }) {
  const scheduled = (status.conditions ?? []).find(({ type }) => type === "PodScheduled");
  if (scheduled?.status === "False")
    return {
      waits: /persistentvolumeclaim/i.test(scheduled.message ?? "")
        ? "Its storage is not ready."
        : "No node has room for it now. It starts as soon as one has.",
      detail: scheduled.message,
    };
  const statuses = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  for (const { state } of statuses)
    for (const [pattern, waits] of CONTAINER_WAITS)
      if (pattern.test(state?.waiting?.reason ?? ""))
        return { waits, detail: state.waiting.message ?? state.waiting.reason };
  if (statuses.some(({ state }) => state?.waiting !== undefined))
    return { waits: "Its node prepares images and volumes." };
  return { waits: "Its programs start." };
}

module.exports = { podState };
