/** The object store of copies, as pods of one namespace reach it: its keys, and the module by which programs speak to it. */
import { Secret, type ISecret } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { secretValue } from "../../../environment/secrets";
import { ConfigFile, metadataOf, type Environment, type Mount } from "../../../kit";
import type { BackupsPlan } from "../database/plan";
import { identityOf } from "../names";
import type { HubPlan } from "../plan";
import { BACKUP_SECRETS } from "../secrets";

/** What a program of copies finds in its variables. */
export const STORE_VARIABLES = {
  endpoint: "BACKUP_ENDPOINT",
  region: "BACKUP_REGION",
  bucket: "BACKUP_BUCKET",
  prefix: "BACKUP_PREFIX",
  keep: "BACKUP_KEEP",
  accessKey: "BACKUP_ACCESS_KEY",
  secretKey: "BACKUP_SECRET_KEY",
} as const;

const MODULE = "store.py";

/** Python's text of the module, which programs import from their own folder. */
export function storeModule(): string {
  return readFileSync(join(__dirname, "programs", MODULE), "utf8");
}

export class ObjectStore extends Construct {
  private readonly module: ConfigFile;
  private readonly keys: ISecret;

  constructor(
    scope: Construct,
    id: string,
    private readonly plan: HubPlan,
    namespace: string,
  ) {
    super(scope, id);
    this.module = new ConfigFile(this, "Module", {
      ...identityOf(plan, "hub-store-module", "backup"),
      ...{ namespace, key: MODULE, content: storeModule() },
    });
    if (plan.backups !== undefined) this.secret(namespace);
    this.keys = Secret.fromSecretName(this, "Reference", KEYS);
  }

  /** For a program of this folder. */
  moduleIn(folder: string): Mount {
    return { kind: "config", path: `${folder}/${MODULE}`, config: this.module };
  }

  /** @param prefix of the names of these copies. @param keep how many stay */
  variables({ endpoint, region, bucket }: BackupsPlan, prefix: string, keep: number): Environment {
    const secret = this.keys;
    return {
      [STORE_VARIABLES.endpoint]: endpoint,
      [STORE_VARIABLES.region]: region,
      [STORE_VARIABLES.bucket]: bucket,
      [STORE_VARIABLES.prefix]: prefix,
      [STORE_VARIABLES.keep]: String(keep),
      [STORE_VARIABLES.accessKey]: { secret, key: "accessKey" },
      [STORE_VARIABLES.secretKey]: { secret, key: "secretKey" },
    };
  }

  /** In a Secret that neither the hub nor the drive gets. */
  private secret(namespace: string): void {
    const { accessKey, secretKey } = BACKUP_SECRETS;
    new Secret(this, "Keys", {
      metadata: metadataOf(identityOf(this.plan, KEYS, "secret"), namespace),
      immutable: false,
      stringData: {
        accessKey: secretValue(accessKey).toString(),
        secretKey: secretValue(secretKey).toString(),
      },
    });
  }
}

const KEYS = "hub-backups";
