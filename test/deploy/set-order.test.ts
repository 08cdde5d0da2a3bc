/** The order of sets of namespaces: that of the objects in them. */
import fc from "fast-check";
import { ApiObject, App, Chart } from "cdk8s";
import { planCharts, type DeployPlan, type PlannedObject } from "../../deploy/plan";
import { unitsOfNamespaces, type Unit } from "../../deploy/set-order";

interface Each {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** Each stage is a chart that depends on the one before. */
function planOf(...stages: readonly (readonly Each[])[]): DeployPlan {
  const app = new App();
  stages.reduce<Chart | undefined>((before, objects, index) => {
    const chart = new Chart(app, `stage-${String(index)}`);
    if (before !== undefined) chart.addDependency(before);
    for (const { kind, ...metadata } of objects)
      new ApiObject(chart, [kind, ...Object.values(metadata)].join("-"), {
        apiVersion: "v1",
        kind,
        metadata,
      });
    return chart;
  }, undefined);
  return planCharts(app);
}

const isNamespace = ({ manifest }: PlannedObject): boolean => manifest.kind === "Namespace";
const space = (name: string): Each => ({ kind: "Namespace", name });
const inside = (namespace: string, name = "a"): Each => ({ kind: "ConfigMap", name, namespace });
const volume = (name: string): Each => ({ kind: "PersistentVolume", name });

function orderOf(units: readonly Unit[]): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(units.map(({ key, after }) => [key, [...after].sort()]));
}

test("a later stage follows the sets of the earlier ones, its Namespaces too", () => {
  const { objects } = planOf(
    [space("net"), inside("net")],
    [volume("one"), space("apps"), inside("apps"), space("other"), inside("other")],
  );
  expect(orderOf(unitsOfNamespaces(objects, isNamespace))).toEqual({
    "Namespace net": [],
    outside: ["Namespace net"],
    "namespace net": ["Namespace net", "outside"],
    "Namespace apps": ["Namespace net", "namespace net"],
    "Namespace other": ["Namespace net", "namespace net"],
    "namespace apps": ["Namespace apps", "Namespace net", "namespace net", "outside"],
    "namespace other": ["Namespace net", "Namespace other", "namespace net", "outside"],
  });
});

test("a set follows what stays single in its namespace", () => {
  const { objects } = planOf([space("lab"), inside("lab", "a"), inside("lab", "right")]);
  const apart = (each: PlannedObject): boolean => isNamespace(each) || each.name === "lab/right";
  expect(orderOf(unitsOfNamespaces(objects, apart))["namespace lab"]).toEqual([
    "ConfigMap lab/right",
    "Namespace lab",
  ]);
});

test("sets that need each other do not wait for each other", () => {
  const { objects } = planOf([inside("system")], [inside("cloud")], [inside("system", "b")], [inside("web")]);
  expect(orderOf(unitsOfNamespaces(objects, isNamespace))).toEqual({
    "namespace system": [],
    "namespace cloud": [],
    "namespace web": ["namespace cloud", "namespace system"],
  });
});

test("every object is in one unit, and no unit waits for a later one", () => {
  const object = fc.oneof(
    fc.constantFrom("a", "b", "c").map(space),
    fc
      .tuple(fc.constantFrom("a", "b", "c"), fc.constantFrom("x", "y", "z"))
      .map(([at, name]) => inside(at, name)),
    fc.constantFrom("one", "two").map(volume),
  );
  const identity = ({ kind, namespace = "", name }: Each): string => `${kind} ${namespace} ${name}`;
  const distinct = fc.uniqueArray(object, { selector: identity, maxLength: 12 });
  fc.assert(
    fc.property(distinct, fc.integer({ min: 1, max: 4 }), fc.nat(), (all, count, salt) => {
      // A Namespace after its content is no plan.
      const stageOf = ({ kind }: Each, index: number): number =>
        kind === "Namespace" ? 0 : (index * 7 + salt) % count;
      const stages = Array.from({ length: count }, (_, stage) =>
        all.filter((each, index) => stageOf(each, index) === stage),
      );
      const { objects } = planOf(...stages.filter(({ length }) => length > 0));
      const units = unitsOfNamespaces(objects, isNamespace);
      const held = units.flatMap((unit) => (unit.kind === "set" ? unit.objects : [unit.object]));
      expect(new Set(held)).toEqual(new Set(objects));
      expect(held.length).toBe(objects.length);
      units.forEach(({ after }, index) => {
        const earlier = units.slice(0, index).map(({ key }) => key);
        expect(after.filter((key) => !earlier.includes(key))).toEqual([]);
      });
    }),
  );
});
