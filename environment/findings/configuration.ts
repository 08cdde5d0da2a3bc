import { topic } from "./row";

export const CONFIGURATION = topic({
  title: "The files",
  guide: "environment.md#how-an-environment-is-written",
  rows: {
    "config.invalid": {
      severity: "error",
      title: "configuration that cannot be read, or is not allowed",
      why: "A key does not exist, or a value is missing, of another type, or not allowed here. Most other checks run only on a file without such errors, since a plan of a partly valid file would create something else than you meant. The message says what is allowed at this path; an editor shows the same by the JSON Schema that the file's first line names.",
    },
    "setting.inactive": {
      severity: "warning",
      title: "setting that opens or reserves something, and installs nothing",
      why: "The setting has an effect on rules, addresses or nodes, and what it is about has to be installed by you: the network plugin, an autoscaler, the driver of a device or of a storage class, an application of a server. Until then nodes stay NotReady, or what the setting promises is not there. Install it, or take the setting out where it can be left out.",
    },
    "application.projects": {
      severity: "info",
      title: "application that may act in no project",
      why: "An application that creates workloads for projects has rights in the namespaces of the projects that its configuration lists, and nowhere else, so that an attacker who controls it cannot read every Secret of the cluster. In a project that is not listed its requests are refused. List the projects, before an upgrade those that exist already.",
    },
    "application.kubernetes": {
      severity: "error",
      title: "application that needs a newer Kubernetes",
      why: "A setting of an application relies on a feature that the cluster's release does not have: its pods would never start, or never end. Take a newer release of Kubernetes, or leave the setting out.",
    },
    "finding.accepted": {
      severity: "warning",
      title: "accepted finding that is not found",
      why: "An entry of acceptedFindings names a warning or a note that the checks do not find any more, at this path or at all. Left in the file, it would silence the same finding when it comes back, with a reason that may not hold then. Remove the entry, or correct its path.",
    },
    "stack.setting": {
      severity: "error",
      title: "setting of the stack that is missing",
      why: "Some settings are not part of the environment, because they are secret or belong to Pulumi: a certificate that you provide, the kubeconfig of an existing cluster, and pulumi:disable-default-providers, without which a resource that lacks an explicit provider would be created in whatever cloud or cluster your shell is configured for. Set it as the message says.",
    },
    "deploy.part": {
      severity: "error",
      title: "deployment of a part that the environment does not have",
      why: "A key of deployParts is no part with charts in this environment: it is misspelt, or the application was removed. Left in the file, it would decide about the part when that comes back, against what runs by then. The message lists the parts; remove the entry, or correct it.",
    },
    "deploy.many-objects": {
      severity: "info",
      title: "part with so many objects that a set is faster",
      why: "Each object of the part is a Pulumi resource, which the engine reads, compares and writes into the state at every run: with thousands of them previews take minutes, and on a file backend the time of up grows faster than their number. As apply sets the objects of a namespace are one resource, and one changed user takes seconds. Take the part over in two runs, as docs/apply-set.md describes, or accept the finding.",
    },
    "override.invalid": {
      severity: "error",
      title: "override that breaks references",
      why: "An override in overrides.ts, or in the options of the program, returns arguments that name a resource which is not described, or two resources end up with one key. Registration would stop half way. Correct the override; the message names the resource.",
    },
    "override.unmatched": {
      severity: "warning",
      title: "override that matches nothing",
      why: "The key of an override in overrides.ts, or in the options of the program, names no resource type, server, file or object of this environment, so that the override does nothing. Usually it is misspelt, or the name has changed in this version. One that is meant for another environment of the same program is better given to that one alone.",
    },
  },
});
