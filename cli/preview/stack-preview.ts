/** The report of one stack, from both sides and what the engine says. */
import { join } from "node:path";
import { CATALOG } from "../../catalog";
import { isOnExistingCluster, isTenant } from "../../environment/config";
import { EXISTING_EFFECTS, OWNER_EFFECTS, TENANT_EFFECTS } from "../../environment/effects/environment";
import type { EffectTree } from "../../environment/parts/effects";
import type { JudgedFindings } from "../../environment/findings/accepted";
import { diagram } from "../../review/diagram";
import { costReport, type CostReport } from "../../review/cost/cost";
import { costChanges, judgedChanges, quotaChanges, seatChanges } from "../../review/preview/compare";
import { diagramChanges } from "../../review/preview/diagram-changes";
import { otherSettings, settingChanges } from "../../review/preview/settings";
import type { StackPreview } from "../../review/preview/types";
import { seatReport, type SeatRow } from "../../review/seats/seats";
import type { Lab } from "../../lab";
import { applicationCharts } from "../shared/application-charts";
import { disruptions } from "./disruptions";
import { previewSteps, type Outcome } from "./events";
import { fileChanges } from "./file-changes";
import { configOf, type StackSide } from "./side";

export interface StackSides {
  readonly stack: string;
  readonly base: StackSide | undefined;
  readonly head: StackSide | undefined;
}

const NOTHING: Outcome = { steps: [], failures: [], refusals: [], messages: [] };

/** @param folder for the files that are compared */
export function stackPreview(
  { stack, base, head }: StackSides,
  outcome: Outcome = NOTHING,
  folder: string,
): StackPreview {
  const [before, after] = [base?.lab, head?.lab];
  const state = head === undefined ? "removed" : base === undefined ? "new" : "changed";
  const picture =
    after && diagramChanges(before && diagram(before.plan, before.infra), diagram(after.plan, after.infra));
  return {
    stack,
    state,
    failures: [...outcome.failures],
    refusals: outcome.refusals,
    messages: outcome.messages,
    steps: previewSteps(outcome.steps, [before, after]),
    disruptions: disruptions(before, after),
    settings:
      head === undefined
        ? []
        : [
            ...settingChanges(base?.written, head.written, effects(base, head)),
            ...otherSettings(base?.others ?? {}, head.others),
          ],
    ...judgedChanges(judgedOf(base), judgedOf(head)),
    quota: after === undefined ? [] : quotaChanges(before?.quota, after.quota),
    cost: after === undefined ? [] : costChanges(before && costOf(before), costOf(after)),
    seats: after === undefined ? [] : seatChanges(seatsOf(base), seatsOf(head)),
    files: fileChanges(join(folder), before, after),
    ...(picture === undefined ? {} : { diagram: picture }),
  };
}

/** Nothing is accepted by a base from before findings could be. */
function judgedOf(side: StackSide | undefined): JudgedFindings {
  const composed: Partial<Lab> = side?.lab ?? {};
  return { findings: side?.findings ?? [], accepted: composed.accepted ?? [] };
}

/** None on an existing cluster, whose nodes no file describes; nor of a base from before seats were planned. */
function seatsOf(side: StackSide | undefined): readonly SeatRow[] {
  const plan: Partial<Lab["plan"]> = side?.lab?.plan ?? {};
  const cluster = side?.cluster?.();
  const { environment, seats = [] } = plan;
  if (cluster === undefined || environment === undefined || seats.length === 0) return [];
  return cluster.plan.cluster.kind === "existing" ? [] : seatReport({ environment, seats }, cluster).rows;
}

function costOf(lab: Lab): CostReport {
  return costReport(lab, applicationCharts(lab));
}

/** Of every key that the environment may have. */
function effects(...sides: readonly (StackSide | undefined)[]): EffectTree {
  const config = configOf(...sides.toReversed());
  const apps = CATALOG.parts.flatMap(({ key, configuration }) =>
    configuration === undefined ? [] : [[key, configuration.effects] as const],
  );
  return { ...ofKind(config), apps: Object.fromEntries(apps) };
}

function ofKind(config: ReturnType<typeof configOf>): EffectTree {
  if (config !== undefined && isTenant(config)) return TENANT_EFFECTS;
  return config !== undefined && isOnExistingCluster(config) ? EXISTING_EFFECTS : OWNER_EFFECTS;
}
