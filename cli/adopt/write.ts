/** The files of an adoption. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { adoptedFile, type Adopted } from "../../environment/adopted";
import { ENVIRONMENT_KEY } from "../../environment/stack-file";
import type { PlainMap } from "../../provider-protocol";
import { UserError } from "../shared/failure";
import { writeWhole } from "../shared/whole-file";

/** @throws UserError if one of the files is there */
export function refuseExisting(files: readonly string[]): void {
  const found = files.find((file) => existsSync(file));
  if (found !== undefined) throw new UserError(`${found} exists already; move it away, nothing was written`);
}

/** Where the environment of a stack is written. */
export function environmentFile(directory: string, stack: string): string {
  return join(directory, `Pulumi.${stack}.yaml`);
}

/** Both files; the second one only for an environment without errors. */
export function writeAdoption(
  directory: string,
  stack: string,
  environment: PlainMap,
  adopted: Adopted | undefined,
): void {
  writeWhole({ path: environmentFile(directory, stack), text: stackText(environment), mode: 0o644 });
  if (adopted !== undefined)
    writeWhole({
      path: adoptedFile(directory, stack),
      text: `${JSON.stringify(adopted, undefined, 2)}\n`,
      mode: 0o644,
    });
}

function stackText(environment: PlainMap): string {
  const providers = { "pulumi:disable-default-providers": ["kubernetes", "labstead", "openstack"] };
  return stringify({ config: { ...providers, [ENVIRONMENT_KEY]: environment } });
}
