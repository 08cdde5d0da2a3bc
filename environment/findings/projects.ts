import { topic } from "./row";

export const PROJECTS = topic({
  title: "Projects",
  guide: "projects.md#a-project",
  rows: {
    "projects.group": {
      severity: "error",
      title: "group of people that the API server does not know",
      why: "A group of the identity provider has rights only where the API server learns the groups of a person from the provider: by cluster.oidc with its groupsClaim. A tenant cannot bind Kubernetes' own roles, since nobody may grant more rights than they have. Add the claim, or leave the groups out.",
    },
    "projects.sign-in": {
      severity: "error",
      title: "sign-in that would ask for no group",
      why: "The sign-in service is asked for people of the project's groups. Without a group the list in the request is empty, which sign-in services take as no limit, so everybody who is signed in would be let in. Name the groups of the project.",
    },
    "projects.everybody": {
      severity: "warning",
      title: "sign-in that does not know of projects",
      why: "The sign-in service is asked with the same address for the stacks of all projects. Everybody who is signed in may then open them all, and work with other people's files unless the service looks at the address that was asked for. Put {groups} or {project} into the address.",
    },
    "projects.storage": {
      severity: "error",
      title: "storage that a stack cannot mount",
      why: "A claim of a class without the wanted mode waits for ever, and so do its pods. A volume for one node at a time keeps all pods on other nodes waiting. Correct the name, take a class that many pods can mount at once, or give each stack storage of its own.",
    },
    "projects.image": {
      severity: "error",
      title: "stack without an image",
      why: "For some kinds of stacks no image is published under a tag that always names the same program, so none can be a default. A moving tag would bring another program at any restart. Build an image, and name it with its tag.",
    },
    "projects.resources": {
      severity: "error",
      title: "stack that requests as much as it may use",
      why: "Stacks are idle most of the time, so a node runs many more of them when each requests less than its limit. The lab's namespaces refuse a container whose request is not below its limit. Request less, or raise the limit.",
    },
    "projects.workers": {
      severity: "error",
      title: "cluster with fewer workers at most than at least",
      why: "The API server refuses an autoscaler whose maximum is below its minimum. Raise the maximum, or lower the minimum. Where both are the same number, there is no autoscaler.",
    },
    "projects.quota": {
      severity: "error",
      title: "quota below what the stacks of a project take",
      why: "The quota that is written down for a namespace refuses pods and claims beyond it: a stack does not start, or an autoscaler stops below its maximum without a word. Allow more, or run less. A namespace that is not mentioned gets as much as its stacks need.",
    },
  },
});
