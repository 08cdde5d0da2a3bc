/** Fields that a set writes only when it creates an object, because others change them afterwards. */
import type { PlainMap, PlainValue } from "../../provider-protocol";
import { isPlainMap } from "./entries";

/** The keys of a property path: `spec.replicas`, `data["app.conf"]`. */
export function pathKeys(path: string): readonly string[] {
  return [...path.matchAll(/\["([^"]*)"\]|([^.[\]]+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}

/** The manifest with the live object's values at these paths; paths that the live object does not have are omitted. */
export function withLiveFields(manifest: PlainMap, live: PlainMap, paths: readonly string[]): PlainMap {
  return paths.reduce<PlainMap>((changed, path) => withLiveField(changed, live, pathKeys(path)), manifest);
}

function withLiveField(manifest: PlainMap, live: PlainValue | undefined, keys: readonly string[]): PlainMap {
  const [key = "", ...rest] = keys;
  const value = isPlainMap(live) ? live[key] : undefined;
  if (rest.length > 0) {
    const below = manifest[key];
    return isPlainMap(below) ? { ...manifest, [key]: withLiveField(below, value, rest) } : manifest;
  }
  const { [key]: _own, ...others } = manifest;
  return value === undefined ? others : { ...others, [key]: value };
}
