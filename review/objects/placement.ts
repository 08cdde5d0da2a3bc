/** Replicas that must be apart, and more of them than there are places. */
import { fieldOf, identityOf, isJsonObject, listAt, type Manifest } from "../../deploy/manifest";
import type { ServerPlan } from "../../environment/plan/types";
import { finding, type Finding } from "../../environment/findings";
import { mayRunOn } from "../seats/pods";
import type { ObjectFacts } from "./cluster";

/** What each topology key tells apart, by the servers of the plan. */
const PLACES: Readonly<
  Record<string, readonly [word: string, of: (server: ServerPlan) => string | undefined]>
> = {
  "kubernetes.io/hostname": ["nodes", ({ key }) => key],
  "topology.kubernetes.io/zone": ["zones", ({ availabilityZone }) => availabilityZone],
};

export function placementFindings(manifest: Manifest, { nodes }: ObjectFacts): readonly Finding[] {
  const replicas = fieldOf(manifest, "spec", "replicas") ?? 1;
  if (nodes === undefined || typeof replicas !== "number" || replicas < 2) return [];
  const affinity = ["spec", "template", "spec", "affinity", "podAntiAffinity"];
  const terms = listAt(manifest, ...affinity, "requiredDuringSchedulingIgnoredDuringExecution");
  return terms.flatMap((term) => {
    const key = fieldOf(term, "topologyKey");
    const place = typeof key === "string" ? PLACES[key] : undefined;
    if (place === undefined || !isOfItself(term, manifest)) return [];
    const [word, placeOf] = place;
    const places = new Set(
      nodes.filter((node) => mayRunOn(node, manifest)).flatMap((node) => placeOf(node) ?? []),
    );
    if (replicas <= places.size) return [];
    return [
      finding(
        "workload.anti-affinity",
        identityOf(manifest),
        `its ${String(replicas)} replicas must be on different ${word}, and only ${String(places.size)} can take them`,
        "run fewer replicas, add nodes, or prefer different ones instead of requiring them",
      ),
    ];
  });
}

/** Whether the pods of a workload must be apart from each other. */
function isOfItself(term: unknown, manifest: Manifest): boolean {
  const selector = fieldOf(term, "labelSelector");
  if (!isJsonObject(selector) || "matchExpressions" in selector) return false;
  const { matchLabels } = selector;
  const labels = fieldOf(manifest, "spec", "template", "metadata", "labels");
  return Object.entries(isJsonObject(matchLabels) ? matchLabels : {}).every(
    ([name, value]) => fieldOf(labels, name) === value,
  );
}
