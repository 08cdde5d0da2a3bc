import { topic } from "./row";

export const TENANTS = topic({
  title: "Tenants, and environments beside each other",
  guide: "environment.md#three-kinds",
  rows: {
    "tenant.unlisted": {
      severity: "error",
      title: "tenant that its owner does not list",
      why: "The owner creates a tenant's rights, addresses, open NodePorts and kubeconfig from its entry under tenants. Without the entry none of these exist, and up would fail at the first object. Add the line that the message gives to the owner's file, bring the owner up, then the tenant.",
    },
    "tenant.owner": {
      severity: "error",
      title: "environment that cannot own this tenant's cluster",
      why: "A tenant is planned against its owner's file, so cluster.owner has to name a stack that has one and that owns a cluster itself; and an owner cannot be its own tenant. Correct the name, or add the owner's file beside the tenant's.",
    },
    "tenant.mismatch": {
      severity: "error",
      title: "something of a tenant that its owner did not give",
      why: "A tenant may use what its entry of the owner's file lists and nothing else: other NodePorts are closed, and it has no rights in other namespaces; and a namespace or host belongs to one environment only. Correct the tenant's file, or change the owner's entry and bring the owner up first. Ports beside ingress and window are the owner's to publish.",
    },
    "tenant.slot": {
      severity: "error",
      title: "slot that two tenants have",
      why: "A tenant's four addresses follow from its slot, so two tenants in one slot would have the same addresses, and each would be let in by the other's rules. Give the newer one a free slot.",
    },
    "namespace.reserved": {
      severity: "error",
      title: "namespace that belongs to the whole cluster",
      why: "Kubernetes' own namespaces and those of shared drivers and monitoring hold what all environments use. An application in one of them would share its rights and Secrets, and be deleted or delete with it. Choose a namespace of its own.",
    },
    "namespace.unknown": {
      severity: "error",
      title: "limits for a namespace that the environment does not create",
      why: "Quotas and default limits are created with the namespace that an application claims. For any other name nothing would be created, and the limits would hold nowhere. Correct the name; a tenant's namespaces are limited in the tenant's own file.",
    },
    "namespace.clash": {
      severity: "error",
      title: "namespace that two applications of one environment claim",
      why: "Each application creates its namespace itself, with the Pod Security level, quota and policies that it needs. Two in one namespace would overwrite each other's. Give each a namespace of its own.",
    },
    "host.clash": {
      severity: "error",
      title: "host or path that two applications of one environment serve",
      why: "The ingress controller sends requests for one host and path to one application, so the other would be unreachable. Give one of them another host, or another path where it can have one.",
    },
    "across.host": {
      severity: "error",
      title: "host that two environments serve",
      why: "A DNS name resolves to one address, so one of the two labs would be unreachable; and of two Ingresses in one cluster only one would be served. Choose another host in one of the files.",
    },
    "across.address": {
      severity: "error",
      title: "addresses of one existing network that two environments plan",
      why: "Each environment plans its addresses by itself. On the same network both would ask for the same ones, and Neutron refuses the ports of the second. Give each of the two network.ranges of its own.",
    },
    "across.network": {
      severity: "warning",
      title: "two labs that one person cannot connect to at the same time",
      why: "A WireGuard client has a route for each lab's network and tunnel. Where they share addresses, only one of the two can be reached while both tunnels are open. Choose other networks, or leave it if no one needs both at the same time.",
    },
    "across.file": {
      severity: "info",
      title: "listed tenant without a file here",
      why: "The owner keeps NodePorts and addresses open for it and has given it rights, but no file here uses them. That is right if the tenant's file is elsewhere. If the tenant is gone, remove its entry, so that nothing stays open.",
    },
  },
});
