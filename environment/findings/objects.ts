import { topic } from "./row";

export const OBJECTS = topic({
  title: "Kubernetes objects",
  guide: "environment.md#what-the-configuration-does-not-cover",
  rows: {
    "service.no-pods": {
      severity: "warning",
      title: "Service whose selector matches no pod of its namespace",
      why: "Such a Service has no endpoints, so every connection to it is refused, and an Ingress in front of it answers 503. Usually a label was renamed on one side only. Write the labels of the pods into the selector, or delete the Service.",
    },
    "service.port": {
      severity: "warning",
      title: "Service that sends to a port which its pods do not have",
      why: "A Service that names a port of its pods has no endpoints for it where no container has a port of that name, so every connection to it is refused, while the pods look healthy. Write the name as the containers do, or the port's number.",
    },
    "workload.selector": {
      severity: "warning",
      title: "workload that selects the pods of another one",
      why: "Two controllers that select the same pods count each other's pods as their own, and scale them down or replace them in turn. Autoscalers and disruption budgets then count wrong, too. Give each workload a label of its own, in its selector and in its pods.",
    },
    "workload.bare-pod": {
      severity: "warning",
      title: "pod that nothing recreates",
      why: "A pod without a controller is gone for good when its node is drained or fails, and a drain refuses it unless it is forced. Make it by a Deployment, a StatefulSet or a Job.",
    },
    "workload.too-large": {
      severity: "warning",
      title: "pod that requests more than any node has",
      why: "The scheduler leaves such a pod Pending for ever: its containers together request more CPU or memory than any node of the plan has free with nothing else on it. Request less, or give a pool of workers a larger flavor.",
    },
    "workload.no-limits": {
      severity: "warning",
      title: "container that may take all of a node",
      why: "A container without a limit of memory or CPU can leave nothing to the others on its node, whose pods are then evicted or starve; namespaces of the lab refuse it unless their LimitRange gives a limit. Set both limits, at what the container needs at most.",
    },
    "workload.request": {
      severity: "info",
      title: "container that requests all that it may use",
      why: "What a container requests is kept free for it, also while it is idle. Where requests equal limits, a node holds as few pods as if all of them were busy. Request what the container needs at least, below its limit; a database that must never be throttled may stay so: accept the finding with that reason.",
    },
    "workload.liveness": {
      severity: "warning",
      title: "liveness probe that depends on another service",
      why: "A failed liveness probe restarts the container. If it asks a database or a gateway, an outage there restarts every pod that waits for it, again and again, and the outage lasts longer. Ask the container itself, and let the readiness probe say that something else is missing.",
    },
    "namespace.quota": {
      severity: "warning",
      title: "quota that is smaller than what its namespace holds",
      why: "The API server refuses each pod and claim beyond the quota of its namespace, so a Deployment stays below its replicas, often only when it is updated and old and new pods run beside each other. Allow more in the quota, or run less.",
    },
    "budget.drain": {
      severity: "warning",
      title: "disruption budget that no drain can satisfy",
      why: "A drain evicts a pod only if its PodDisruptionBudget allows one to be missing. One that demands as many pods as there are blocks every roll of the nodes until somebody deletes it. Demand fewer pods, or run more replicas.",
    },
  },
});
