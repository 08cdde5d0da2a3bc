/**
 * The lab as data: one function composes all layers from an environment's configuration. The Pulumi program registers
 * what it returns; the command prints and checks it. Nothing here calls an engine or a cloud.
 */
import { environments as OUR_ENVIRONMENTS } from "./catalog";
import type { DeployPlan } from "./deploy/plan";
import type { Adopted } from "./environment/adopted";
import type { Environments, Planned } from "./environment/environments";
import { errorsOf, finding, FindingsError, type Finding } from "./environment/findings";
import type { EnvironmentPlan, ServerPlan } from "./environment/plan/types";
import type { EnvironmentPair } from "./environment/stack-file";
import { DescriptionError } from "./infra/description-error";
import { describe, type DescribeOptions } from "./infra/describe";
import { quotaReport, type QuotaReport } from "./infra/quota";
import type { InfraResource } from "./infra/types";
import { userDataFindings } from "./infra/user-data";
import type { LabOverrides } from "./lab-overrides";
import { overrides as OUR_OVERRIDES } from "./overrides";
import { machines, userDataOf, type MachineConfig } from "./platform/machines";
import { withFileOverrides } from "./platform/machines/override";
import { renderParts } from "./render";
import { judgeFindings, type AcceptedFinding } from "./environment/findings/accepted";
import { deployPartsFindings } from "./review/deploy-parts";
import { insidePorts } from "./review/inside-ports";
import { placeFindings } from "./review/server-places";
import { objectFacts } from "./review/objects/cluster";
import { objectFindings } from "./review/objects/findings";
import { unmatchedOverrides } from "./review/overrides";
import { largestNode } from "./review/seats/nodes";

/** The composed lab of one environment: everything that would be created, as data. */
export interface Lab {
  readonly plan: EnvironmentPlan;
  /** OpenStack resources. */
  readonly infra: readonly InfraResource[];
  /** What runs on the servers, by their keys. */
  readonly machines: ReadonlyMap<string, MachineConfig>;
  /** Kubernetes objects. */
  readonly deploy: DeployPlan;
  /** Keys of the parts by the ids of their charts. */
  readonly partOfChart: ReadonlyMap<string, string>;
  readonly quota: QuotaReport;
  /** Findings of all layers that nobody has accepted; none of them is an error. */
  readonly findings: readonly Finding[];
  /** Of a lab that existed before its environment. */
  readonly adopted?: Adopted;
  /** Those that the environment accepts, with the reasons. */
  readonly accepted: readonly AcceptedFinding[];
}

/** What an engineer may change of a lab beside its environment. */
export interface LabOptions {
  /** Reaches what the configuration does not know. @default those of overrides.ts */
  readonly overrides?: LabOverrides;
  /** Environments of another catalog of parts. @default those of catalog.ts */
  readonly environments?: Environments;
}

/**
 * Composes the lab of one environment.
 * @throws FindingsError with every error of every layer at once; nothing is returned then.
 */
export function lab(environment: EnvironmentPair, options: LabOptions = {}): Lab {
  const { environments = OUR_ENVIRONMENTS } = options;
  const { config, owner, adopted } = environment;
  const checked = environments.check(config, owner);
  if (errorsOf(checked).length > 0)
    throw new FindingsError(config.name, [...checked, ...furtherFindings(environment, options)]);
  const composed = compose(environments.plan(config, owner), options, adopted);
  const findings = [...checked, ...composed.findings];
  if (errorsOf(findings).length > 0) throw new FindingsError(config.name, findings);
  return { ...composed, ...judgeFindings(findings, config.acceptedFindings) };
}

/** All layers of a plan; its findings are those of the layers alone. */
function compose(planned: Planned, options: LabOptions, adopted?: Adopted): Omit<Lab, "accepted"> {
  const { environments = OUR_ENVIRONMENTS, overrides = OUR_OVERRIDES } = options;
  const { plan } = planned;
  const configs = withFileOverrides(machines(plan), overrides.machines ?? {});
  const boot = userDataOf(plan, configs);
  // A server keeps its own boot files; those of a new one contain keys that are made with the servers' files.
  const userData = ({ key }: ServerPlan) =>
    adopted?.infrastructureOnly === true ? undefined : boot.get(key);
  const given = adopted === undefined ? {} : { adopted };
  const described = infrastructure(plan, { userData, overrides: overrides.resources ?? {}, ...given });
  const { infra } = described;
  const quota = quotaReport(plan, infra);
  const { deploy, partOfChart, findings } = renderParts(environments.catalog, planned, overrides.objects);
  const composed = { plan, infra, machines: configs, deploy, partOfChart, quota, ...given };
  const manifests = deploy.objects.map(({ manifest }) => manifest);
  return {
    ...composed,
    findings: [
      ...described.findings,
      ...quota.findings,
      ...userDataFindings(plan.servers, userData),
      ...insidePorts(plan),
      ...placeFindings(plan),
      ...findings,
      ...deployPartsFindings(composed),
      ...objectFindings(manifests, objectFacts(plan, manifests, largestNode({ plan, deploy }))),
      ...unmatchedOverrides(overrides, composed),
    ],
  };
}

/** The resources; findings where an override breaks references. */
function infrastructure(
  plan: EnvironmentPlan,
  options: DescribeOptions,
): { readonly infra: readonly InfraResource[]; readonly findings: readonly Finding[] } {
  try {
    return { infra: describe(plan, options), findings: [] };
  } catch (error) {
    if (!(error instanceof DescriptionError)) throw error;
    const findings = error.problems.map(({ key, message }) =>
      finding("override.invalid", key, message, "correct the override of its type"),
    );
    return { infra: describe(plan, { ...options, overrides: {} }), findings };
  }
}

/**
 * Findings of the other layers for an environment with errors, so that all errors are reported at once. The errors may
 * prevent the layers from being composed: then their findings, or a fault of the program, are reported once those are
 * corrected.
 */
function furtherFindings(
  { config, owner, adopted }: EnvironmentPair,
  options: LabOptions,
): readonly Finding[] {
  const { environments = OUR_ENVIRONMENTS } = options;
  try {
    return compose(environments.plan(config, owner), options, adopted).findings;
  } catch {
    return [];
  }
}
