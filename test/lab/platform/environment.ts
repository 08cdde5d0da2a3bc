/** prod, smaller: what one test host can boot. */
import { changed, stackBase, type Changes, type Json } from "../../environment/configs";

const FROM = ["198.51.100.0/24"];
const ETCD = { size: "20Gi", use: { kind: "filesystem", mountPoint: "/var/lib/etcd" } };

/** The tenant's of the owner's file, with a load balancer and no applications. */
export function tenantEnvironment(): Json {
  const test = stackBase("test");
  return changed(test, { deploy: "applySet", "ports.window": undefined, apps: {} });
}

/** What the owner's file says of its tenants. */
export function tenantsOfProd(): Json {
  return stackBase("prod")["tenants"] as Json;
}

/**
 * A bastion, two gateways, a control plane with etcd on its own volume, two workers; kube-router, whose image the nodes have;
 * no applications. Charts go by sets.
 */
export function environment(changes: Changes = {}): Json {
  const prod = stackBase("prod");
  return changed(prod, {
    software: { kind: "baked" },
    access: { kind: "bastion", operator: { kind: "allowlist", from: FROM }, ssh: { from: FROM } },
    "servers.loadBalancer": undefined,
    "servers.gluster": undefined,
    "servers.controlPlane.min": 1,
    "servers.controlPlane.volumes": { etcd: ETCD },
    "servers.workers.general.min": 2,
    "servers.workers.general.max": 2,
    "servers.workers.general.volumes": {},
    edge: { kind: "haproxy", on: "gateway" },
    deploy: "applySet",
    "ports.window": undefined,
    "cluster.cni": { kind: "kube-router" },
    "storage.shared": undefined,
    people: {},
    tenants: undefined,
    apps: {},
    ...changes,
  });
}
