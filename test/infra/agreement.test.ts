/** The description against what the official plugin says of itself: types, inputs (nested too), outputs, functions. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe as describeInfra } from "../../infra/describe";
import { findDeferred } from "../../infra/references";
import { isDeferred } from "../../infra/resource";
import type { InfraResource } from "../../infra/types";
import { examplePlans, smallPlan } from "./plans";

type Shape = string | readonly Shape[] | { readonly [key: string]: Shape };
interface TypeRow {
  readonly inputs: { readonly [key: string]: Shape };
  readonly always: readonly string[];
  readonly outputs: readonly string[];
  readonly replaceOn: readonly string[];
}
interface Table {
  readonly resources: Readonly<Record<string, TypeRow>>;
  readonly functions: Readonly<
    Record<string, { readonly inputs: readonly string[]; readonly outputs: readonly string[] }>
  >;
}

const TABLE = JSON.parse(
  readFileSync(join(__dirname, "..", "..", "rehearsal", "openstack", "types.json"), "utf8"),
) as Table;

/** Where a value does not have the shape; a shape's key ends in `?` where it is optional, `*` is any key. */
function misfits(value: unknown, shape: Shape, path: string): readonly string[] {
  if (isDeferred(value)) return [];
  if (typeof shape === "string") {
    return shape === "any" || typeof value === shape ? [] : [`${path} is ${typeof value}, not ${shape}`];
  }
  if (Array.isArray(shape)) {
    const [entry = "any"] = shape as readonly Shape[];
    if (!Array.isArray(value)) return [`${path} is no list`];
    return value.flatMap((each, index) => misfits(each, entry, `${path}[${index}]`));
  }
  return objectMisfits(value, shape as { readonly [key: string]: Shape }, path);
}

function objectMisfits(
  value: unknown,
  shape: { readonly [key: string]: Shape },
  path: string,
): readonly string[] {
  if (typeof value !== "object" || value === null) return [`${path} is no object`];
  const missing = Object.keys(shape)
    .filter((key) => !key.endsWith("?") && key !== "*" && !(key in value))
    .map((key) => `${path}.${key} is required`);
  const wrong = Object.entries(value).flatMap(([key, each]) => {
    const known = shape[key] ?? shape[`${key}?`] ?? shape["*"];
    return known === undefined ? [`${path}.${key} is unknown`] : misfits(each, known, `${path}.${key}`);
  });
  return [...missing, ...wrong];
}

function resourceMisfits(resource: InfraResource): readonly string[] {
  const row = TABLE.resources[resource.type];
  if (row === undefined) return [`${resource.type} is unknown`];
  const inputs = misfits(resource.inputs, row.inputs, resource.key);
  const ignored = (resource.options.ignoreChanges ?? [])
    .filter((name) => !(name in row.inputs) && !(`${name}?` in row.inputs))
    .map((name) => `${resource.key} ignores ${name}, which is unknown`);
  return [...inputs, ...ignored];
}

function referenceMisfits(resources: readonly InfraResource[]): readonly string[] {
  const types = new Map(resources.map(({ key, type }) => [key, type]));
  return resources.flatMap(({ key, inputs }) => {
    const { refs, lookups } = findDeferred(inputs);
    const wrongRefs = refs
      .filter(({ ref, output }) => {
        const row = TABLE.resources[types.get(ref) ?? ""];
        return output !== "id" && !row?.always.includes(output) && !row?.outputs.includes(output);
      })
      .map(({ ref, output }) => `${key} → ${ref}.${output} is not always set`);
    const wrongLookups = lookups.flatMap((each) => {
      const row = TABLE.functions[each.lookup];
      if (row === undefined) return [`${each.lookup} is unknown`];
      return [
        ...Object.keys(each.args)
          .filter((name) => !row.inputs.includes(name))
          .map((name) => `${each.lookup} has no ${name}`),
        ...(row.outputs.includes(each.output) ? [] : [`${each.lookup} gives no ${each.output}`]),
      ];
    });
    return [...wrongRefs, ...wrongLookups];
  });
}

const PLANS = [...examplePlans(), ["small", smallPlan()] as const];

describe.each(PLANS)("the description of %s", (_name, plan) => {
  const resources = describeInfra(plan, { userData: () => "#cloud-config\n" });

  it("sets only inputs that the plugin knows, with their types, and all that it requires", () => {
    expect(resources.flatMap(resourceMisfits)).toEqual([]);
  });

  it("refers only to outputs that are always set, and calls only functions that exist", () => {
    expect(referenceMisfits(resources)).toEqual([]);
  });

  it("keeps to Neutron's limits of names, descriptions and tags", () => {
    const limits = { name: 255, description: 255 } as const;
    for (const { inputs } of resources) {
      for (const [name, limit] of Object.entries(limits)) {
        const value: unknown = Reflect.get(inputs, name);
        if (typeof value === "string") expect(value.length).toBeLessThanOrEqual(limit);
      }
      const tags: unknown = Reflect.get(inputs, "tags");
      if (Array.isArray(tags)) for (const tag of tags) expect(tag).toMatch(/^[^,/]{1,60}$/);
    }
  });
});

describe("the examples together", () => {
  it("use every type of the table of types but none that the plugin lacks", () => {
    const used = new Set(PLANS.flatMap(([, plan]) => describeInfra(plan).map(({ type }) => type)));
    expect([...used].filter((type) => !(type in TABLE.resources))).toEqual([]);
    expect(used.size).toBe(21);
  });
});

describe("the comparison itself", () => {
  const port = (inputs: object) =>
    misfits(inputs, TABLE.resources["openstack:networking/port:Port"]?.inputs ?? {}, "p");

  it("finds what is unknown, missing or of another type", () => {
    expect(port({ networkId: "n", colour: "red" })).toEqual(["p.colour is unknown"]);
    expect(port({ name: "n" })).toEqual(["p.networkId is required"]);
    expect(port({ networkId: "n", tags: "a" })).toEqual(["p.tags is no list"]);
    expect(port({ networkId: "n", fixedIps: [{ ipAddress: 4 }] })).toEqual([
      "p.fixedIps[0].subnetId is required",
      "p.fixedIps[0].ipAddress is number, not string",
    ]);
  });
});
