/** Aligned text tables for people. */

/** One table with a title; columns are as wide as their widest cell. */
export function textTable(
  title: string,
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  const body = rows.length === 0 ? ["none"] : [line(header), ...rows.map(line)];
  return [title, ...body.map((text) => `  ${text}`), ""].join("\n");
}
