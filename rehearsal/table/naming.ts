/** Names for resources that the program does not name, as the bridged plugins make them. */
import { createHash, randomBytes } from "node:crypto";

import { isList } from "../../provider-protocol";
import type { CheckRequest, PropertyMap } from "../../provider-protocol";

/** The inputs' property that lists what was filled in, not given. The bridged plugins keep it in state likewise. */
const DEFAULTS = "__defaults";

/** Hexadecimal digits after the name. */
const SUFFIX_DIGITS = 7;

/** True if the resource's `name` was made here and not given. */
export function isAutoNamed(inputs: PropertyMap): boolean {
  const defaults = inputs[DEFAULTS];
  return isList(defaults) && defaults.includes("name");
}

/** The inputs with a `name`: the given one, the one made earlier, or `<resource name>-<7 hex digits>`. */
export function withName(request: CheckRequest): PropertyMap {
  const { newInputs, oldInputs, name, randomSeed } = request;
  if ((newInputs["name"] ?? null) !== null) return { ...newInputs, [DEFAULTS]: [] };
  const earlier = isAutoNamed(oldInputs) ? oldInputs["name"] : undefined;
  return {
    ...newInputs,
    name: earlier ?? `${name}-${suffix(request.urn, randomSeed)}`,
    [DEFAULTS]: ["name"],
  };
}

function suffix(urn: string, seed: Uint8Array): string {
  const bytes = seed.length > 0 ? seed : randomBytes(16);
  return createHash("sha256").update(urn).update(bytes).digest("hex").slice(0, SUFFIX_DIGITS);
}
