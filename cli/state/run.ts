/** `labstead state …`: where the state is, who holds its lock, and copies of it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { assertNever } from "../../errors/assert-never";
import { backendUrl, bucketPlace, secretsProvider } from "../../environment/backend-url";
import { PROJECT_FILE } from "../../environment/project-file";
import { textTable } from "../../review/table";
import { pulumiOf } from "../shared/project-pulumi";
import { pulumiExecutable } from "../shared/pulumi-executable";
import { UserError } from "../shared/failure";
import { holder, isStale } from "../shared/locks";
import { withBucket, type Versioning } from "../shared/state-bucket";
import { copyState, restoreState, type RestoreOptions } from "./copies";
import { projectIn } from "../shared/project-backend";
import { writeWhole } from "../shared/whole-file";
import { withValue } from "../shared/yaml-edit";
import { placeText } from "../shared/backend-failure";

/** Not below `.labstead`, which `make clean` removes. */
export const BACKUP_FOLDER = "state-backup";

/** Writes the choice of `labstead.state` where the Pulumi CLI reads it. */
export function runUse(): void {
  const directory = process.cwd();
  const { state } = projectIn(directory);
  if (state === undefined)
    throw new UserError(
      `labstead.state of ${PROJECT_FILE} is missing; docs/state.md shows how it is written`,
    );
  const file = join(directory, PROJECT_FILE);
  const text = withValue(readFileSync(file, "utf8"), ["backend", "url"], backendUrl(state));
  writeWhole({ path: file, text });
  console.log(`${PROJECT_FILE}: pulumi and labstead use ${placeText(backendUrl(state))} from now on`);
}

/** Creates a stack whose secrets are encrypted according to `labstead.state`. */
export async function runInit(stack: string): Promise<void> {
  const { state } = projectIn(process.cwd());
  await pulumiOf(pulumiExecutable(), stack).init(
    state === undefined ? "default" : secretsProvider(state.secrets),
  );
  console.log(`${stack}: the stack is made; go on with: labstead up ${stack}`);
}

export async function runShow(stack: string): Promise<void> {
  const pulumi = pulumiOf(pulumiExecutable(), stack);
  const backend = await pulumi.backend();
  const locks = await pulumi.locks();
  const state = await pulumi.export();
  const rows = [
    ["backend", `${placeText(backend)}, by ${source()}`],
    ["versions", await versions(backend)],
    ["lock", locks.length === 0 ? "none" : locks.map(holderText).join(", ")],
    ["resources", state === undefined ? "no such stack" : String(state.deployment.resources.length)],
    ["open operations", String(state?.deployment.pending_operations.length ?? 0)],
  ];
  console.log(textTable(`State of ${stack}`, ["what", "value"], rows).trimEnd());

  function holderText(lock: Parameters<typeof holder>[0]): string {
    return isStale(lock) ? `${holder(lock)}, a run that was killed: labstead recover ${stack}` : holder(lock);
  }
}

export async function runBackup(stack: string, { to }: { readonly to: string }): Promise<void> {
  const { file, fresh, resources, open: begun } = await copyState(pulumiOf(pulumiExecutable(), stack), to);
  console.log(
    `${stack}: ${String(resources)} resources, ${fresh ? "copied to" : "already copied to"} ${file}`,
  );
  if (begun.length > 0)
    console.log(`a run was killed or is at work, and these are open in it: ${begun.join(", ")}`);
}

export async function runRestore(stack: string, file: string, options: RestoreOptions): Promise<void> {
  const {
    resources,
    before,
    open: begun,
  } = await restoreState(pulumiOf(pulumiExecutable(), stack), file, BACKUP_FOLDER, options);
  if (before !== undefined) console.log(`${stack}: the state as it was: ${before}`);
  console.log(`${stack}: ${String(resources)} resources are in the state again`);
  if (begun.length > 0)
    console.log(`look for these in the cloud, they were being done then: ${begun.join(", ")}`);
  console.log(`what the cloud has changed since shows: pulumi refresh -s ${stack} --preview-only`);
}

function source(): string {
  if ((process.env["PULUMI_BACKEND_URL"] ?? "") !== "") return "PULUMI_BACKEND_URL";
  return projectIn(process.cwd()).backendUrl === undefined ? "pulumi login" : PROJECT_FILE;
}

async function versions(backend: string): Promise<string> {
  const place = bucketPlace(backend);
  if (place !== undefined) return versioningText(await withBucket(place, (bucket) => bucket.versioning()));
  return backend.startsWith("file://") ? "none: keep copies by labstead state backup" : "kept by the service";
}

export function versioningText(versioning: Versioning): string {
  switch (versioning) {
    case "on":
      return "the bucket keeps old versions";
    case "suspended":
    case "off":
      return "the bucket keeps no old versions: switch its versioning on";
    case "unknown":
      return "the object store does not report it: keep copies by labstead state backup";
    default:
      return assertNever(versioning);
  }
}
