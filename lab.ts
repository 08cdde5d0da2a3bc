/**
 * The lab as data: one function composes all layers from an environment's configuration. The Pulumi program registers
 * what it returns; the command prints and checks it. Nothing here talks to an engine or a cloud.
 */
import { App } from "cdk8s";
import { appCharts } from "./apps";
import { planCharts, type DeployPlan } from "./deploy/plan";
import type { EnvironmentPair } from "./environment/stack-file";
import { errorsOf, FindingsError, type Finding } from "./environment/findings";
import { planEnvironment } from "./environment/plan/plan";
import type { EnvironmentPlan, ServerPlan } from "./environment/plan/types";
import { describe } from "./infra/describe";
import { quotaReport, type QuotaReport } from "./infra/quota";
import type { InfraResource } from "./infra/types";
import { userDataFindings } from "./infra/user-data";
import type { LabOverrides } from "./lab-overrides";
import { overrides as ownOverrides } from "./overrides";
import { clusterCharts, clusterFindings } from "./platform/cluster";
import { machines, userDataOf, type MachineConfig } from "./platform/machines";
import { withFileOverrides } from "./platform/machines/override";
import { unmatchedOverrides } from "./review/overrides";

/** The composed lab of one environment: what would be made, as data. */
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

/** What an engineer may change of a lab beside its environment. */
export interface LabOptions {
  /** Reaches what the configuration does not know. @default those of overrides.ts */
  readonly overrides?: LabOverrides;
}

/**
 * Composes the lab of one environment.
 * @throws FindingsError with every error at once; nothing is half done then.
 */
export function lab(environment: EnvironmentPair, options: LabOptions = {}): Lab {
  const { overrides = ownOverrides } = options;
  const planned = planEnvironment(environment.config, environment.owner);
  if (!planned.ok) throw new FindingsError(environment.config.name, planned.findings);
  const { plan } = planned;
  const configs = withFileOverrides(machines(plan), overrides.machines ?? {});
  const boot = userDataOf(plan, configs);
  const userData = ({ key }: ServerPlan) => boot.get(key);
  const infra = describe(plan, { userData, overrides: overrides.resources ?? {} });
  const quota = quotaReport(plan, infra);
  const findings = [
    ...planned.findings,
    ...clusterFindings(plan),
    ...quota.findings,
    ...userDataFindings(plan.servers, userData),
  ];
  if (errorsOf(findings).length > 0) throw new FindingsError(plan.environment, findings);
  // What no chart renders is among the errors.
  const deploy = planCharts(charts(plan), { overrides: overrides.objects ?? {} });
  const composed = { plan, infra, machines: configs, deploy, quota };
  return { ...composed, findings: [...findings, ...unmatchedOverrides(overrides, composed)] };
}

function charts(plan: EnvironmentPlan): App {
  const app = new App();
  clusterCharts(app, plan);
  appCharts(app, plan);
  return app;
}
