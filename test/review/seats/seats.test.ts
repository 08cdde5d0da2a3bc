/** Seats against cases computed by hand. */
import { lab } from "../../../lab";
import { seatChanges } from "../../../review/preview/compare";
import { previewMarkdown } from "../../../review/preview/markdown";
import { classAnswer, placeholders } from "../../../review/seats/question";
import { seatReport, type SeatReport, type SeatRow } from "../../../review/seats/seats";
import { seatTables } from "../../../review/seats/text";
import { labstead } from "../../cli/command";
import { previewOf } from "../preview/sample";
import {
  changed,
  configOf,
  environmentOf,
  stackFiles,
  type Changes,
  type Json,
} from "../../environment/configs";

const JUPYTERHUB = environmentOf(stackFiles().get("jupyterhub") ?? {}) as Json;
const PHYSICS = "apps.hub.hubs.physics";

function seatsOf(changes: Changes = {}): SeatReport {
  const own = lab({ config: configOf("jupyterhub", changed(JUPYTERHUB, changes)) });
  return seatReport(own.plan, own);
}

function rowOf(report: SeatReport, name: string): SeatRow {
  const found = report.rows.find((row) => row.name === name);
  if (found === undefined) throw new Error(`there is no seat ${name}`);
  return found;
}

const report = seatsOf();

/**
 * Of a user node (8 vCPUs, 16,384 MiB): 300m and 256 + 512 + 200 MiB are reserved, calico-node takes 250m and 200 MiB,
 * cinder-csi-node 3 × 10m and 3 × 20 MiB. That leaves 7,420m, 15,156 MiB and 110 − 3 pods (kube-proxy is the third).
 */
test("29 servers of 512 MiB fit on a user node: 15,156 / 512 = 29.6; of 100m it would be 74", () => {
  expect(rowOf(report, "physics: small")).toMatchObject({
    ...{ cpuMillis: 100, memoryMiB: 512, seats: 29, first: "memory" },
    // 64 − (1 + 3×4 + 4 + 4 + 8) = 35 cores are left, and 35 / 8 = 4.4; 8 SU × 730 / 29 seats.
    pools: [
      {
        ...{ pool: "workers.jhusers (m1.xlarge)", nodes: 1, perNode: 29, seats: 29, first: "memory" },
        more: { count: 4, first: "cores" },
        month: 5840 / 29,
      },
    ],
  });
});

test("placeholders give way, and take no seats", () => {
  const kept = seatsOf({
    "apps.hub.scheduling": {
      userPlaceholder: { replicas: 1, cpu: "7", memory: "14Gi" },
      userScheduler: true,
    },
  });
  expect(rowOf(kept, "physics: small")).toEqual(rowOf(report, "physics: small"));
});

test.each([
  ["CPU", { [`${PHYSICS}.server.cpu.guarantee`]: "500m" }, "physics: small", 14, "CPU"],
  // 15,156 / 1,023 = 14.8; without the 200 MiB of eviction it would be 15.01.
  ["eviction", { [`${PHYSICS}.server.memory.guarantee`]: "1023Mi" }, "physics: small", 14, "memory"],
  ["pods per node", { "cluster.nodes.maxPods": 20 }, "statistics", 17, "pods per node"],
  [
    "its own limit",
    { [`${PHYSICS}.activeServerLimit`]: 5 },
    "physics: small",
    5,
    `${PHYSICS}.activeServerLimit`,
  ],
  [
    "three nodes",
    { "servers.workers.jhusers.min": 3, [`${PHYSICS}.activeServerLimit`]: 200 },
    "physics: small",
    87,
    "memory",
  ],
  ["devices", { "servers.workers.jhgpu.min": 2 }, "physics: gpu", 2, "device"],
  ["no such node", {}, "physics: gpu", 0, "no such node"],
] as const)("what ends first: %s", (_, changes, name, seats, first) => {
  expect(rowOf(seatsOf(changes), name)).toMatchObject({ seats, first });
});

test("a pool whose flavor has no known size makes the numbers lower bounds", () => {
  const { "m1.xlarge": _, ...flavors } = JUPYTERHUB["flavors"] as Json;
  const text = seatTables(seatsOf({ flavors }), { people: 30, withinMinutes: 10, nodeMinutes: 5 });
  expect(text).toContain("physics: small  100m   512 MiB   0 or more  no such node");
  expect(text).toContain("workers.jhusers (m1.xlarge): its size is not known; write flavors.m1.xlarge");
  expect(text).toContain("physics: small  unknown  unknown: no such node  15");
});

describe("a class", () => {
  test.each([
    [30, 10, 5, 15],
    [30, 5, 5, 30],
    [30, 4, 5, 30],
    [7, 10, 3, 3],
  ])(
    "of %d within %d minutes, nodes after %d: %d placeholders",
    (people, withinMinutes, nodeMinutes, count) => {
      expect(placeholders({ people, withinMinutes, nodeMinutes })).toBe(count);
    },
  );

  test("of 29 fits; of 30 one node more, of 59 two", () => {
    const answer = (people: number) =>
      classAnswer(rowOf(report, "physics: small"), { people, withinMinutes: 10, nodeMinutes: 5 });
    expect(answer(29)).toMatchObject({ fits: true, nodesToAdd: 0 });
    expect(answer(30)).toMatchObject({ fits: false, nodesToAdd: 1 });
    expect(answer(59)).toMatchObject({ fits: false, nodesToAdd: 2 });
  });
});

test("the tables, with everything that they suppose", () => {
  expect(seatTables(report, { people: 30, withinMinutes: 10, nodeMinutes: 5 })).toMatchSnapshot();
});

test("the command asks for both halves of the question, and for numbers", () => {
  const { code, stderr } = labstead(["seats", "--file", "examples/jupyterhub.yaml", "--class", "30"]);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: "a class has both: how many people, and in which time; write --class 30 --within 10\n",
  });
  expect(labstead(["seats", "--class", "many"]).stderr).toContain("Write a whole number from 1 to 99999.");
});

test("seats on an existing cluster are not counted", () => {
  const { code, stderr } = labstead(["seats", "--file", "examples/existing-cluster.yaml"]);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr:
      "existing-cluster is on an existing cluster, whose nodes no file describes; seats are counted where the nodes are planned\n",
  });
});

describe("before and after", () => {
  test("a second user node: 58 fit, and the hub's own limit of 50 comes first", () => {
    const grown = seatsOf({ "servers.workers.jhusers.min": 2 });
    const limit = (hub: string) => ({
      before: 29,
      after: 50,
      first: `apps.hub.hubs.${hub}.activeServerLimit`,
    });
    expect(seatChanges(report.rows, grown.rows)).toEqual([
      { name: "physics: small", ...limit("physics") },
      { name: "statistics", ...limit("statistics") },
    ]);
    expect(seatChanges(report.rows, report.rows)).toEqual([]);
    expect(seatChanges([], report.rows).map(({ before }) => before)).toEqual(
      report.rows.map(() => undefined),
    );
  });

  test("stand in the report of a preview, with the choices that are gone", () => {
    const without = seatsOf({ [`${PHYSICS}.profiles.gpu`]: undefined });
    const seats = seatChanges(report.rows, without.rows);
    expect(previewMarkdown(previewOf({ seats }))).toContain(`| seats | before | after | what ends first |
| --- | --- | --- | --- |
| physics: gpu | 0 | removed |  |`);
  });
});
