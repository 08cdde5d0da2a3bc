/** `labstead adopt <stack> --cluster <kubeconfig>`: the environment of applications on an existing cluster. */
import { readFileSync } from "node:fs";
import { environments } from "../../catalog";
import { errorsOf } from "../../environment/findings";
import { parseKubeconfig, type ClusterAccess } from "../../provider/kubernetes-api/kubeconfig";
import { reasonOf, UserError } from "../shared/failure";
import { interrupted } from "../shared/interrupted";
import { clusterEnvironment } from "./cluster-environment";
import { readCluster } from "./cluster-facts";
import type { AdoptOptions } from "./options";
import { adoptionCode, adoptionText, type AdoptionReport } from "./report";
import { environmentFile, refuseExisting, writeAdoption } from "./write";

/** Sets the exit code as `runAdopt` does. */
export async function runAdoptCluster(stack: string, file: string, options: AdoptOptions): Promise<void> {
  const directory = process.cwd();
  if (options.write) refuseExisting([environmentFile(directory, stack)]);
  const report = await adoptCluster(stack, {
    access: accessOf(file),
    domain: options.domain,
    signal: interrupted(),
  });
  console.log(options.json ? JSON.stringify(report, undefined, 2) : adoptionText(report));
  process.exitCode = adoptionCode(report);
  if (!options.write) return;
  writeAdoption(directory, stack, report.environment, undefined);
  console.error(
    `${stack}: written; next: pulumi config set --secret labstead:kubeconfig --stack ${stack} < ${file}`,
  );
}

export interface ClusterQuestion {
  readonly access: ClusterAccess;
  /** @default that of the stack below example.org */
  readonly domain: string | undefined;
  readonly signal: AbortSignal;
}

/** @throws UserError if the server does not answer */
export async function adoptCluster(
  stack: string,
  { access, domain, signal }: ClusterQuestion,
): Promise<AdoptionReport> {
  const facts = await readCluster(access, signal).catch((error: unknown) => {
    throw new UserError(`the cluster could not be looked at: ${reasonOf(error)}`);
  });
  const { environment, assumptions, unplaced } = clusterEnvironment(facts, domain ?? `${stack}.example.org`);
  const parsed = environments.parse(stack, environment);
  const errors = parsed.ok ? errorsOf(environments.check(parsed.config)) : errorsOf(parsed.findings);
  return {
    ...{ stack, environment, unplaced, errors, imports: {}, kept: {}, later: [] },
    unread: facts.refused.map(({ what, why }) => ({ service: what, why })),
    assumptions: [
      ...(domain === undefined
        ? [
            {
              setting: "domain",
              assumed: `${stack}.example.org`,
              why: "the cluster does not know it; --domain sets it",
            },
          ]
        : []),
      ...assumptions,
    ],
  };
}

function accessOf(file: string): ClusterAccess {
  try {
    return parseKubeconfig(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UserError(`${file}: ${reasonOf(error)}`);
  }
}
