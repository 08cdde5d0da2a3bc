/** Blocks of GitHub's and GitLab's Markdown. Contents may hold anything: none of it ends its block. */
import { printable } from "../../environment/printable";

/** Text outside of code: it is one line, opens no element and no link, and mentions nobody. */
export function plain(text: string): string {
  return printable(text).replaceAll("<", "&lt;").replaceAll("[", "\\[").replaceAll("@", "&#64;");
}

/** Text as code within a line; backquotes in it cannot end it. */
export function code(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const quotes = "`".repeat(longest + 1);
  const space = longest > 0 ? " " : "";
  return `${quotes}${space}${printable(text)}${space}${quotes}`;
}

/** A block of code. */
export function fenced(language: string, text: string): readonly string[] {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return [`${fence}${language}`, ...text.split("\n"), fence];
}

/** Lines behind a title that opens them; nothing without lines. */
export function folded(title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  return ["", `<details><summary>${escaped(title)}</summary>`, "", ...lines, "", "</details>"];
}

/** A table; a bar in a cell does not end it. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}

function escaped(text: string): string {
  return printable(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
