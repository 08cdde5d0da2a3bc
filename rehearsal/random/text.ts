/** Random strings by the rules of the random provider. */
import { randomInt } from "node:crypto";

import type { PlainMap } from "../../provider-protocol";

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = LOWER.toUpperCase();
const NUMERIC = "0123456789";
/** The provider's own choice of special characters. */
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";

interface Kind {
  readonly characters: string;
  readonly allowed: boolean;
  readonly minimum: number;
}

/** A string of `length` characters with at least the asked-for numbers of each kind. @throws if that cannot be */
export function randomText(inputs: PlainMap): string {
  const length = Number(inputs["length"]);
  const kinds = kindsOf(inputs);
  const needed = kinds.reduce((sum, kind) => sum + kind.minimum, 0);
  if (length < 1 || length < needed)
    throw new Error(`length ${length} is less than what is asked for (${Math.max(1, needed)})`);
  const all = kinds
    .filter((kind) => kind.allowed)
    .map((kind) => kind.characters)
    .join("");
  if (all === "") throw new Error("no kind of characters is allowed");
  const required = kinds.flatMap((kind) => pick(kind.characters, kind.minimum));
  return shuffled([...required, ...pick(all, length - required.length)]).join("");
}

/** The four kinds with the provider's defaults: all allowed, none required. */
function kindsOf(inputs: PlainMap): readonly Kind[] {
  const allowed = (name: string): boolean => inputs[name] !== false;
  const minimum = (name: string): number => Number(inputs[name] ?? 0);
  const override = inputs["overrideSpecial"];
  const special = typeof override === "string" && override !== "" ? override : SPECIAL;
  return [
    { characters: LOWER, allowed: allowed("lower"), minimum: minimum("minLower") },
    { characters: UPPER, allowed: allowed("upper"), minimum: minimum("minUpper") },
    { characters: NUMERIC, allowed: allowed("numeric") && allowed("number"), minimum: minimum("minNumeric") },
    { characters: special, allowed: allowed("special"), minimum: minimum("minSpecial") },
  ];
}

function pick(characters: string, count: number): readonly string[] {
  return Array.from({ length: count }, () => characters.charAt(randomInt(characters.length)));
}

/** Fisher and Yates's shuffle. */
export function shuffled<Item>(items: readonly Item[]): Item[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [result[last], result[other]] = [result[other] as Item, result[last] as Item];
  }
  return result;
}
