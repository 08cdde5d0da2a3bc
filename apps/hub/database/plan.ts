/** Copies of the databases and of people's files as the charts need them. */
import type { BackupsConfig } from "./configuration";

export interface BackupsPlan extends BackupsConfig {
  /** Of the names of one hub's copies in the bucket, with a slash at its end. */
  readonly databases: string;
  readonly files: string;
}

export function backupsPlan(config: BackupsConfig, environment: string, hub: string): BackupsPlan {
  const prefix = `${environment}/${hub}`;
  return { ...config, databases: `${prefix}/hub-db/`, files: `${prefix}/files/` };
}
