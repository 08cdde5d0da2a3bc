/** Volumes of users' pods: claims that exist, claims of each user, and volumes that an administrator has made. */
import { k8s, PersistentVolumeClaim, type IPersistentVolumeClaim } from "cdk8s-plus-27";
import { Construct } from "constructs";
import type { Size } from "../../../environment/plan/types";
import { assertNever } from "../../../errors/assert-never";
import { metadataOf, VolumeClaim, type PodVolume } from "../../../kit";
import { identityOf, nameOf } from "../names";
import type { PodUserPlan, StaticSource, UserPodsPlan, UserVolumePlan } from "../plan";

type StaticVolume = Extract<UserVolumePlan, { kind: "static" }>;

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
        return this.staticClaim(name, volume);
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

  /**
   * Bound by name to one volume, so that neither a class nor another volume takes its place. Both may be deleted: the
   * files stay where they are.
   */
  private staticClaim(name: string, { volume, claim, size, source }: StaticVolume): IPersistentVolumeClaim {
    const { namespace } = this.plan;
    const storage = { storage: k8s.Quantity.fromString(size) };
    const accessModes = ["ReadWriteMany"];
    const made = new k8s.KubePersistentVolume(this, `Volume-${name}`, {
      metadata: metadataOf(identityOf(this.plan, volume, "volume")),
      spec: {
        accessModes,
        capacity: storage,
        storageClassName: "",
        persistentVolumeReclaimPolicy: "Retain",
        claimRef: { namespace, name: claim },
        ...sourceOf(source),
      },
    });
    const bound = new k8s.KubePersistentVolumeClaim(this, `Claim-${name}`, {
      metadata: metadataOf(identityOf(this.plan, claim, "volume"), namespace),
      spec: { accessModes, storageClassName: "", volumeName: volume, resources: { requests: storage } },
    });
    bound.addDependency(made);
    return PersistentVolumeClaim.fromClaimName(this, name, claim);
  }
}

function sourceOf(source: StaticSource): Pick<k8s.PersistentVolumeSpec, "nfs" | "csi" | "mountOptions"> {
  switch (source.kind) {
    case "nfs":
      return { nfs: { server: source.server, path: source.path }, mountOptions: ["nfsvers=4.2"] };
    case "csi":
      return {
        csi: {
          driver: source.driver,
          volumeHandle: source.handle,
          ...(Object.keys(source.attributes).length === 0
            ? {}
            : { volumeAttributes: { ...source.attributes } }),
        },
      };
    default:
      return assertNever(source);
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
