/** Storage and assets of a project, as its stacks mount them. */
import { PersistentVolumeClaim, type IPersistentVolumeClaim } from "cdk8s-plus-27";
import { Construct } from "constructs";
import type { Size } from "../../environment/plan/types";
import { VolumeClaim, type Mount, type PodVolume } from "../../kit";
import { StaticVolume } from "../volumes/static-volume";
import { identityOf } from "./names";
import type { AssetPlan, ProjectPlan } from "./plan";

/** What a pod mounts beside its own storage. */
export interface MountedAssets {
  readonly volumes: Readonly<Record<string, PodVolume>>;
  readonly mounts: readonly Mount[];
}

export class ProjectVolumes extends Construct {
  /** Of the claims that the program makes. */
  readonly sizes: readonly Size[];
  /** The same for all stacks. */
  readonly assets: MountedAssets;

  constructor(
    scope: Construct,
    id: string,
    private readonly plan: ProjectPlan,
  ) {
    super(scope, id);
    for (const { name, claim, ...each } of plan.storage)
      new VolumeClaim(this, `Storage-${name}`, {
        ...identityOf(plan, claim, "storage"),
        namespace: plan.namespace.name,
        size: each.size,
        storageClass: each.storageClass,
        accessMode: each.access,
        protect: false,
        keep: true,
      });
    this.assets = {
      volumes: Object.fromEntries(
        plan.assets.map((asset): [string, PodVolume] => [
          `assets-${asset.name}`,
          { kind: "claim", claim: this.assetClaim(asset), readOnly: true },
        ]),
      ),
      mounts: plan.assets.map(({ name }): Mount => ({
        kind: "volume",
        volume: `assets-${name}`,
        path: `/assets/${name}`,
        readOnly: true,
      })),
    };
    this.sizes = [
      ...plan.storage.map(({ size }) => size),
      ...plan.assets.flatMap(({ volume }) => (volume === undefined ? [] : [volume.size])),
    ];
  }

  /** A claim of the project by its name. */
  claim(scope: Construct, name: string): IPersistentVolumeClaim {
    return PersistentVolumeClaim.fromClaimName(scope, "Storage", name);
  }

  private assetClaim({ name, claim, volume }: AssetPlan): IPersistentVolumeClaim {
    if (volume === undefined) return PersistentVolumeClaim.fromClaimName(this, `Asset-${name}`, claim);
    return new StaticVolume(this, `Asset-${name}`, {
      ...identityOf(this.plan, claim, "assets"),
      namespace: this.plan.namespace.name,
      volume: volume.name,
      size: volume.size,
      source: volume.source,
    }).claim;
  }
}
