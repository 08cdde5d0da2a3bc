/** Compares two reports: things that were added, changed or removed, by their ids. */
import type { PreviewStep } from "../preview/types";
import { plainText } from "./text";
import type { Box, Change, ChangeKind, Picture, Report, Row, Section, Table, Thing } from "./types";

export interface Base {
  /** The git reference, as it was given. */
  readonly against: string;
  /** Absent if the environment is new, or has errors there. */
  readonly report?: Report;
  /** What the engine would do; absent without a preview. */
  readonly steps?: readonly PreviewStep[];
}

/** The report of the head with marks of what differs from the base. */
export function withChanges(head: Report, { against, report: base, steps: previewed = [] }: Base): Report {
  const before = thingsOf(base);
  const sections = head.sections.map((section) => marked(section, before));
  const now = thingsOf({ ...head, sections });
  const removed = [...before.values()].flatMap((thing) =>
    now.has(thing.id) ? [] : [{ ...thing, change: { kind: "removed", values: [] } as const }],
  );
  const changed = [...now.values()].flatMap((thing) =>
    thing.change === undefined ? [] : [{ ...thing, change: thing.change }],
  );
  const steps = previewed.map(({ kind, layer, name, reason }): Row => ({
    cells: [[kind], [layer], [name], [reason]],
  }));
  return {
    ...head,
    sections,
    picture: markedPicture(head.picture, now),
    compared: { with: against, things: [...changed, ...removed], steps },
  };
}

function thingsOf(report: Pick<Report, "sections"> | undefined): ReadonlyMap<string, Thing> {
  return new Map(report?.sections.flatMap(({ things }) => things.map((thing) => [thing.id, thing])));
}

function marked(section: Section, before: ReadonlyMap<string, Thing>): Section {
  return { ...section, things: section.things.map((thing) => markedThing(thing, before.get(thing.id))) };
}

function markedThing(thing: Thing, was: Thing | undefined): Thing {
  if (was === undefined) return { ...thing, change: { kind: "added", values: [] } };
  const values = changedValues(was, thing);
  if (values.length === 0) return thing;
  return {
    ...thing,
    change: { kind: "changed", values },
    tables: thing.tables.map((table) => markedRows(table, was)),
  };
}

/** A row that was not there is added; one whose other cells differ has changed. */
function markedRows(table: Table, was: Thing): Table {
  const old = new Map(
    was.tables.find(({ title }) => title === table.title)?.rows.map((row) => [rowKey(row), rowText(row)]),
  );
  const changeOf = (row: Row): { readonly change?: ChangeKind } => {
    const text = old.get(rowKey(row));
    if (text === undefined) return { change: "added" };
    return text === rowText(row) ? {} : { change: "changed" };
  };
  return { ...table, rows: table.rows.map((row) => ({ ...row, ...changeOf(row) })) };
}

function rowKey({ id, cells: [first = []] }: Row): string {
  return id ?? plainText(first);
}

function rowText({ cells }: Row): string {
  return cells.map(plainText).join(" · ");
}

function changedValues(was: Thing, is: Thing): Change["values"] {
  const [before, after] = [valuesOf(was), valuesOf(is)];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((label) => {
    const [old = "", now = ""] = [before.get(label), after.get(label)];
    return old === now ? [] : [{ label, before: old, after: now }];
  });
}

/** Everything that a thing says, by a label that stays when the value changes. */
function valuesOf({ facts, reached, cost, tables }: Thing): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const add = (label: string, text: string): void => {
    const known = values.get(label);
    values.set(label, known === undefined ? text : `${known}; ${text}`);
  };
  for (const { label, value } of facts) add(label, plainText(value));
  for (const { title, lines } of reached) for (const line of lines) add(title, plainText(line));
  if (cost !== undefined) add("cost", cost);
  for (const { title, rows } of tables)
    for (const row of rows) add(`${title}: ${plainText(row.cells[0] ?? [])}`, rowText(row));
  return values;
}

function markedPicture(picture: Picture, things: ReadonlyMap<string, Thing>): Picture {
  const changeOf = (id: string | undefined) => {
    const kind = id === undefined ? undefined : things.get(id)?.change?.kind;
    return kind === undefined ? {} : { change: kind };
  };
  const rows = new Map(
    [...things.values()].flatMap(({ tables }) =>
      tables.flatMap((table) =>
        table.rows.flatMap(({ id, change }) =>
          id === undefined || change === undefined ? [] : [[id, change]],
        ),
      ),
    ),
  );
  const cellChange = (to: string) => {
    const change = rows.get(to);
    return change === undefined ? changeOf(to) : { change };
  };
  const boxes = picture.boxes.map((box): Box => ({
    ...box,
    ...changeOf(box.to),
    cells: box.cells.map((cell) => ({ ...cell, ...cellChange(cell.to) })),
  }));
  return { ...picture, boxes };
}
