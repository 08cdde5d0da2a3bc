import { topic } from "./row";

export const CLOUD = topic({
  title: "The project in the cloud",
  guide: "real-cloud.md#before-the-first-up",
  rows: {
    "credential.admin": {
      severity: "error",
      title: "credential with rights beyond its project",
      why: "Application credentials are stored inside the lab, where a compromised pod or server can read them. With an administrator role an attacker could then reach every project of the cloud. List the roles that its user needs, such as member, reader or load-balancer_member.",
    },
    "credential.unrestricted": {
      severity: "warning",
      title: "credential that can create further credentials",
      why: "Anyone who reads an unrestricted credential can create others, which stay valid after this one was revoked. Remove unrestricted unless what uses the credential creates credentials itself.",
    },
    "credential.expired": {
      severity: "error",
      title: "expired credential",
      why: "OpenStack refuses it, so whatever uses it in the cluster can no longer create volumes, load balancers or routes; what runs already keeps running. Write a later expiresAt and rotate the credential. labstead doctor reports this: a plan is the same on every day.",
    },
    "credential.expires": {
      severity: "warning",
      title: "credential that expires within 30 days",
      why: "On that day OpenStack refuses it, and what uses it in the cluster stops working. Write a later expiresAt and rotate it before then; labstead doctor reports it while there is time to do so.",
    },
    "quota.exceeded": {
      severity: "error",
      title: "more than the project's quota allows",
      why: "OpenStack refuses the first resource above a limit, so up would fail half way, with part of the servers created. The numbers are those of quota in the file, compared with what the environment needs, together with its tenants; the cloud is not queried. Request a larger quota and raise the number, or make the environment smaller.",
    },
    "quota.group-members": {
      severity: "warning",
      title: "server group with more members than clouds usually allow",
      why: "Nova counts the members of a server group, ten where nobody has set another limit (quota server_group_members), and refuses the next server of the pool. Write the project's limit as quota.serverGroupMembers to have it compared, split the pool, or write antiAffinity none.",
    },
    "quota.unknown-flavor": {
      severity: "info",
      title: "flavor whose size is not known",
      why: "A limit of cores or memory is set, and servers of this flavor cannot be counted in it, so the quota may be exceeded unnoticed. Write the flavor's size under flavors.",
    },
    "cloud.name": {
      severity: "error",
      title: "flavor, image, network, zone or type that the cloud lacks",
      why: "OpenStack refuses a resource that names something it does not know, so up would fail half way. labstead check --cloud compares the environment with what the project can use. Names are case-sensitive; copy one of those that the message lists.",
    },
    "cloud.flavor-size": {
      severity: "warning",
      title: "flavor whose size in the cloud is another one",
      why: "The quota, the seats and the sizes of nodes are counted with the size under flavors in the file. If the cloud's flavor has another size, these numbers are wrong. Copy what openstack flavor show prints.",
    },
    "cloud.mtu": {
      severity: "error",
      title: "MTU larger than the one of the existing network",
      why: "Servers and pods would send packets that the network drops. Small ones pass, so that logins and names work while downloads and uploads stall. Write the network's own MTU, from which the program subtracts what the encapsulation needs.",
    },
    "cloud.quota": {
      severity: "error",
      title: "more than the cloud's quota allows",
      why: "OpenStack refuses the first resource above a limit, so up would fail half way. The limits are those of the project on the day of labstead check --cloud; what other environments of the project have made already is not subtracted. Request a larger quota, or make the environment smaller.",
    },
    "cloud.unread": {
      severity: "info",
      title: "service of the cloud that could not be asked",
      why: "The findings about flavors, images, networks, zones, types or quotas are not complete, since the service did not answer or the user may not read it. Repeat the command when it answers, or compare by hand.",
    },
  },
});
