import { topic } from "./row";

export const OBJECTS = topic({
  title: "Kubernetes objects",
  guide: "environment.md#what-the-configuration-does-not-cover",
  rows: {
    "service.no-pods": {
      severity: "warning",
      title: "Service whose selector matches no pod of its namespace",
      why: "Such a Service has no endpoints, so every connection to it is refused, and an Ingress in front of it answers 503. Usually a label was renamed on one side only. Write the labels of the pods into the selector, or delete the Service. Where somebody else makes the pods, such as people of a project, say who by the annotation labstead.dev/pods-by.",
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
    "workload.anti-affinity": {
      severity: "warning",
      title: "replicas that must be apart, and too few nodes for them",
      why: "A required anti-affinity lets no two pods be on one node, or in one zone. With more replicas than nodes that may take them, the rest stay Pending for ever, and a roll of the nodes stops at the first one. Run fewer replicas, add nodes, or prefer to be apart instead of requiring it.",
    },
    "claim.class": {
      severity: "warning",
      title: "volume claim of a storage class that the cluster does not have",
      why: "A claim whose class does not exist stays Pending, and so do its pods, without an error anywhere but in its events. The same holds for a claim without a class where no class is the default. Name a class of the cluster; storage.aliases gives one a second name, storage.defaultClass chooses the default.",
    },
    "claim.mode": {
      severity: "warning",
      title: "volume claim that its pods cannot share",
      why: "A block volume is attached to one node at a time. A claim that asks such a class for ReadWriteMany stays Pending, and where several pods use one ReadWriteOnce claim, those on other nodes wait for ever. Use shared storage, or a claim for each pod.",
    },
    "claim.zone": {
      severity: "warning",
      title: "claim whose volumes are in a zone without its pods' nodes",
      why: 'A volume of a zone is attached to nodes of that zone only. If none of the nodes that may run the pods is there, the pods stay pending with "volume node affinity conflict". Let the pods run on nodes of that zone, or use a class without the restriction.',
    },
    "claim.user-nodes": {
      severity: "warning",
      title: "service with a volume on nodes of users",
      why: "Nodes of users come and go with them, and are drained and rolled without regard to anything else. A service that keeps its data in a volume of one node at a time is interrupted each time, and its pod prevents an autoscaler from removing the node. Let it run on the other nodes.",
    },
    "workload.image": {
      severity: "warning",
      title: "image without a version",
      why: "Without a tag, or with latest, an image is whatever its registry has on the day a node pulls it: two pods of a workload may differ, and nobody can go back. Name a version, or better its digest.",
    },
    "object.secret": {
      severity: "warning",
      title: "secret in plain text",
      why: "Everybody who may read pods or ConfigMaps reads it, and so does everybody with the repository or a backup of it. Put it into a Secret, and refer to it with secretKeyRef or mount it; then change it, since the old value has been seen.",
    },
    "service.world": {
      severity: "warning",
      title: "load balancer that everybody reaches",
      why: "A Service of the type LoadBalancer gets an address of its own, past the ingress controller with its sign-in, limits and certificates, and past the ports that the environment declares. Without source ranges it is open to the world. List the networks that need it, or publish it by the ingress controller.",
    },
    "policy.metadata": {
      severity: "warning",
      title: "network policy that lets pods reach the metadata service",
      why: "The cloud answers any process on a server at 169.254.169.254 with the server's user data, which holds the identity of a node. The lab's host firewall refuses forwarded requests, but a policy that allows the address leaves that as the only guard, and another cluster has none. Except the address from the block.",
    },
    "route.certificate": {
      severity: "warning",
      title: "host that its certificate does not cover",
      why: "A browser warns of a page whose certificate is for another name, and a program refuses it. A host that no entry of spec.tls names is served with the controller's default certificate, and one that a Certificate does not list with a wrong one. A wildcard stands for one label only: *.example.org covers neither example.org nor a.b.example.org.",
    },
    "budget.drain": {
      severity: "warning",
      title: "disruption budget that no drain can satisfy",
      why: "A drain evicts a pod only if its PodDisruptionBudget allows one to be missing. One that demands as many pods as there are blocks every roll of the nodes until somebody deletes it. Demand fewer pods, or run more replicas.",
    },
  },
});
