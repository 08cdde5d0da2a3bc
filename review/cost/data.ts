/** The cost of environments as data: amounts in the unit of the prices. */
import { LAYERS } from "../layers";
import { isComplete, type CostReport } from "./cost";
import { amountOf } from "./money";
import { nameOf } from "./priced";

export function costData(report: CostReport): unknown {
  const { stack, unit, rows, layers, month, unpriced, uncounted } = report;
  return {
    stack,
    unit: unit ?? null,
    /** Whether everything has a price. */
    complete: isComplete(report),
    month: amountOf(month),
    layers: Object.fromEntries(LAYERS.map((layer) => [layer, amountOf(layers[layer])])),
    rows: rows.map(({ layer, priced, where, amount, ...each }) => ({
      ...{ layer, what: nameOf(priced), where, amount },
      ...{ price: amountOf(each.price), month: amountOf(each.month) },
    })),
    unpriced: unpriced.map(({ layer, priced, where, amount, path }) => ({
      ...{ layer, what: nameOf(priced), where, amount, path },
    })),
    uncounted,
  };
}
