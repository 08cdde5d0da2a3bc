/** The built-in cloud with this repository's provider. */
import { extname, join } from "node:path";
import { startCloudProcess, type Cloud, type CloudOptions } from "../../rehearsal/cloud";

export type { Cloud, Faults } from "../../rehearsal/cloud";

/** Entry file of the cloud's process. */
export const CLOUD_PROCESS = join(__dirname, `cloud-process${extname(__filename)}`);

/**
 * @param environment variables that the provider in it reads, as the official plugin reads them. @default none
 * @throws with the process's own message if it does not start
 */
export function startCloud(
  options: CloudOptions,
  environment: Readonly<Record<string, string>> = {},
): Promise<Cloud> {
  return startCloudProcess(CLOUD_PROCESS, options, environment);
}
