/** What stands in a YAML file that a person wrote. */
import { parseDocument } from "yaml";

export type YamlResult =
  | { readonly ok: true; readonly content: unknown }
  /** One line: what is wrong, and where. */
  | { readonly ok: false; readonly problem: string };

/** Its content as plain data; an alias without an anchor, or one inside of what it stands for, is refused. */
export function parseYaml(text: string): YamlResult {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) return { ok: false, problem: firstLine(error) };
  try {
    const content: unknown = document.toJS();
    const looped = pathIntoItself(content, []);
    if (looped === undefined) return { ok: true, content };
    return { ok: false, problem: `${looped.join(".")} is an alias of something that holds it` };
  } catch (unresolved) {
    // Aliases are followed only here.
    if (unresolved instanceof ReferenceError) return { ok: false, problem: firstLine(unresolved) };
    throw unresolved;
  }
}

/** Keys to the first value that contains itself; aliases that are used twice side by side are none. */
function pathIntoItself(
  value: unknown,
  path: readonly string[],
  above: readonly unknown[] = [],
): readonly string[] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (above.includes(value)) return path;
  for (const [key, each] of Object.entries(value)) {
    const found = pathIntoItself(each, [...path, key], [...above, value]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function firstLine({ message }: Error): string {
  return message.split("\n")[0] ?? message;
}
