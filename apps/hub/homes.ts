/** What homes need beside the claims that KubeSpawner makes: the common claim, and files that keep SQLite off NFS. */
import { Construct } from "constructs";
import { assertNever } from "../../errors/assert-never";
import { ConfigFile, json, VolumeClaim } from "../../kit";
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
    const { kind } = plan.homes;
    switch (kind) {
      case "claim":
        return;
      case "shared":
        this.claim();
        this.files();
        return;
      case "drive":
        this.files();
        return;
      default:
        assertNever(kind);
    }
  }

  private claim(): void {
    const { namespace, homes } = this.plan;
    if (homes.kind === "drive") return;
    new VolumeClaim(this, "Claim", {
      ...identityOf(this.plan, SHARED_CLAIM, "homes"),
      namespace,
      size: homes.size,
      storageClass: homes.storageClass,
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
