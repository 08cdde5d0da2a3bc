/** Server-side apply for one manager: fields that it no longer has are removed, its fields are set, others' fields stay. */
import { isMap } from "../../provider-protocol";
import type { PlainMap } from "../../provider-protocol";

/**
 * @param live the object as it is
 * @param before the manager's last manifest
 * @param after its new one
 */
export function applied(live: PlainMap, before: PlainMap, after: PlainMap): PlainMap {
  const kept = Object.entries(live).filter(([key]) => !(key in before) || key in after);
  const set = Object.entries(after).map(([key, value]) => {
    const [was, last] = [live[key], before[key]];
    if (!isMap(value) || !isMap(was)) return [key, value] as const;
    return [key, applied(was, isMap(last) ? last : {}, value)] as const;
  });
  return { ...Object.fromEntries(kept), ...Object.fromEntries(set) };
}
