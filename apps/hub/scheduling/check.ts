/** What `apps.hub.scheduling` gets wrong beyond its schema. */
import { isTenant } from "../../../environment/config";
import { finding, type Finding } from "../../../environment/findings";
import type { ApplicationContext } from "../../../environment/parts/part";
import type { HubsConfig } from "../configuration";
import { SCHEDULER_RELEASES } from "./images";
import { clusterScheduler } from "./plan";

export function checkScheduling({
  config,
  environment,
  at,
}: ApplicationContext<HubsConfig>): readonly Finding[] {
  const { scheduling } = config;
  if (scheduling === undefined) return [];
  if (isTenant(environment))
    return [
      finding(
        "hub.scheduling",
        at("scheduling"),
        "makes priorities and a scheduler for the whole cluster, which a tenant may not",
        "leave it out, and set it in the environment that owns the cluster",
      ),
    ];
  if (!scheduling.userScheduler || clusterScheduler(environment) !== undefined) return [];
  return [
    finding(
      "hub.scheduling",
      at("scheduling.userScheduler"),
      `needs a scheduler of Kubernetes ${environment.cluster.version}, and the program knows those of ${Object.keys(SCHEDULER_RELEASES).join(", ")}`,
      "leave it out",
    ),
  ];
}
