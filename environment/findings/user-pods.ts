import { topic } from "./row";

export const USER_PODS = topic({
  title: "Users' pods",
  guide: "per-user-pods.md#a-pod-for-each-user",
  rows: {
    "user-pods.id": {
      severity: "error",
      title: "two users with one UID, or one's own group given to another",
      why: "The file server knows people by their numbers alone: two users with one UID read and write each other's files, and so does a user with the private group of another one. Give each user the UID that the file server has for them. A group that several users share is not a UID of one of them.",
    },
    "user-pods.port": {
      severity: "error",
      title: "containers of a pod that cannot be reached, or not both",
      why: "The containers of a pod share one network. Of two that listen on one port, the second fails at every start. The Service of a pod leads to one container, which has to listen. Give each container a port of its own, and name the entry.",
    },
    "user-pods.volume": {
      severity: "error",
      title: "mount without a volume, unused volume, or path used twice",
      why: "A pod with a mount of an unknown volume, or with two mounts at one path, is refused by the API server. A volume that no container mounts would be made for each user, and stay empty. Correct the name, or leave it out.",
    },
    "user-pods.resources": {
      severity: "error",
      title: "container that requests as much as it may use",
      why: "Pods are idle most of the time, so a node runs many more of them when each requests less than its limit. The lab's namespaces refuse a container whose request is not below its limit. Request less, or raise the limit.",
    },
    "user-pods.node-port": {
      severity: "error",
      title: "user without a port of the window",
      why: "With exposure nodePort each user has one port of ports.window, which the firewalls and load balancers open. The ports are few, and stay with their users, so each is written down. Give the user a free one, or expose the pods by the ingress, which has a path for any number of users.",
    },
    "user-pods.open": {
      severity: "warning",
      title: "pods that anybody in the open networks can use",
      why: "A NodePort has no sign-in: everybody in ports.window.open reaches every user's pod, and with it the user's files. Use it for programs that ask for a sign-in themselves, or in a network of few people. The ingress asks before it lets anybody in.",
    },
    "user-pods.sign-in": {
      severity: "error",
      title: "user whom the gateway's sign-in does not know by one name",
      why: "The gateway knows people by the name that the sign-in gives them: two users with one name would reach one pod, and without a gateway a name is never read. An LDAP sign-in asks the directory that the UIDs come from. Give each user the name of the sign-in, and describe the directory.",
    },
    "user-pods.enforced": {
      severity: "error",
      title: "pods that nothing keeps from running as another user",
      why: "A file server believes the UID of a pod. That nobody makes a pod with somebody else's UID is a rule of the API server, an admission policy of the whole cluster: Kubernetes has them since 1.30, and a tenant may not make one. Describe the pods in the owner's configuration, on a cluster that is new enough.",
    },
  },
});
