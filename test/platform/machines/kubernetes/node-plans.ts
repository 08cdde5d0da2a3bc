/** Plans with nodes of every kind, and the part of one of their servers. */
import type { EnvironmentPlan } from "../../../../environment/plan/types";
import type { FileConfig, MachinePart } from "../../../../platform/machines/config";
import { kubernetesNode } from "../../../../platform/machines/kubernetes";
import { changed, configOf, planOf, stackBase, type Changes } from "../../../environment/configs";

/** prod with changes. */
export function planWith(changes: Changes = {}): EnvironmentPlan {
  const prod = stackBase("prod");
  return planOf(configOf("prod", changed(prod, changes)));
}

export function partOf(key: string, plan: EnvironmentPlan): MachinePart {
  const server = plan.servers.find((each) => each.key === key);
  if (server === undefined) throw new Error(`the plan has no server ${key}`);
  return kubernetesNode(server, plan);
}

export function fileOf(part: MachinePart, path: string): FileConfig {
  const file = part.files?.find((each) => each.path === path);
  if (file === undefined) throw new Error(`the part has no file ${path}`);
  return file;
}

/** Every release in an environment in which it is valid. */
export const RELEASES: Readonly<Record<string, Changes>> = {
  "1.25": {
    "cluster.version": "1.25",
    "storage.shared": { kind: "gluster", mode: "heketi-intree" },
    "servers.gluster.volumes.heketi": {
      size: "10Gi",
      use: { kind: "filesystem", mountPoint: "/var/lib/heketi" },
    },
  },
  "1.35": { "cluster.version": "1.35" },
  "1.36": {},
  "1.37": { "cluster.version": "1.37" },
};
