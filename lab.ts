/**
 * The lab as data: one function composes all layers from an environment's configuration. The Pulumi program registers
 * what it returns; the command prints and checks it. Nothing here talks to an engine or a cloud.
 */
import { environments as OUR_ENVIRONMENTS } from "./catalog";
import type { DeployPlan } from "./deploy/plan";
import type { Environments, Planned } from "./environment/environments";
import { errorsOf, FindingsError, type Finding } from "./environment/findings";
import type { EnvironmentPlan, ServerPlan } from "./environment/plan/types";
import type { EnvironmentPair } from "./environment/stack-file";
import { describe, type DescribeOptions } from "./infra/describe";
import { quotaReport, type QuotaReport } from "./infra/quota";
import type { InfraResource } from "./infra/types";
import { userDataFindings } from "./infra/user-data";
import { overrides } from "./overrides";
import { machines, userDataOf, type MachineConfig } from "./platform/machines";
import { renderParts } from "./render";

export interface Lab {
  readonly plan: EnvironmentPlan;
  /** OpenStack resources. */
  readonly infra: readonly InfraResource[];
  /** What runs on the servers, by their keys. */
  readonly machines: ReadonlyMap<string, MachineConfig>;
  /** Kubernetes objects. */
  readonly deploy: DeployPlan;
  readonly quota: QuotaReport;
  /** Everything the layers have to say; no errors among them. */
  readonly findings: readonly Finding[];
}

export interface LabOptions {
  /** Reaches the arguments of any OpenStack resource. @default those of overrides.ts */
  readonly overrides?: NonNullable<DescribeOptions["overrides"]>;
  /** Environments of another catalog of parts. @default those of catalog.ts */
  readonly environments?: Environments;
}

/**
 * Composes the lab of one environment.
 * @throws FindingsError with every error of every layer at once; nothing is half done then.
 */
export function lab({ config, owner }: EnvironmentPair, options: LabOptions = {}): Lab {
  const { environments = OUR_ENVIRONMENTS } = options;
  const checked = environments.check(config, owner);
  if (errorsOf(checked).length > 0)
    throw new FindingsError(config.name, [...checked, ...furtherFindings({ config, owner }, options)]);
  const composed = compose(environments.plan(config, owner), options);
  const findings = [...checked, ...composed.findings];
  if (errorsOf(findings).length > 0) throw new FindingsError(config.name, findings);
  return { ...composed, findings };
}

/** All layers of a plan; its findings are those of the layers alone. */
function compose(planned: Planned, options: LabOptions): Lab {
  const { environments = OUR_ENVIRONMENTS } = options;
  const { plan } = planned;
  const configs = machines(plan);
  const boot = userDataOf(plan, configs);
  const userData = ({ key }: ServerPlan) => boot.get(key);
  const infra = describe(plan, { userData, overrides, ...options });
  const quota = quotaReport(plan, infra);
  const { deploy, findings } = renderParts(environments.catalog, planned);
  return {
    ...{ plan, infra, machines: configs, deploy, quota },
    findings: [...quota.findings, ...userDataFindings(plan.servers, userData), ...findings],
  };
}

/**
 * What the other layers would say of an environment with errors, so that all errors come at once. What is wrong may keep
 * them from being composed at all: then they are heard when it is corrected, and so is a fault of the program.
 */
function furtherFindings(
  { config, owner }: { readonly config: EnvironmentPair["config"]; readonly owner: EnvironmentPair["owner"] },
  options: LabOptions,
): readonly Finding[] {
  const { environments = OUR_ENVIRONMENTS } = options;
  try {
    return compose(environments.plan(config, owner), options).findings;
  } catch {
    return [];
  }
}
