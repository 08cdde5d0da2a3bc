/** What is declared of each key is what a change of it does: guard, resources, pushed files and plans say so. */
import { isTenant } from "../../../environment/config";
import { EXISTING_EFFECTS, OWNER_EFFECTS, TENANT_EFFECTS } from "../../../environment/effects/environment";
import { effectsOf, type Effect, type EffectTree } from "../../../environment/parts/effects";
import { changed, configOf, environmentOf, ownerBase, stackFiles, tenantBase, type Json } from "../configs";
import { sshKey, type Case, type Cases } from "./case";
import { observed, verdictOn, type Observed } from "./observed";
import { EXISTING_CASES } from "./existing-cases";
import { OWNER_CASES } from "./owner-cases";
import { tenantCases } from "./tenant-cases";

/** An environment of each kind, with a case for each key that it may have. */
interface Kind {
  readonly name: string;
  readonly base: Json;
  readonly effects: EffectTree;
  readonly cases: Cases;
  readonly owner?: Json;
}

const OWNER: Json = { ...ownerBase(), keyPair: { kind: "managed", publicKey: sshKey("A") } };

const KINDS: readonly Kind[] = [
  { name: "lab", base: OWNER, effects: OWNER_EFFECTS, cases: OWNER_CASES },
  {
    name: "test",
    base: tenantBase(),
    effects: TENANT_EFFECTS,
    cases: tenantCases(effectsOf(TENANT_EFFECTS).map(({ key }) => key)),
    owner: OWNER,
  },
  {
    name: "science",
    base: environmentOf(stackFiles().get("existing-cluster") ?? {}) as Json,
    effects: EXISTING_EFFECTS,
    cases: EXISTING_CASES,
  },
];

const seen = new Map<string, Observed>();

/** Many cases begin with the same environment. */
function observe({ name, owner }: Kind, environment: Json): Observed {
  const key = JSON.stringify([name, environment]);
  const known = seen.get(key);
  if (known !== undefined) return known;
  const config = configOf(name, environment);
  const made = observed(config, owner && configOf(isTenant(config) ? config.cluster.owner : "lab", owner));
  seen.set(key, made);
  return made;
}

/** What a change does, in the words of effects. */
function outcome(kind: Kind, { on = {}, change, whole }: Case): string {
  const base = changed(kind.base, on);
  const [before, after] = [observe(kind, base), observe(kind, whole ?? changed(base, change))];
  const { refused, lags } = verdictOn(before, after);
  if (refused.length > 0) return "stopped";
  if (lags.some(({ at }) => at === "")) return "other user data";
  if (lags.length > 0 || isRolled(before, after)) return "in turns";
  return before.live === after.live ? "nothing" : "in place";
}

function isRolled(before: Observed, after: Observed): boolean {
  return Object.entries(after.guarded).some(([key, { generation }]) => {
    const was = before.guarded[key];
    return was !== undefined && was.generation !== generation;
  });
}

function declared(effect: Effect | undefined): string {
  switch (effect?.kind) {
    case "inPlace":
      return effect.does.startsWith("nothing is made from it") ? "nothing" : "in place";
    case "inTurns":
      return "in turns";
    case "stopped":
    case "guarded":
      return "stopped";
    case "later":
    case undefined:
      return "not tried";
  }
}

describe.each(KINDS)("of $name", (kind) => {
  const effects = new Map(effectsOf(kind.effects).map(({ key, effect }) => [key, effect]));
  const cases = Object.entries(kind.cases);
  const possible = cases.filter(([, { refused }]) => refused === undefined);
  const impossible = cases.filter(([, { refused }]) => refused !== undefined);

  test("every key has a case, and no other one has", () => {
    expect(Object.keys(kind.cases).sort()).toEqual([...effects.keys()].sort());
  });

  test.each(possible)("%s", (key, each) => {
    expect(outcome(kind, each)).toBe(declared(effects.get(key)));
  });

  if (impossible.length > 0)
    test.each(impossible)("%s, which the checks refuse", (_key, { on = {}, change, refused = "" }) => {
      expect(() => observe(kind, changed(changed(kind.base, on), change))).toThrow(refused);
    });
});
