/** What homes need beside the claims that KubeSpawner makes: the common claim, and files that keep SQLite off NFS. */
import { Construct } from "constructs";
import { assertNever } from "../../errors/assert-never";
import { ConfigFile, json, VolumeClaim, type VolumeClaimProps } from "../../kit";
import { identityOf } from "./names";
import type { HubPlan } from "./plan";
import { SERVER_FILES, SHARED_CLAIM } from "./server/settings";

export class Homes extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly plan: HubPlan,
  ) {
    super(scope, id);
    const { homes } = plan;
    switch (homes.kind) {
      case "claim":
        return;
      case "shared":
        this.claim(homes);
        this.files();
        return;
      case "drive":
        this.files();
        return;
      default:
        assertNever(homes);
    }
  }

  private claim({ size, storageClass }: Pick<VolumeClaimProps, "size" | "storageClass">): void {
    const { namespace } = this.plan;
    new VolumeClaim(this, "Claim", {
      ...identityOf(this.plan, SHARED_CLAIM, "homes"),
      namespace,
      size,
      storageClass,
      accessMode: "ReadWriteMany",
    });
  }

  private files(): void {
    const { namespace } = this.plan;
    for (const { name, content } of SERVER_FILES)
      new ConfigFile(this, name, {
        ...identityOf(this.plan, name, "homes"),
        namespace,
        content: json(content),
      });
  }
}
