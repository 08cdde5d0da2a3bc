/** Cost against cases computed by hand. */
import { join } from "node:path";
import { applicationCharts } from "../../../cli/shared/application-charts";
import { monthly } from "../../../environment/plan/prices";
import { lab } from "../../../lab";
import { costReport, type CostReport } from "../../../review/cost/cost";
import { costData } from "../../../review/cost/data";
import { costText, priceText } from "../../../review/cost/money";
import { costTables, togetherTable } from "../../../review/cost/text";
import { costChanges } from "../../../review/preview/compare";
import { previewMarkdown } from "../../../review/preview/markdown";
import { ROOT } from "../../cli/command";
import { changed, configOf, ownerOf, stackBase, type Changes } from "../../environment/configs";
import { readEnvironment } from "../../environments";
import { previewOf } from "../preview/sample";

const EUR = { in: { kind: "money", currency: "EUR" } };
const PRICES = {
  ...EUR,
  flavors: {
    tiny: "0.01/hour",
    small: "0.02/hour",
    medium: "0.06/hour",
    large: "0.25/hour",
  },
  defaultVolumeType: "0.05/month",
  floatingIp: "2.50/month",
};

function costOf(changes: Changes): CostReport {
  const config = configOf("prod", changed(stackBase("prod"), changes));
  const composed = lab({ config });
  return costReport(composed, applicationCharts(composed));
}

function tenantCost(changes: Changes, owners: Changes): CostReport {
  const config = configOf("test", changed(stackBase("test"), changes));
  const owner = ownerOf("prod", changed(stackBase("prod"), owners));
  const composed = lab({ config, owner });
  return costReport(composed, applicationCharts(composed));
}

const prod = costOf({ prices: PRICES });

test.each([
  ["0.05/hour", 36_500_000],
  ["0.000001/hour", 730],
  ["12.5/month", 12_500_000],
  ["0/hour", 0],
  ["9999999.999999/month", 9_999_999_999_999],
] as const)("%s a month is %d millionths", (price, millionths) => {
  expect(monthly(price)).toEqual({ millionths });
});

test.each([
  [0, "0.00", "0.00"],
  [400, "under 0.01", "0.0004"],
  [36_500_000, "36.50", "36.50"],
  [1_234_567_891_000, "1,234,567.89", "1,234,567.891"],
])("%d millionths as text", (millionths, cost, price) => {
  expect([costText({ millionths }), priceText({ millionths })]).toEqual([cost, price]);
});

test("prod: by hand 4×182.50 + 6×43.80 + 4×14.60 + 7.30, 4160 GiB × 0.05, 3×2.50, and 10 GiB of the database", () => {
  // 730.00 + 262.80 + 58.40 + 7.30 + 208.00 + 7.50 = 1,274.00
  expect(costTables(prod)).toBe(`Cost of prod in EUR a month (of 730 hours)
  layer           what                   where              amount    price   a month
  infrastructure  server, flavor tiny    bastion            1         7.30    7.30
  infrastructure  server, flavor small   gateway            2         14.60   29.20
  infrastructure  server, flavor small   loadBalancer       2         14.60   29.20
  infrastructure  server, flavor medium  controlPlane       3         43.80   131.40
  infrastructure  server, flavor medium  gluster            3         43.80   131.40
  infrastructure  server, flavor large   workers.general    4         182.50  730.00
  infrastructure  volume without a type  controlPlane       360 GiB   0.05    18.00
  infrastructure  volume without a type  gluster            3000 GiB  0.05    150.00
  infrastructure  volume without a type  workers.general    800 GiB   0.05    40.00
  infrastructure  floating IP            api                1         2.50    2.50
  infrastructure  floating IP            edge               1         2.50    2.50
  infrastructure  floating IP            bastion            1         2.50    2.50
  applications    volume without a type  namespace datalab  10 GiB    0.05    0.50

Sums
  layer           a month
  infrastructure  1,274.00
  platform        0.00
  applications    0.50
  together        1,274.50

Not in the sums: amount or price unknown
  what
  object container prod-state: how much will be stored in it is not planned
  object container prod-velero: how much will be stored in it is not planned
`);
});

test("what has no price is listed, and its sums are lower bounds", () => {
  const report = costOf({
    prices: { ...EUR, flavors: { large: "0.25/hour" }, defaultVolumeType: "0.05/month" },
  });
  const text = costTables(report);
  expect(text).toContain(`Sums
  layer           a month
  infrastructure  938.00 or more
  platform        0.00
  applications    0.50
  together        938.50 or more
`);
  expect(text).toContain(`Not in the sums: without a price
  layer           what                   where         amount  write
  infrastructure  server, flavor tiny    bastion       1       prices.flavors.tiny
  infrastructure  server, flavor small   gateway       2       prices.flavors.small
  infrastructure  server, flavor small   loadBalancer  2       prices.flavors.small
  infrastructure  server, flavor medium  controlPlane  3       prices.flavors.medium
  infrastructure  server, flavor medium  gluster       3       prices.flavors.medium
  infrastructure  floating IP            api           1       prices.floatingIp
  infrastructure  floating IP            edge          1       prices.floatingIp
  infrastructure  floating IP            bastion       1       prices.floatingIp
`);
});

