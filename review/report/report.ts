/** The report of one environment, composed from its topics. */
import { LAYERS } from "../layers";
import { costReport, isComplete, type CostReport } from "../cost/cost";
import { costText } from "../cost/money";
import { servingOf } from "./cluster-objects";
import type { ReportInput } from "./context";
import { picture } from "./picture";
import { applicationSection, namespaceSection } from "./topics/cluster";
import { findingSection } from "./topics/findings";
import { groupSection } from "./topics/groups";
import { networkSection } from "./topics/networks";
import { peopleSection } from "./topics/people";
import { portSection } from "./topics/ports";
import { serverSection } from "./topics/servers";
import { storageSection } from "./topics/storage";
import type { Fact, Report, Row, Section, Table } from "./types";

/** Pure: the same lab gives the same report, and no secret is in it. */
export function environmentReport(input: ReportInput): Report {
  const { plan, deploy } = input.lab;
  const sections: readonly Section[] = [
    serverSection(input),
    networkSection(input),
    groupSection(input),
    portSection(input, servingOf(deploy.objects)),
    storageSection(input),
    namespaceSection(input),
    applicationSection(input),
    peopleSection(input),
    findingSection(input),
  ];
  return {
    environment: plan.environment,
    domain: plan.domain,
    ...(input.source === undefined ? {} : { file: input.source.file }),
    overview: overviewOf(input),
    picture: picture(input, sections),
    sections,
  };
}

function overviewOf(input: ReportInput): Report["overview"] {
  const { lab, partOf } = input;
  const cost = costReport(lab, (chart) => partOf(chart).isApplication);
  return {
    facts: overviewFacts(input, cost),
    tables: [costTable(cost), quotaTable(input)].filter(({ rows }) => rows.length > 0),
  };
}

function overviewFacts({ lab: { plan, infra, deploy } }: ReportInput, cost: CostReport): readonly Fact[] {
  const fact = (label: string, value: string): Fact => ({ label, value: [value] });
  return [
    fact("domain", plan.domain),
    fact("cluster", `${plan.cluster.name}, Kubernetes ${plan.cluster.version}`),
    fact("servers", String(plan.servers.length)),
    fact("OpenStack resources", String(infra.length)),
    fact("Kubernetes objects", String(deploy.objects.length)),
    fact("cost a month", monthOf(cost)),
  ];
}

function monthOf(cost: CostReport): string {
  const { unit, month } = cost;
  if (unit === undefined) return "no prices are configured (docs/cost.md)";
  return `${costText(month)} ${unit}${isComplete(cost) ? "" : " or more"}`;
}

function costTable({ unit, layers }: CostReport): Table {
  const rows = LAYERS.map((layer): Row => ({
    cells: [[layer], [`${costText(layers[layer])} ${unit ?? ""}`]],
  }));
  return { title: "Cost a month", columns: ["layer", "cost"], rows: unit === undefined ? [] : rows };
}

function quotaTable({ lab }: ReportInput): Table {
  const rows = lab.quota.rows.map(({ name, needed, partial, limit, ok }): Row => ({
    cells: [
      [name],
      [`${String(needed)}${partial === undefined ? "" : " or more"}`],
      [limit === undefined ? "unknown" : `${String(limit)}${ok ? "" : ": too little"}`],
    ],
  }));
  const { kind } = lab.plan.network;
  return {
    title: "Quota of the project",
    columns: ["what", "needed", "limit"],
    rows: kind === "none" ? [] : rows,
  };
}
