/** What stands in a YAML file that a person wrote. */
import { parseDocument } from "yaml";

export type YamlResult =
  | { readonly ok: true; readonly content: unknown }
  /** One line: what is wrong, and where. */
  | { readonly ok: false; readonly problem: string };

/** Its content as plain data; an alias without an anchor is no YAML either. */
export function parseYaml(text: string): YamlResult {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) return { ok: false, problem: firstLine(error) };
  try {
    return { ok: true, content: document.toJS() };
  } catch (unresolved) {
    // Aliases are followed only here.
    if (unresolved instanceof ReferenceError) return { ok: false, problem: firstLine(unresolved) };
    throw unresolved;
  }
}

function firstLine({ message }: Error): string {
  return message.split("\n")[0] ?? message;
}
