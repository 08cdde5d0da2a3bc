/** Copies of the databases as the charts need them. */
import type { BackupsConfig } from "./configuration";

export interface BackupsPlan extends BackupsConfig {
  /** Of the names of one hub's copies in the bucket, with a slash at its end. */
  readonly prefix: string;
}

export function backupsPlan(config: BackupsConfig, environment: string, hub: string): BackupsPlan {
  return { ...config, prefix: `${environment}/${hub}/hub-db/` };
}
