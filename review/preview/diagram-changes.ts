/** The diagram of an environment with what a change adds, changes and removes in it. */

const BOX = /^\s*(\w+)(?:\(\[|\[|\{\{)"/;
const COLOURS = {
  added: "stroke:#1a7f37,stroke-width:3px",
  changed: "stroke:#9a6700,stroke-width:3px",
  removed: "stroke:#cf222e,stroke-width:3px,stroke-dasharray:5 5",
} as const;
type Mark = keyof typeof COLOURS;

/**
 * @param before diagram of the base; undefined if there is none
 * @returns undefined if both are the same
 */
export function diagramChanges(before: string | undefined, after: string): string | undefined {
  if (before === after) return undefined;
  const [was, is] = [boxes(before ?? ""), boxes(after)];
  const removed = [...was].filter(([id]) => !is.has(id));
  const marked = (mark: Mark, ids: readonly string[]) =>
    ids.length === 0 ? [] : [`  class ${ids.join(",")} ${mark}`];
  const added = [...is.keys()].filter((id) => !was.has(id));
  const changed = [...is].filter(([id, line]) => was.has(id) && was.get(id) !== line).map(([id]) => id);
  const used = [
    ...marked("added", before === undefined ? [] : added),
    ...marked("changed", changed),
    ...marked(
      "removed",
      removed.map(([id]) => id),
    ),
  ];
  const classes = Object.entries(COLOURS).map(([mark, style]) => `  classDef ${mark} ${style}`);
  const lines = [
    ...after.trimEnd().split("\n"),
    ...removed.map(([, line]) => `  ${line}`),
    ...(used.length === 0 ? [] : [...classes, ...used]),
  ];
  return `${lines.join("\n")}\n`;
}

/** Lines of boxes by their ids. */
function boxes(diagram: string): ReadonlyMap<string, string> {
  return new Map(
    diagram.split("\n").flatMap((line) => {
      const id = BOX.exec(line)?.[1];
      return id === undefined ? [] : [[id, line.trim()] as const];
    }),
  );
}
