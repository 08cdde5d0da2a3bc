/** `labstead adopt`: an existing lab becomes an environment. */
import { environments } from "../../catalog";
import { adoptedFile } from "../../environment/adopted";
import { stackFile } from "../../environment/stack-file";
import { lab } from "../../lab";
import { cloudSession } from "../shared/cloud-session";
import { pulumiOf } from "../shared/project-pulumi";
import { projectIn } from "../shared/project-backend";
import { pulumiExecutable } from "../shared/pulumi-executable";
import { adopt } from "./adopt";
import { importLab } from "./import";
import type { AdoptOptions } from "./options";
import { adoptionCode, adoptionText } from "./report";
import { roleChoices } from "./roles";
import { environmentFile, refuseExisting, writeAdoption } from "./write";

/** Sets the exit code: 0 everything has a place, 2 something has none, 3 something could not be looked at. */
export async function runAdopt(stack: string, options: AdoptOptions): Promise<void> {
  if (options.cluster !== undefined)
    return (await import("./run-cluster")).runAdoptCluster(stack, options.cluster, options);
  if (options.import) return runImport(stack);
  const directory = process.cwd();
  if (options.write) refuseExisting([environmentFile(directory, stack), adoptedFile(directory, stack)]);
  const { environment, adopted, report } = await adopt({
    stack,
    session: cloudSession(),
    roles: roleChoices(options.role ?? []),
    ...(options.network === undefined ? {} : { network: options.network }),
    ...(options.domain === undefined ? {} : { domain: options.domain }),
  });
  console.log(options.json ? JSON.stringify(report, undefined, 2) : adoptionText(report));
  process.exitCode = adoptionCode(report);
  if (!options.write) return;
  writeAdoption(directory, stack, environment, adopted);
  console.error(`${stack}: written; next: pulumi stack init ${stack}, labstead adopt ${stack} --import`);
}

async function runImport(stack: string): Promise<void> {
  const directory = process.cwd();
  const composed = lab(environments.read(stackFile(directory, stack)));
  const project = projectIn(directory).name;
  const pulumi = pulumiOf(pulumiExecutable(), stack);
  const lines = await importLab({ stack, project, lab: composed, pulumi, session: cloudSession() });
  for (const line of lines) console.log(line);
  console.log(`${stack}: see what differs: labstead preview ${stack}`);
}
