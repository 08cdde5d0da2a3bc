/** Claims of workloads against the nodes that may run their pods: in another zone, and on nodes of users. */
import { fieldOf, identityOf, listAt, type Manifest } from "../../deploy/manifest";
import { finding, type Finding } from "../../environment/findings";
import type { ServerPlan } from "../../environment/plan/types";
import { mayRunOn } from "../seats/pods";
import type { ObjectFacts } from "./cluster";
import { podSpecOf } from "./pods";

/** What nodes of users are marked with (zero-to-jupyterhub's label). */
const PURPOSE = "hub.jupyter.org/node-purpose";
const ZONE_KEYS: readonly unknown[] = [
  "topology.kubernetes.io/zone",
  "topology.cinder.csi.openstack.org/zone",
];

export function claimPlaceFindings(
  manifests: readonly Manifest[],
  { nodes }: ObjectFacts,
): readonly Finding[] {
  if (nodes === undefined) return [];
  const zones = new Map(
    manifests
      .filter(({ kind }) => kind === "StorageClass")
      .map((each) => [each.metadata.name, zonesOf(each)]),
  );
  const classOf = new Map(
    manifests
      .filter(({ kind }) => kind === "PersistentVolumeClaim")
      .map((each) => [claimKey(each, each.metadata.name), classIn(each["spec"])]),
  );
  return manifests.flatMap((manifest) => {
    const classes = classesOf(manifest, classOf);
    if (classes.length === 0) return [];
    const places = nodes.filter((node) => mayRunOn(node, manifest));
    return [...zoneFindings(manifest, classes, { zones, places }), ...userNodes(manifest, places)];
  });
}

/** Zones that a class restricts its volumes to; none where it does not. */
function zonesOf(storageClass: Manifest): readonly unknown[] {
  return listAt(storageClass, "allowedTopologies")
    .flatMap((term) => listAt(term, "matchLabelExpressions"))
    .filter((each) => ZONE_KEYS.includes(fieldOf(each, "key")))
    .flatMap((each) => listAt(each, "values"));
}

function classIn(spec: unknown): string {
  const name = fieldOf(spec, "storageClassName");
  return typeof name === "string" ? name : "";
}

/** Classes of what a Deployment or a StatefulSet has claimed; Jobs end, and DaemonSets run everywhere. */
function classesOf(manifest: Manifest, classOf: ReadonlyMap<string, string>): readonly string[] {
  if (manifest.kind !== "Deployment" && manifest.kind !== "StatefulSet") return [];
  const templates = listAt(manifest, "spec", "volumeClaimTemplates").map((each) =>
    classIn(fieldOf(each, "spec")),
  );
  const claimed = listAt(podSpecOf(manifest), "volumes").flatMap((volume) => {
    const name = fieldOf(volume, "persistentVolumeClaim", "claimName");
    return typeof name === "string" ? (classOf.get(claimKey(manifest, name)) ?? []) : [];
  });
  return [...templates, ...claimed];
}

function claimKey({ metadata: { namespace = "" } }: Manifest, name: string): string {
  return `${namespace}/${name}`;
}

function zoneFindings(
  manifest: Manifest,
  classes: readonly string[],
  at: { readonly zones: ReadonlyMap<string, readonly unknown[]>; readonly places: readonly ServerPlan[] },
): readonly Finding[] {
  const known = [...new Set(at.places.flatMap(({ availabilityZone }) => availabilityZone ?? []))].sort();
  if (known.length === 0) return [];
  return classes.flatMap((name) => {
    const zones = at.zones.get(name) ?? [];
    if (zones.length === 0 || known.some((zone) => zones.includes(zone))) return [];
    return [
      finding(
        "claim.zone",
        identityOf(manifest),
        `volumes of the class ${name} are in ${zones.join(", ")}, and the nodes that may run its pods in ${known.join(", ")}`,
        "let it run on nodes of that zone, or name a class without the restriction",
      ),
    ];
  });
}

function userNodes(manifest: Manifest, places: readonly ServerPlan[]): readonly Finding[] {
  if (places.length === 0 || !places.every(({ labels }) => labels[PURPOSE] === "user")) return [];
  return [
    finding(
      "claim.user-nodes",
      identityOf(manifest),
      "has a volume, and only nodes of users may run its pods",
      "let it run on nodes that are not labelled for users",
    ),
  ];
}
