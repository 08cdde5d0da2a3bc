/** The files of an adoption. */
import { join } from "node:path";
import { stringify } from "yaml";
import { adoptedFile, type Adopted } from "../../environment/adopted";
import { ENVIRONMENT_KEY } from "../../environment/stack-file";
import type { PlainMap } from "../../provider-protocol";
import { writeWhole } from "../shared/whole-file";

/** Both files; the second one only for an environment without errors. */
export function writeAdoption(
  directory: string,
  stack: string,
  environment: PlainMap,
  adopted: Adopted | undefined,
): void {
  writeWhole({ path: join(directory, `Pulumi.${stack}.yaml`), text: stackText(environment), mode: 0o644 });
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
