import { OPENSTACK_TYPES } from "../../rehearsal/openstack/table";
import { REFERENCES } from "../../rehearsal/openstack/references";
import * as tokens from "../../openstack-api/resources/tokens";
import { RANDOM_TYPES } from "../../rehearsal/random/package";
import { propertyNames } from "../../rehearsal/table/row";
import type { Row } from "../../rehearsal/table/row";
import { TLS_TYPES } from "../../rehearsal/tls/package";
import { SdkShapes } from "./sdk-shapes";

const rowsOf = (types: Readonly<Record<string, { readonly row: Row }>>) =>
  Object.entries(types).map(([type, { row }]) => [type, row] as const);

describe.each([
  ["@pulumi/openstack", Object.entries(OPENSTACK_TYPES)],
  ["@pulumi/random", rowsOf(RANDOM_TYPES)],
  ["@pulumi/tls", rowsOf(TLS_TYPES)],
] as const)("the table of %s", (npmPackage, rows) => {
  const sdk = new SdkShapes(npmPackage);

  test.each(rows)("%s has the inputs that the SDK declares", (type, row) => {
    expect(row.inputs).toEqual(sdk.inputs(type));
  });

  test.each(rows)("%s names only properties that it has", (_type, row) => {
    const inputs = propertyNames(row.inputs);
    const known = new Set([...inputs, ...row.outputs]);
    expect(row.always.filter((name) => !known.has(name))).toEqual([]);
    expect(row.secret.filter((name) => !known.has(name))).toEqual([]);
    expect(row.replaceOn.filter((path) => !inputs.includes(path.split(".")[0] ?? ""))).toEqual([]);
  });
});

test("every token that is treated specially has a row", () => {
  expect(Object.values(tokens).filter((token) => OPENSTACK_TYPES[token] === undefined)).toEqual([]);
});

test("every reference starts at an input and leads to a type", () => {
  for (const [type, references] of Object.entries(REFERENCES)) {
    const inputs = propertyNames(OPENSTACK_TYPES[type]?.inputs ?? {});
    for (const { path, to } of references) {
      expect(inputs).toContain(path.split(/\[\]|\./)[0]);
      expect(OPENSTACK_TYPES[to]).toBeDefined();
    }
  }
});