test("without prices there is no sum", () => {
  const text = costTables(costOf({ prices: undefined }));
  expect(text.split("\n")[0]).toBe("Cost of prod: unknown, since no prices are configured (docs/cost.md)");
  expect(text).not.toContain("Sums");
  expect(text).toContain("server, flavor large   workers.general    4         prices.flavors.large");
});

test("volume types, boot volumes, Octavia and claims of a typed class have their own prices", () => {
  const report = costOf({
    prices: {
      in: { kind: "allocation", unit: "SU" },
      volumeTypes: { ssd: "1/month", ceph: "0.1/month" },
      loadBalancer: "0.1/hour",
    },
    edge: { kind: "octavia" },
    "servers.loadBalancer": undefined,
    "servers.bastion.bootVolume": { size: "20Gi", type: "ssd" },
    "storage.block.volumeType": "ceph",
  });
  expect(report.unit).toBe("SU");
  const rows = report.rows.map(({ priced, where, amount, month }) => [
    ...[priced.kind, where, amount, month.millionths / 1_000_000],
  ]);
  expect(rows).toEqual([
    ["volume", "bastion", 20, 20],
    ["loadBalancer", "edge", 1, 73],
    ["volume", "namespace datalab", 10, 1],
  ]);
});

test("a tenant has its owner's prices, or its own, and both are one sum", () => {
  const owners = tenantCost({ prices: undefined }, { prices: PRICES });
  // 14.60 + 2.50 + 10 × 0.05
  expect(owners.month).toEqual({ millionths: 17_600_000 });
  expect(tenantCost({ prices: { ...EUR, floatingIp: "1/month" } }, { prices: PRICES }).month).toEqual({
    millionths: 1_000_000,
  });
  expect(togetherTable([prod, owners])).toBe(`
All in EUR a month
  stack     a month
  prod      1,274.50
  test      17.60
  together  1,292.10
`);
  expect(togetherTable([prod])).toBe("");
  expect(togetherTable([prod, costOf({ prices: undefined })])).toBe(
    "\nThere is no sum of all: the stacks do not count in the same unit (prices.in).\n",
  );
});

test("volumes of hubs are of the applications' layer, whatever their charts are called", () => {
  const composed = lab(readEnvironment(join(ROOT, "examples", "jupyterhub.yaml")));
  const { unpriced } = costReport(composed, applicationCharts(composed));
  const layers = unpriced.flatMap(({ layer, where }) => (where.startsWith("namespace") ? [layer] : []));
  expect(layers).toEqual(["applications", "applications"]);
});

test("as data, in the unit", () => {
  expect(costData(prod)).toMatchObject({
    ...{ stack: "prod", unit: "EUR", complete: true, month: 1274.5, unpriced: [] },
    layers: { infrastructure: 1274, platform: 0, applications: 0.5 },
  });
  expect(costData(costOf({ prices: EUR }))).toMatchObject({ unit: "EUR", complete: false, month: 0 });
});

describe("before and after", () => {
  const grown = costOf({ prices: PRICES, "servers.workers.general.min": 5 });

  test("sums that differ: one worker more is 182.50 and 200 GiB", () => {
    expect(costChanges(prod, grown)).toEqual([
      { name: "infrastructure", unit: "EUR", before: 1274, after: 1466.5, incomplete: false },
      { name: "together", unit: "EUR", before: 1274.5, after: 1467, incomplete: false },
    ]);
    expect(costChanges(prod, prod)).toEqual([]);
    expect(costChanges(undefined, prod).map(({ before, after }) => [before, after])).toEqual([
      [undefined, 1274],
      [undefined, 0.5],
      [undefined, 1274.5],
    ]);
    expect(costChanges(prod, costOf({ prices: undefined }))).toEqual([]);
  });

  test("stand in the report of a preview", () => {
    const text = previewMarkdown(previewOf({ cost: costChanges(prod, grown) }));
    expect(text).toContain(`| cost a month, EUR | before | after | difference |
| --- | --- | --- | --- |
| infrastructure | 1274.00 | 1466.50 | +192.50 |
| together | 1274.50 | 1467.00 | +192.50 |`);
    const unpriced = costOf({ prices: { ...PRICES, floatingIp: undefined } });
    expect(previewMarkdown(previewOf({ cost: costChanges(prod, unpriced) }))).toContain(
      "| together | 1274.50 | 1267.00 or more: not everything has a price | −7.50 |",
    );
  });
});
