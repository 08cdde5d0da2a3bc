/** Texts of the configuration that would be taken for values which are known later. */
import { finding, type Finding } from "./findings";
import { MARKER_OPEN } from "../values";

/** A finding for each text, at any depth, in which a marker begins, and for each mapping with such a key. */
export function markedTexts(value: unknown, path: readonly string[] = []): readonly Finding[] {
  if (typeof value === "string") return value.includes(MARKER_OPEN) ? [marked(path)] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) =>
    key.includes(MARKER_OPEN) ? [marked(path)] : markedTexts(each, [...path, key]),
  );
}

function marked(path: readonly string[]): Finding {
  const what = `holds ${MARKER_OPEN}, by which the program marks values that are known later`;
  return finding("config.invalid", path.join(".") || "labstead:environment", what, "write another text");
}
