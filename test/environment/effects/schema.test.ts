/** Every key of the schema has an effect, as the types demand: found by walking the schema itself. */
import { z } from "zod";
import { environments } from "../../../catalog";
import { EXISTING_EFFECTS, OWNER_EFFECTS, TENANT_EFFECTS } from "../../../environment/effects/environment";
import { effectsOf, type EffectTree } from "../../../environment/parts/effects";
import { schemaKeys } from "./schema-keys";

const declaredKeys = (tree: EffectTree): readonly string[] =>
  effectsOf(tree).map(({ key }) => key.replaceAll(/<\w+>/g, "*"));

/** Applications declare theirs with their schema. */
const own = (keys: ReadonlySet<string>): readonly string[] =>
  [...keys].filter((key) => !key.startsWith("apps."));

test.each([
  ["owner", OWNER_EFFECTS],
  ["tenant", TENANT_EFFECTS],
  ["existing", EXISTING_EFFECTS],
] as const)("every key of an environment of kind %s", (kind, tree) => {
  const keys = own(schemaKeys(environments.schemas[kind]));
  expect([...declaredKeys(tree)].sort()).toEqual([...keys].sort());
});

test("every key of every application", () => {
  const configured = environments.catalog.parts.flatMap(({ configuration }) => configuration ?? []);
  expect(configured.length).toBeGreaterThan(0);
  for (const { schema, effects } of configured)
    expect([...declaredKeys(effects)].sort()).toEqual([...schemaKeys(schema)].sort());
});

test("a key is found in objects, unions, maps and behind defaults", () => {
  const schema = z.strictObject({
    plain: z.string().optional(),
    list: z.array(z.strictObject({ inside: z.string() })),
    texts: z.record(z.string(), z.string()),
    either: z.union([z.strictObject({ a: z.string() }), z.strictObject({ b: z.number().default(1) })]),
    entries: z.record(z.string(), z.strictObject({ size: z.number() })).default({}),
  });
  expect([...schemaKeys(schema)]).toEqual([
    ...["plain", "list", "texts", "either.a", "either.b", "entries.*", "entries.*.size"],
  ]);
});
