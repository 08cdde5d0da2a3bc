/** What `apps.hub.scheduling` gets wrong beyond its schema. */
import { finding, type Finding } from "../../../environment/findings";
import type { ApplicationContext } from "../../../environment/parts/part";
import type { HubsConfig } from "../configuration";
import { SCHEDULER_RELEASES } from "./images";

/** Whether the environment may have a scheduler of its own, and of which release of Kubernetes. */
export type SchedulingSurroundings =
  { readonly kind: "tenant" } | { readonly kind: "known" | "unknown"; readonly version: string };

export function checkScheduling(
  { config, at }: ApplicationContext<HubsConfig>,
  surroundings: SchedulingSurroundings,
): readonly Finding[] {
  const { scheduling } = config;
  if (scheduling === undefined) return [];
  if (surroundings.kind === "tenant")
    return [
      finding(
        "hub.scheduling",
        at("scheduling"),
        "makes priorities and a scheduler for the whole cluster, which a tenant may not",
        "leave it out, and set it in the environment that owns the cluster",
      ),
    ];
  if (!scheduling.userScheduler || surroundings.kind === "known") return [];
  return [
    finding(
      "hub.scheduling",
      at("scheduling.userScheduler"),
      `needs a scheduler of Kubernetes ${surroundings.version}, and the program knows those of ${Object.keys(SCHEDULER_RELEASES).join(", ")}`,
      "leave it out",
    ),
  ];
}
