/** The seats of an environment, for people. */
import { textTable } from "../table";
import { classAnswer, classAssumptions, type ClassAnswer, type ClassQuestion } from "./question";
import type { PoolSeats, SeatReport } from "./seats";

/** What the counts suppose, each in one line. */
export const ASSUMPTIONS: readonly string[] = [
  "a seat is one server at its guaranteed size (requests); limits, images and disks are not counted",
  "each row is counted as if nothing of the other rows ran",
  "nodes are those of `min`, all of them up; only workers are counted",
  "free on a node: its flavor, less systemReserved, kubeReserved and eviction.memory, kube-proxy, the DaemonSets of the lab that may run there, and its share of the lab's pods that can run in no other pool",
  "pods of the lab that can run in several pools, and what people start beside it, are not counted",
];

export function seatTables(report: SeatReport, question: ClassQuestion | undefined): string {
  const { stack, unit, rows, unknown } = report;
  const atLeast = unknown.length === 0 ? "" : " or more";
  return [
    textTable(
      `Seats of ${stack}`,
      ["seat", "CPU", "memory", "seats", "what ends first"],
      rows.map((row) => [
        ...[row.name, `${String(row.cpuMillis)}m`, `${String(row.memoryMiB)} MiB`],
        ...[`${String(row.seats)}${atLeast}`, row.first],
      ]),
    ),
    textTable(
      "On each pool of nodes",
      [
        "seat",
        "pool",
        "nodes",
        "per node",
        "seats",
        "what ends first",
        "more nodes by quota",
        ...(unit === undefined ? [] : [`${unit} a seat a month`]),
      ],
      rows.flatMap(({ name, pools }) =>
        pools.map((pool) => [
          name,
          ...poolCells(pool),
          ...(unit === undefined ? [] : [pool.month?.toFixed(2) ?? "no price"]),
        ]),
      ),
    ),
    ...(unknown.length === 0
      ? []
      : [
          textTable(
            "Not counted: pools of unknown size",
            ["pool"],
            unknown.map((text) => [text]),
          ),
        ]),
    ...(question === undefined ? [] : [classTable(report, question)]),
    textTable(
      "Assumptions",
      ["what"],
      [...ASSUMPTIONS, ...(question === undefined ? [] : classAssumptions(question))].map((text) => [text]),
    ),
  ].join("\n");
}

function poolCells({ pool, nodes, perNode, seats, first, more }: PoolSeats): readonly string[] {
  return [
    ...[pool, String(nodes), String(perNode), String(seats), first],
    more === undefined ? "unknown" : `${String(more.count)} (${more.first})`,
  ];
}

function classTable({ rows, unknown }: SeatReport, question: ClassQuestion): string {
  const { people, withinMinutes } = question;
  return textTable(
    `A class of ${String(people)} within ${String(withinMinutes)} minutes`,
    ["seat", "fits", "nodes to add", "placeholders, if nodes are added on demand"],
    rows.map((row) => classCells(classAnswer(row, question), unknown.length > 0)),
  );
}

function classCells(answer: ClassAnswer, partial: boolean): readonly string[] {
  const { name, fits, nodesToAdd, placeholders } = answer;
  const short = partial ? "unknown" : "no";
  return [
    ...[name, fits ? "yes" : short],
    ...[nodesToAdd === undefined ? "unknown: no such node" : String(nodesToAdd), String(placeholders)],
  ];
}
