/** prod as it is, but for its software, its people, and how many workers it has. */
import type { EnvironmentPlan } from "../../../environment/plan/types";
import { changed, configOf, planOf, stackBase, type Changes } from "../../environment/configs";

/** Where the operator's allow-list lets clients come from. */
const FROM = ["198.51.100.0/24"];

export function clusterPlan(workers: number, changes: Changes): EnvironmentPlan {
  const prod = stackBase("prod");
  const etcd = { size: "20Gi", use: { kind: "filesystem", mountPoint: "/var/lib/etcd" } };
  const smaller = {
    software: { kind: "baked" },
    access: { kind: "bastion", operator: { kind: "allowlist", from: FROM }, ssh: { from: FROM } },
    people: {},
    "servers.controlPlane.volumes": { etcd },
    "servers.workers.general.min": workers,
    "servers.workers.general.volumes": {},
  };
  return planOf(configOf("prod", changed(prod, { ...smaller, ...changes })));
}
