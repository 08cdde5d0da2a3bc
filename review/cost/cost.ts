/** Cost of an environment a month, by layer and place. */
import type { MonthlyPrice, PricesPlan } from "../../environment/plan/types";
import type { Lab } from "../../lab";
import { LAYERS, type Layer } from "../layers";
import { billables, type Billable } from "./billable";
import { nameOf, pathOf, priceOf } from "./priced";

/** What one kind of thing at one place costs. */
export interface CostRow extends Billable {
  readonly price: MonthlyPrice;
  readonly month: MonthlyPrice;
}

/** What is there and has no price. */
export interface UnpricedRow extends Billable {
  /** Where the price is missing in the configuration. */
  readonly path: string;
}

export interface CostReport {
  readonly stack: string;
  /** `EUR`, or the name of the allocation's unit; undefined without prices. */
  readonly unit?: string;
  readonly rows: readonly CostRow[];
  readonly layers: Readonly<Record<Layer, MonthlyPrice>>;
  readonly month: MonthlyPrice;
  readonly unpriced: readonly UnpricedRow[];
  readonly uncounted: readonly string[];
}

/** @param isApplication whether a chart is of an application: by its id */
export function costReport(
  lab: Pick<Lab, "plan" | "deploy">,
  isApplication: (chart: string) => boolean,
): CostReport {
  const { prices } = lab.plan.project;
  const { items, uncounted } = billables(lab, isApplication);
  const grouped = groups(items);
  const rows = grouped.flatMap((item) => costRow(item, prices));
  const unpriced = grouped
    .filter(({ priced }) => priceOf(priced, prices) === undefined)
    .map((item) => ({ ...item, path: pathOf(item.priced) }));
  return {
    stack: lab.plan.environment,
    ...(prices === undefined ? {} : { unit: unitOf(prices) }),
    rows,
    layers: Object.fromEntries(
      LAYERS.map((layer) => [layer, sum(rows.filter((row) => row.layer === layer))]),
    ) as Record<Layer, MonthlyPrice>,
    month: sum(rows),
    ...{ unpriced, uncounted },
  };
}

/** Whether everything of a layer, or of all, has a price. */
export function isComplete({ unit, unpriced }: CostReport, layer?: Layer): boolean {
  return unit !== undefined && unpriced.every((row) => layer !== undefined && row.layer !== layer);
}

export function unitOf({ in: unit }: PricesPlan): string {
  return unit.kind === "money" ? unit.currency : unit.unit;
}

/** One for all things with the same price at one place, in the order of the plan. */
function groups(items: readonly Billable[]): readonly Billable[] {
  const found = new Map<string, Billable>();
  for (const item of items) {
    const key = [item.layer, item.where, nameOf(item.priced)].join("\n");
    found.set(key, { ...item, amount: item.amount + (found.get(key)?.amount ?? 0) });
  }
  return [...found.values()];
}

function costRow(item: Billable, prices: PricesPlan | undefined): readonly CostRow[] {
  const price = priceOf(item.priced, prices);
  return price === undefined ? [] : [{ ...item, price, month: times(price, item.amount) }];
}

export function times({ millionths }: MonthlyPrice, amount: number): MonthlyPrice {
  return { millionths: millionths * amount };
}

export function sum(rows: readonly { readonly month: MonthlyPrice }[]): MonthlyPrice {
  return { millionths: rows.reduce((total, { month }) => total + month.millionths, 0) };
}
