/** Effects of `cluster` of an environment that owns its cluster. */
import type { ClusterConfig } from "../config";
import type { Effects } from "../parts/effects";
import { ANOTHER_KIND_OF_ENVIRONMENT, each, guarded, inPlace, inTurns, stopped, WHEN_ROLLED } from "./words";

/** The kubelet's settings file is written when a node joins. */
const KUBELET = inTurns(
  "the cluster's settings change at once; a running kubelet keeps its own until the `generation` of its pool is counted up, and the preview names it",
);

const API_SERVERS = inPlace("the API servers start again with it, one control plane after the other");

const BESIDE = "for another one, bring an environment up beside this one and move what runs";

const CONTROLLERS = inPlace(
  "the cloud controller manager and the volume driver start again with it; pods and volumes in use go on",
);

const NEW_SERVICES = inPlace(
  "the cloud controller manager starts again with it; load balancers that are there keep what they have",
);

const NETWORK_PLUGIN = stopped({
  would: "opens the nodes for another network plugin, while pods keep the network of the one that runs",
  instead: BESIDE,
});

const POLICY_ENGINE = stopped({
  would: "leaves the rules of the old one on the nodes, beside those of the new one",
  instead:
    "allow it, and count up the generation of every pool of nodes right after, as under [Roll a pool](#roll-a-pool)",
  allowedAs: "interrupt",
  free: ["none"],
});

export const CLUSTER_EFFECTS: Effects<ClusterConfig> = {
  kind: ANOTHER_KIND_OF_ENVIRONMENT,
  name: guarded("makes new authorities, which no node and no kubeconfig trusts", BESIDE),
  version: guarded(
    "is taken by no server that runs",
    "count up the generations, as under [Upgrade Kubernetes](#upgrade-kubernetes)",
  ),
  release: inTurns(
    "API servers, controllers and scheduler start again with it, one control plane after the other; kubelets take it when the `generation` of their pool is counted up, and the preview names them",
  ),
  nodes: {
    maxPods: KUBELET,
    systemReserved: each(["cpu", "memory", "disk"], KUBELET),
    kubeReserved: each(["cpu", "memory", "disk"], KUBELET),
    eviction: each(["memory", "diskPercent"], KUBELET),
    imageGc: each(["high", "low"], KUBELET),
    notReadySeconds: API_SERVERS,
    proxyMode: inPlace("kube-proxy starts again with it, node by node"),
    cloudProvider: WHEN_ROLLED("the cloud provider of kubelets"),
    appArmor: inPlace("pods of all charts are replaced, one after the other"),
    imageRepository: WHEN_ROLLED("control planes pull their images from it at once; for the other nodes"),
  },
  podCidr: stopped({
    would: "gives rules and kube-proxy a network that no pod is in, while nodes keep theirs",
    instead: BESIDE,
  }),
  serviceCidr: stopped({
    would: "gives the API servers another range, while every Service and its certificates keep the old one",
    instead: BESIDE,
  }),
  cni: { ...each(["kind", "encapsulation", "backend"], NETWORK_PLUGIN), policy: POLICY_ENGINE },
  api: {
    kind: stopped({
      would: "takes the API from where every node and kubeconfig asks for it",
      instead: BESIDE,
    }),
    port: stopped({
      would: "closes the port at which every node and kubeconfig asks for the API",
      instead: BESIDE,
      free: [""],
    }),
    floatingIp: inPlace(
      "the address is made, and API servers start again with it in their certificates, one after the other; one less is protected, see [below](#restrict-access-to-the-api)",
    ),
  },
  serverName: inPlace(
    "API servers start again with the name in their certificates, one after the other; kubeconfigs that were handed out before have to be fetched again",
  ),
  cloud: {
    authUrl: CONTROLLERS,
    region: CONTROLLERS,
    authority: CONTROLLERS,
    credentials: each(
      ["controller", "volumes"],
      inPlace("the component takes the other credential over; one that nothing names any more is deleted"),
    ),
    loadBalancers: {
      kind: stopped({
        would:
          "leaves load balancers that are there with the provider that made them, or without a controller",
        instead: "delete the Services of type LoadBalancer first, and allow it",
        allowedAs: "replace",
        free: ["none"],
      }),
      floatingIps: NEW_SERVICES,
      monitor: NEW_SERVICES,
      sharedBy: NEW_SERVICES,
      from: inPlace("security groups and firewalls of the nodes change at once"),
      classes: {
        kind: "entries",
        name: "<class>",
        entry: NEW_SERVICES,
        each: each(
          ["floatingNetworkId", "floatingSubnetId", "networkId", "subnetId", "memberSubnetId"],
          NEW_SERVICES,
        ),
      },
    },
  },
  failedPods: {
    afterHours: inPlace(
      "the next run, within an hour, deletes failed pods by the new number; without the key they stay",
    ),
  },
  oidc: each(
    ["issuer", "clientId", "usernameClaim", "groupsClaim"],
    inPlace(
      "the API servers start again with it, one control plane after the other; people sign in by the new values only",
    ),
  ),
};
