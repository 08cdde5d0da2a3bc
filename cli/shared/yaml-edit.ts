/** Sets one value in a user's YAML file, and keeps every other character. */
import { isMap, isScalar, parseDocument, type YAMLMap } from "yaml";

/** Texts are written in quotes: a URL's `?` and `:` have a meaning in YAML. */
type Plain = string | number;

/**
 * The text with the value at a path.
 * @throws Error if the path contains something that is not a mapping
 */
export function withValue(text: string, path: readonly string[], value: Plain): string {
  const document = parseDocument(text);
  const node = document.getIn(path, true);
  if (isScalar(node) && Array.isArray(node.range))
    return spliced(text, node.range[0], node.range[1], JSON.stringify(value));
  const depth = path.findIndex((_, length) => !isMap(document.getIn(path.slice(0, length + 1), true)));
  const holder = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
  if (!isMap(holder)) throw new Error(`there is no place for ${path.join(".")}`);
  return inserted(text, holder, path.slice(depth), value);
}

/** Before the first key, where indentation and punctuation are known. */
function inserted(
  text: string,
  holder: YAMLMap,
  [key = "", ...path]: readonly string[],
  value: Plain,
): string {
  const rest = path.reduceRight<string>((inner, name) => `{ ${name}: ${inner} }`, JSON.stringify(value));
  return holderText(text, holder, `${key}: ${rest}`);
}

function holderText(text: string, holder: YAMLMap, entry: string): string {
  const [start = 0, end = start] = holder.range ?? [];
  const [first] = holder.items;
  const at = isScalar(first?.key) ? first.key.range?.[0] : undefined;
  if (at === undefined) return spliced(text, start, end, `{ ${entry} }`);
  const separator =
    holder.flow === true ? ", " : `\n${" ".repeat(at - (text.lastIndexOf("\n", at - 1) + 1))}`;
  return spliced(text, at, at, `${entry}${separator}`);
}

function spliced(text: string, start: number, end: number, part: string): string {
  return `${text.slice(0, start)}${part}${text.slice(end)}`;
}
