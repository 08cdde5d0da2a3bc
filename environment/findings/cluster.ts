import { topic } from "./row";

export const CLUSTER = topic({
  title: "Cluster and software",
  guide: "environment.md#the-clusters-nodes",
  rows: {
    "cluster.version": {
      severity: "error",
      title: "Kubernetes version that does not fit the rest",
      why: "cluster.release has to be a patch of cluster.version, since packages and settings are made for that minor; and 1.25, which is end-of-life upstream, exists for Heketi's in-tree class only. Write a release of the minor or leave it out, and take a supported minor unless you need that class.",
    },
    "cluster.nodes": {
      severity: "error",
      title: "node setting that Kubernetes refuses",
      why: "A kubelet does not start if image collection should go down to more of the disk than where it starts; collection that starts later than eviction never comes, so that pods are moved away from a disk full of unused images; and kube-proxy of 1.25 has no nftables mode. Write low below high, and high below what eviction leaves, or iptables.",
    },
    "cni.policy": {
      severity: "error",
      title: "CNI that does not enforce NetworkPolicies",
      why: "Flannel accepts NetworkPolicies and enforces none. Applications that rely on theirs would be open: users' pods could reach databases and other users' services although the policies forbid it. Choose a CNI that enforces them, such as calico, before the cluster is created.",
    },
    "cluster.existing": {
      severity: "error",
      title: "something that an existing cluster does not offer",
      why: "On a cluster that Labstead did not create nothing is installed and no port is opened; an application can use what cluster declares and nothing else. Leave the key out, or run the application in an environment that has servers of its own.",
    },
    "cluster.device": {
      severity: "error",
      title: "device that no worker offers",
      why: "A pod that asks for a device, such as a GPU, stays Pending until a node has one free. If no pool of workers offers it, the pod stays Pending. Give a pool of servers.workers the device by its key gpu.",
    },
    "cluster.node-label": {
      severity: "error",
      title: "node label that no worker has",
      why: "A pod that selects nodes by a label stays Pending while no node has it. Give the label to a pool of servers.workers by its key labels; on an existing cluster declare it in cluster.nodeLabels.",
    },
    "chart.invalid": {
      severity: "error",
      title: "Kubernetes object that cannot be deployed",
      why: "A chart renders an object that is incomplete, that exists twice, or that would put a secret where it is readable. The path is that of the construct in the construct tree. Correct the construct, or the override that changed it.",
    },
    "software.containerd": {
      severity: "error",
      title: "containerd that is older than the cluster needs",
      why: "The nodes' settings are written for containerd 2, which reads them in a form that version 1 does not know, so the kubelet would find no container runtime. Write a version of 2 or newer, or leave the key out.",
    },
    "software.containerd-old": {
      severity: "warning",
      title: "distribution whose containerd may be too old",
      why: "With software.containerd.kind distribution the version is whatever the image's release has, and Debian 12 and 13 have version 1, for which the nodes are not set up. Look at what the image offers, or take containerd from Docker's repository.",
    },
    "rules.unenforced": {
      severity: "warning",
      title: "rules of the cluster that its API server does not know",
      why: "Rules for NodePorts, images, limits and hosts are admission policies, which Kubernetes has since 1.30. In an older cluster quotas, Pod Security and NetworkPolicies still hold, but whoever may create a Service or an Ingress may give it any NodePort and host. Give these rights to people who may do that only, until the cluster is newer.",
    },
    "rules.exception": {
      severity: "info",
      title: "exception for a namespace that no part and no tenant has",
      why: "The rules apply to namespaces of the lab's parts, of its projects and of its tenants, and to others only if they carry the label labstead.dev/rules with the environment's name. For any other namespace one rule exists, that NodePorts which were given to others stay free, and an exception of `services` ends it. Leave it where you have set the label yourself, else correct the name.",
    },
    "lifecycle.ended": {
      severity: "warning",
      title: "component that is end-of-life upstream",
      why: "No security fixes are published for it any more. It keeps working, but known vulnerabilities stay open and other components stop being tested with it. Plan the move to the successor that the message names; where there is none yet, restrict who can reach it.",
    },
    "lifecycle.ending": {
      severity: "info",
      title: "component with a known limit",
      why: "It is maintained, but lacks something that its successor has: Flannel alone, for example, enforces no NetworkPolicy. Nothing is wrong as long as nothing relies on what is missing; otherwise choose the successor that the message names.",
    },
  },
});
