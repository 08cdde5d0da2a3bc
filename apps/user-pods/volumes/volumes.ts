/** Volumes of users' pods: claims that exist, claims of each user, and volumes that an administrator has made. */
import { PersistentVolumeClaim, type IPersistentVolumeClaim } from "cdk8s-plus-27";
import { Construct } from "constructs";
import type { Size } from "../../../environment/plan/types";
import { assertNever } from "../../../errors/assert-never";
import { VolumeClaim, type PodVolume } from "../../../kit";
import { StaticVolume } from "../../volumes/static-volume";
import { identityOf, nameOf } from "../names";
import type { PodUserPlan, UserPodsPlan, UserVolumePlan } from "../plan";

/** Volumes of one user's pod. */
export interface PodVolumes {
  readonly volumes: Readonly<Record<string, PodVolume>>;
  /** Group of a new volume's files; undefined where all volumes have owners already. */
  readonly fsGroup?: number;
}

/** The claims that all pods share; each pod's own ones are made with `of`. */
export class UserVolumes extends Construct {
  private readonly shared: ReadonlyMap<string, IPersistentVolumeClaim>;

  constructor(
    scope: Construct,
    id: string,
    private readonly plan: UserPodsPlan,
  ) {
    super(scope, id);
    this.shared = new Map(
      Object.entries(plan.volumes).flatMap(([name, volume]) => {
        const claim = this.sharedClaim(name, volume);
        return claim === undefined ? [] : [[name, claim] as const];
      }),
    );
  }

  /** Of one user's pod. The kubelet would give every file of a shared volume to the group, so there it gives none. */
  of(scope: Construct, user: PodUserPlan): PodVolumes {
    const volumes = Object.entries(this.plan.volumes).map(([name, volume]): [string, PodVolume] => [
      name,
      { kind: "claim", claim: this.shared.get(name) ?? this.ownClaim(scope, name, volume, user) },
    ]);
    const hasOwn = Object.values(this.plan.volumes).some(({ kind }) => kind === "perUser");
    return { volumes: Object.fromEntries(volumes), ...(hasOwn ? { fsGroup: user.gid } : {}) };
  }

  private sharedClaim(name: string, volume: UserVolumePlan): IPersistentVolumeClaim | undefined {
    switch (volume.kind) {
      case "claim":
        return PersistentVolumeClaim.fromClaimName(this, name, volume.claim);
      case "perUser":
        return undefined;
      case "static":
        return new StaticVolume(this, `Static-${name}`, {
          ...identityOf(this.plan, volume.claim, "volume"),
          namespace: this.plan.namespace,
          volume: volume.volume,
          size: volume.size,
          source: volume.source,
        }).claim;
      default:
        return assertNever(volume);
    }
  }

  /** @throws Error for a volume that pods share: a bug in the program */
  private ownClaim(
    scope: Construct,
    name: string,
    volume: UserVolumePlan,
    user: PodUserPlan,
  ): IPersistentVolumeClaim {
    if (volume.kind !== "perUser") throw new Error(`the volume ${name} is not of one user`);
    const { claim } = new VolumeClaim(scope, `Claim-${name}`, {
      ...identityOf(this.plan, `${nameOf(user)}-${name}`, "volume"),
      namespace: this.plan.namespace,
      size: volume.size,
      storageClass: volume.storageClass,
      protect: false,
      keep: true,
    });
    return claim;
  }
}

/** Whether the namespace has claims that are kept when their user is removed. */
export function keepsClaims({ volumes }: UserPodsPlan): boolean {
  return Object.values(volumes).some(({ kind }) => kind === "perUser");
}

/** Sizes of the claims that the program makes in the namespace. */
export function claimSizes({ volumes, users }: UserPodsPlan): readonly Size[] {
  return Object.values(volumes).flatMap((volume) => {
    switch (volume.kind) {
      case "claim":
        return [];
      case "perUser":
        return users.map(() => volume.size);
      case "static":
        return [volume.size];
      default:
        return assertNever(volume);
    }
  });
}
