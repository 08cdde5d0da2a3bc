/** Volume claims that no class provides, and those that their pods cannot share. */
import { fieldOf, identityOf, listAt, type Manifest } from "../../deploy/manifest";
import { finding, type Finding } from "../../environment/findings";
import type { ObjectFacts, StorageClasses } from "./cluster";
import { podSpecOf } from "./pods";

/** A claim, or the template of claims. */
interface Claim {
  readonly owner: Manifest;
  /** Empty for a claim by itself. */
  readonly template: string;
  readonly spec: unknown;
}

export function claimFindings(manifests: readonly Manifest[], { classes }: ObjectFacts): readonly Finding[] {
  return [
    ...(classes === undefined
      ? []
      : manifests.flatMap(claimsOf).flatMap((claim) => classFindings(claim, classes))),
    ...sharingFindings(manifests),
  ];
}

function claimsOf(owner: Manifest): readonly Claim[] {
  if (owner.kind === "PersistentVolumeClaim") return [{ owner, template: "", spec: owner["spec"] }];
  const templates = owner.kind === "StatefulSet" ? listAt(owner, "spec", "volumeClaimTemplates") : [];
  const ephemeral = listAt(podSpecOf(owner), "volumes").flatMap((volume) => {
    const spec = fieldOf(volume, "ephemeral", "volumeClaimTemplate", "spec");
    return spec === undefined ? [] : [{ owner, template: String(fieldOf(volume, "name")), spec }];
  });
  return [
    ...templates.map((each) => ({
      owner,
      template: String(fieldOf(each, "metadata", "name")),
      spec: fieldOf(each, "spec"),
    })),
    ...ephemeral,
  ];
}

function classFindings(claim: Claim, { all, block, hasDefault }: StorageClasses): readonly Finding[] {
  const name = fieldOf(claim.spec, "storageClassName");
  const path = identityOf(claim.owner);
  // An empty class asks for a volume that somebody made by hand.
  if (name === "") return [];
  if (typeof name !== "string")
    return hasDefault === false
      ? [
          finding(
            "claim.class",
            path,
            `${called(claim)} names no storage class, and the cluster has no default one`,
            "name a class, or set storage.defaultClass",
          ),
        ]
      : [];
  if (all !== undefined && !all.has(name))
    return [
      finding(
        "claim.class",
        path,
        `${called(claim)} names the storage class ${name}, which the cluster does not have; it has ${[...all].sort().join(", ")}`,
        "name one of these",
      ),
    ];
  const many = modesOf(claim.spec).find((mode) => mode === "ReadWriteMany" || mode === "ReadOnlyMany");
  if (many === undefined || !block.has(name)) return [];
  return [
    finding(
      "claim.mode",
      path,
      `${called(claim)} asks for ${many}, and volumes of the class ${name} are of one node at a time`,
      "ask for ReadWriteOnce, or name a class of shared storage",
    ),
  ];
}

function called({ template }: Claim): string {
  return template === "" ? "the claim" : `the claim of ${template}`;
}

function modesOf(spec: unknown): readonly unknown[] {
  return listAt(spec, "accessModes");
}

/** Several pods of one workload on a claim that one node, or one pod, can have. */
function sharingFindings(manifests: readonly Manifest[]): readonly Finding[] {
  const single = new Set(
    manifests.filter(({ kind }) => kind === "PersistentVolumeClaim").flatMap(singleClaim),
  );
  return manifests.flatMap((manifest) => {
    const pods = podsOf(manifest);
    if (pods === undefined) return [];
    return listAt(podSpecOf(manifest), "volumes").flatMap((volume) => {
      const name = fieldOf(volume, "persistentVolumeClaim", "claimName");
      if (typeof name !== "string" || !single.has(claimKey(manifest, name))) return [];
      return [
        finding(
          "claim.mode",
          identityOf(manifest),
          `${pods} use the claim ${name}, which one node at a time can have`,
          "run one replica, make a claim for each by a StatefulSet, or use a class of shared storage with ReadWriteMany",
        ),
      ];
    });
  });
}

function singleClaim(manifest: Manifest): readonly string[] {
  const modes = modesOf(manifest["spec"]);
  const isSingle = modes.length > 0 && modes.every((mode) => String(mode).startsWith("ReadWriteOnce"));
  return isSingle ? [claimKey(manifest, manifest.metadata.name)] : [];
}

function claimKey({ metadata: { namespace = "" } }: Manifest, name: string): string {
  return `${namespace}/${name}`;
}

/** Undefined for a workload of one pod. */
function podsOf(manifest: Manifest): string | undefined {
  if (manifest.kind === "DaemonSet") return "the pods of all nodes";
  const replicas = fieldOf(manifest, "spec", "replicas");
  const isMany = typeof replicas === "number" && replicas > 1;
  return isMany ? `its ${String(replicas)} replicas` : undefined;
}
