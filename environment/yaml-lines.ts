/** Lines of the settings in a stack file, so that reports can name the line of a setting. */
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type ParsedNode } from "yaml";
import { ENVIRONMENT_KEY } from "./stack-file";

/** Lines by path: `servers.workers.general`, as findings name paths. */
export type SettingLines = ReadonlyMap<string, number>;

/**
 * The line of each key and list entry of `labstead:environment`, without what is behind aliases.
 * @param text a stack file that has been read without errors
 */
export function settingLines(text: string): SettingLines {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, uniqueKeys: false });
  const lines = new Map<string, number>();
  const lineAt = (offset: number) => counter.linePos(offset).line;
  collect(document.getIn(["config", ENVIRONMENT_KEY], true), "", (path, offset) => {
    lines.set(path, lineAt(offset));
  });
  return lines;
}

function collect(node: unknown, above: string, found: (path: string, offset: number) => void): void {
  const below = (key: string, value: unknown, at: unknown): void => {
    const path = above === "" ? key : `${above}.${key}`;
    found(path, (at as ParsedNode).range[0]);
    collect(value, path, found);
  };
  if (isMap(node))
    for (const { key, value } of node.items) if (isScalar(key)) below(String(key.value), value, key);
  if (isSeq(node)) for (const [index, item] of node.items.entries()) below(String(index), item, item);
}

/** The nearest path that is written: the setting itself, or what holds it where it has its default. */
export function writtenPath(lines: SettingLines, path: string): string | undefined {
  for (let each = path; each !== ""; each = each.slice(0, Math.max(each.lastIndexOf("."), 0)))
    if (lines.has(each)) return each;
  return undefined;
}
