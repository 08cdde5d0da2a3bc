/** The cost of environments, for people. */
import { HOURS_OF_MONTH } from "../../environment/plan/prices";
import type { MonthlyPrice } from "../../environment/plan/types";
import { LAYERS } from "../layers";
import { textTable } from "../table";
import type { Billable } from "./billable";
import { isComplete, sum, type CostReport } from "./cost";
import { costText, priceText } from "./money";
import { amountText, nameOf } from "./priced";

/** The report of one environment. */
export function costTables(report: CostReport): string {
  return [...pricedTables(report), ...leftOutTables(report)].join("\n");
}

function pricedTables(report: CostReport): readonly string[] {
  const { stack, unit, rows, layers, month } = report;
  if (unit === undefined)
    return [`Cost of ${stack}: unknown, since no prices are configured (docs/cost.md)\n`];
  const layerRows = LAYERS.map((layer) => [layer, sumText(layers[layer], isComplete(report, layer))]);
  return [
    textTable(
      `Cost of ${stack} in ${unit} a month (of ${String(HOURS_OF_MONTH)} hours)`,
      ["layer", "what", "where", "amount", "price", "a month"],
      rows.map((row) => [...whatCells(row), priceText(row.price), costText(row.month)]),
    ),
    textTable("Sums", ["layer", "a month"], [...layerRows, ["together", sumText(month, isComplete(report))]]),
  ];
}

function leftOutTables({ unpriced, uncounted }: CostReport): readonly string[] {
  return [
    ...(unpriced.length === 0
      ? []
      : [
          textTable(
            "Not in the sums: without a price",
            ["layer", "what", "where", "amount", "write"],
            unpriced.map((row) => [...whatCells(row), row.path]),
          ),
        ]),
    ...(uncounted.length === 0
      ? []
      : [
          textTable(
            "Not in the sums: amount or price unknown",
            ["what"],
            uncounted.map((text) => [text]),
          ),
        ]),
  ];
}

function whatCells({ layer, priced, where, amount }: Billable): readonly string[] {
  return [layer, nameOf(priced), where, amountText(priced, amount)];
}

function sumText(month: MonthlyPrice, complete: boolean): string {
  return `${costText(month)}${complete ? "" : " or more"}`;
}

/** Several environments of one unit together; nothing for one alone. */
export function togetherTable(reports: readonly CostReport[]): string {
  if (reports.length < 2) return "";
  const [unit, ...others] = [...new Set(reports.map((each) => each.unit))];
  if (others.length > 0)
    return "\nThere is no sum of all: the stacks do not count in the same unit (prices.in).\n";
  if (unit === undefined) return "";
  const rows = reports.map((each) => [each.stack, sumText(each.month, isComplete(each))]);
  const together = [
    "together",
    sumText(
      sum(reports),
      reports.every((each) => isComplete(each)),
    ),
  ];
  return `\n${textTable(`All in ${unit} a month`, ["stack", "a month"], [...rows, together])}`;
}
