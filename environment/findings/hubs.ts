import { topic } from "./row";

export const HUBS = topic({
  title: "Hubs",
  guide: "hubs.md#a-hub",
  rows: {
    "hub.sign-in": {
      severity: "error",
      title: "hub that anybody or nobody could enter",
      why: "A published hub with the dummy authenticator starts servers for anybody who finds its address, inside your network. A hub whose people are approved by admins, and that names none, lets nobody in. Choose another way of signing in, or name an admin.",
    },
    "hub.image": {
      severity: "error",
      title: "release of JupyterHub without an image",
      why: "The project publishes images of the hub with its chart, and no chart has JupyterHub 6 yet. Without an image the hub's pod would not start. Build one from PyPI, with jupyterhub, jupyterhub-kubespawner, jupyterhub-idle-culler and the authenticator, and name it; or stay with 5.5.",
    },
    "hub.existing-namespace": {
      severity: "info",
      title: "labels of a namespace that is there already",
      why: "The level of Pod Security, and the rules of the cluster, apply to a namespace by its labels. One that the program did not make has none of them, so nothing holds pods to the level, and drift shows it. Set them once by the command; labels that are there already stay. A destroy leaves such a namespace as it is, with people's servers that run in it: end them by kubectl -n <namespace> delete pods -l component=singleuser-server.",
    },
    "hub.homes": {
      severity: "error",
      title: "homes in a class of volumes that is not there",
      why: "Homes that share one claim are mounted by servers on many nodes at once, which a block volume cannot do. The claim would stay Pending, and no server would start. Set storage.shared, name a class of the cluster that can, or give each person a volume.",
    },
    "hub.quota": {
      severity: "error",
      title: "quota that nothing enforces",
      why: "A quota for each person is a project quota of XFS, which the drive of a hub sets. NFS of the shared class counts all files together, and another file system cannot count a folder: one person could fill the disk of all, against what the file says. Use a drive with a class that makes XFS, give each person a volume, or leave the quota out.",
    },
    "hub.drive": {
      severity: "error",
      title: "drive that could not work as written",
      why: "Nodes mount a drive by a fixed address of the Service network, which volumes carry for good. An address outside of it, one of the cluster's own or another drive's would leave the drive without its Service, and no server would start. A quota above the size of the drive limits nobody. Choose a free address of the range that the message names, and a smaller quota.",
    },
    "hub.shared-directory": {
      severity: "error",
      title: "shared directory that is nowhere",
      why: "Servers on many nodes mount a shared directory at once: from a drive, or from a claim of a class that can. Another hub's directory is in another namespace, from which only a drive can be mounted. The claim would stay Pending, and no server would start. Name a class, or give the hub a drive.",
    },
    "hub.resources": {
      severity: "error",
      title: "server that is guaranteed as much as it may use",
      why: "Servers are idle most of the time, so a node holds many more of them when each is guaranteed less than it may use. The lab's namespaces refuse a container whose request is not below its limit. Guarantee less, or raise the limit.",
    },
    "hub.path": {
      severity: "error",
      title: "hub at a path below another hub's",
      why: "A browser sends cookies to every path below the one that set them. The hub below would get those of the hub above, read the wrong one, and refuse people who are signed in. Choose paths beside each other.",
    },
    "hub.scheduling": {
      severity: "error",
      title: "scheduling of hubs that this environment cannot make",
      why: "Priorities of pods and a scheduler are of the whole cluster: a tenant has no right to make them, and one set serves all. A scheduler of another minor release than its API server's misses what that release needs. Set it in the cluster's own environment, or leave it out: people's servers then start by Kubernetes' own scheduler.",
    },
    "hub.traitlet": {
      severity: "error",
      title: "trait that the program sets itself",
      why: "The setting follows from another key of the hub, and much else follows from the same key: policies, rights, mounts. A second value would contradict them. Leave it out, and change the key instead.",
    },
  },
});
