/** Hides the contents of a secret manifest in messages of the API server, which may quote them. */
import { isList } from "../../provider-protocol";
import type { PlainMap, PlainValue } from "../../provider-protocol";
import { masked } from "../machine-files/mask";
import { isPlainMap } from "./entries";
import type { CheckedManifest } from "./manifests";

/** Fields that name the object; messages are of no use without them. */
const NAMES: ReadonlySet<string> = new Set(["apiVersion", "kind", "metadata", "type"]);

/** The message without secrets. */
export function shownMessage(message: string, { text, isSecret }: CheckedManifest): string {
  if (!isSecret) return message;
  const manifest = JSON.parse(text) as PlainMap;
  const contents = Object.entries(manifest).filter(([name]) => !NAMES.has(name));
  return masked(
    message,
    contents.flatMap(([, value]) => textsIn(value)),
  );
}

function textsIn(value: PlainValue): readonly string[] {
  if (isList(value)) return value.flatMap(textsIn);
  if (isPlainMap(value)) return Object.values(value).flatMap(textsIn);
  return typeof value === "string" || typeof value === "number" ? [String(value)] : [];
}
