/** Findings of the environment, and those that it accepts. */
import type { Finding } from "../../../environment/findings";
import { grouped } from "../../grouped";
import { placeOf, type ReportInput } from "../context";
import { ids } from "../ids";
import type { Section, Thing } from "../types";

export function findingSection(input: ReportInput): Section {
  const { findings, accepted } = input.lab;
  const all = [
    ...findings.map((each) => ({ finding: each, reason: undefined })),
    ...accepted.map(({ finding, reason }) => ({ finding, reason })),
  ];
  return {
    id: "findings",
    title: "Findings",
    columns: ["severity", "where", "what"],
    things: [...grouped(all, ({ finding: { id, path } }) => `${id} ${path}`).values()].flatMap((same) =>
      same.map(({ finding, reason }, place) => findingThing(finding, reason, place, input)),
    ),
  };
}

function findingThing(
  { id, severity, path, explanation, fix }: Finding,
  reason: string | undefined,
  place: number,
  input: ReportInput,
): Thing {
  const state = reason === undefined ? severity : "accepted";
  return {
    id: ids.finding(id, path, place),
    what: "finding",
    title: id,
    summary: [[state], [path], [explanation]],
    facts: [
      { label: "severity", value: [state] },
      { label: "what", value: [explanation] },
      { label: "what to do", value: [fix] },
      ...(reason === undefined ? [] : [{ label: "accepted because", value: [reason] }]),
      { label: "more", value: [`labstead check --explain ${id}`] },
    ],
    places: [placeOf(input, path)],
    reached: [],
    tables: [],
  };
}
