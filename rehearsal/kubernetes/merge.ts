/** Server-side apply for one manager: what it no longer says goes, what it says is set, what others set stays. */
import { isMap } from "../../provider-protocol";
import type { PlainMap } from "../../provider-protocol";

/**
 * @param live the object as it is
 * @param before what the manager said last time
 * @param after what it says now
 */
export function applied(live: PlainMap, before: PlainMap, after: PlainMap): PlainMap {
  const kept = Object.entries(live).filter(([key]) => !(key in before) || key in after);
  const set = Object.entries(after).map(([key, value]) => {
    const [was, said] = [live[key], before[key]];
    if (!isMap(value) || !isMap(was)) return [key, value] as const;
    return [key, applied(was, isMap(said) ? said : {}, value)] as const;
  });
  return { ...Object.fromEntries(kept), ...Object.fromEntries(set) };
}
