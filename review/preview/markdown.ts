/** A preview as Markdown, for a comment on a pull request: what matters first, details folded. */
import { findingText, type Finding } from "../../environment/findings";
import { code, fenced, folded, plain, table } from "./markdown-blocks";
import { LAYERS, type Layer } from "../layers";
import { STEP_KINDS, type Preview, type PreviewStep, type StackPreview, type StepKind } from "./types";
import { byVerdict, isLoud, verdictOf } from "./verdict";

/** Begins every report, so that the next one replaces the comment. */
export const MARKER = "<!-- labstead preview -->";

/** Steps of one kind and reason that are named, and rows of a layer, before the rest is counted. */
const NAMED = 6;
const ROWS = 40;
/** Loud items before the rest is folded. */
const LOUD = 20;

const VERBS: Readonly<Record<StepKind, string>> = {
  delete: "deletes",
  replace: "replaces",
  update: "updates",
  read: "reads",
  create: "creates",
};

const SIGNS: Readonly<Record<StepKind, string>> = {
  delete: "−",
  replace: "±",
  update: "~",
  read: ">",
  create: "+",
};

const TITLES: Readonly<Record<Layer, string>> = {
  infrastructure: "Infrastructure: OpenStack",
  platform: "Platform: servers' files, certificates, cluster",
  applications: "Applications",
};

/** Characters of a comment; GitHub's limit is 65,536. */
const LONGEST_COMMENT = 60_000;

/** The whole report. */
export function previewMarkdown(preview: Preview): string {
  return written(preview, "whole");
}

/** The report without diffs and, if it would be too long for a comment, without the tables of each stack. */
export function commentMarkdown(preview: Preview): string {
  const text = written(preview, "tables");
  return text.length <= LONGEST_COMMENT ? text : written(preview, "verdicts");
}

function written(preview: Preview, extent: "whole" | "tables" | "verdicts"): string {
  const stacks = byVerdict(preview.stacks);
  const changing = extent === "verdicts" ? [] : stacks.filter((each) => verdictOf(each) !== "nothing");
  return [
    ...[headline(preview, stacks), ""],
    ...loudLines([...stacks.flatMap(loudItems), ...acrossItems(preview)], extent === "whole"),
    ...changing.flatMap((each) => stackLines(each, extent === "whole")),
    ...(extent === "verdicts" ? ["", "The tables are in the whole report."] : []),
    ...folded("Findings between the stacks, as before", preview.across.kept.map(findingLine)),
    ...["", "---", ""],
    ...preview.notes.map((note) => `${note}.  `),
    `Previewed on the built-in cloud: ${revisions(preview)}.`,
    MARKER,
    "",
  ].join("\n");
}

function loudLines(items: readonly string[], fold: boolean): readonly string[] {
  const rest = items.slice(LOUD);
  if (rest.length === 0) return items;
  const more = `and ${String(rest.length)} more`;
  return [...items.slice(0, LOUD), ...(fold ? folded(more, rest) : [`- ${more}, in the whole report`])];
}

function revisions({ against, base, head }: Preview): string {
  const tip = head === undefined ? "the working tree" : code(head.slice(0, 12));
  return `${tip} on top of ${code(base.slice(0, 12))} (${plain(against)})`;
}

function headline({ against }: Preview, stacks: readonly StackPreview[]): string {
  const changing = stacks.filter((each) => verdictOf(each) !== "nothing");
  if (changing.length === 0) return `# Nothing changes against ${plain(against)}`;
  const harmless = changing.every((each) => verdictOf(each) === "changes");
  const texts = changing.map((each) => `${each.stack}: ${verdictText(each)}`);
  return `# ${texts.join("; ")}${harmless ? " (nothing is deleted or replaced)" : ""}`;
}

function verdictText(stack: StackPreview): string {
  switch (verdictOf(stack)) {
    case "fails":
      return "has errors, up stops";
    case "stops":
      return "up stops before it changes anything";
    case "disturbs":
    case "changes":
      return stack.state === "removed" ? "its file is removed" : countsText(stack);
    case "nothing":
      return "nothing changes";
  }
}

/** `deletes 1, replaces 2, interrupts 1, updates 3, creates 4` */
function countsText({ steps, disruptions, state }: StackPreview): string {
  const count = (kind: StepKind) => steps.filter((each) => each.kind === kind).length;
  const said = (verb: string, amount: number) => (amount === 0 ? [] : [`${verb} ${String(amount)}`]);
  const texts = [
    ...said(VERBS.delete, count("delete")),
    ...said(VERBS.replace, count("replace")),
    ...said("interrupts", disruptions.length),
    ...(["update", "read", "create"] as const).flatMap((kind) => said(VERBS[kind], count(kind))),
  ];
  if (texts.length === 0) return "no resource changes";
  return `${state === "new" ? "is new, " : ""}${texts.join(", ")}`;
}

/** What a reviewer must not overlook, each in one line or several. */
function loudItems(stack: StackPreview): readonly string[] {
  const { failures, refusals, disruptions, steps, findings, accepted, state } = stack;
  const errors = [...findings.added, ...findings.kept].filter(({ severity }) => severity === "error");
  return [
    ...errors.map((each) => `- **error** ${code(each.id)} ${plain(findingText(each))}`),
    ...failures.map((text) => messageLines("error", text).join("\n")),
    ...refusals.map((text) => messageLines("refused", text).join("\n")),
    ...(state === "removed" ? [removedLine(stack.stack)] : []),
    ...stepGroups(steps.filter(isLoud)),
    ...disruptions.map(
      ({ text, note }) => `- **interrupts**: ${plain(text)}${note === "" ? "" : ` (${plain(note)})`}`,
    ),
    ...findings.added.filter(({ severity }) => severity === "warning").map(findingLine),
    ...accepted.map(
      ({ finding, reason }) =>
        `- **accepts** ${code(finding.id)} ${plain(findingText(finding))}: ${plain(reason)}`,
    ),
  ];
}

function acrossItems({ across }: Preview): readonly string[] {
  return across.added.map(findingLine);
}

function removedLine(stack: string): string {
  return `- **removed**: \`Pulumi.${stack}.yaml\` is gone, and everything of ${stack} stays, without a description; first run \`labstead destroy ${stack}\``;
}

function findingLine(each: Finding): string {
  return `- **${each.severity}** ${code(each.id)} ${plain(findingText(each))}`;
}

/** The first line in bold, the rest as it is indented. */
function messageLines(word: string, text: string): readonly string[] {
  const [first = "", ...rest] = text.split("\n");
  return [
    `- **${word}**: ${plain(first)}`,
    ...(rest.length === 0 ? [] : fenced("text", rest.join("\n")).map((line) => `  ${line}`)),
  ];
}

/** One line for all steps with the same type and reason. */
function stepGroups(steps: readonly PreviewStep[]): readonly string[] {
  const groups = new Map<string, PreviewStep[]>();
  const ordered = steps.toSorted(
    (one, other) => STEP_KINDS.indexOf(one.kind) - STEP_KINDS.indexOf(other.kind),
  );
  for (const step of ordered) {
    const key = [step.kind, step.type, step.reason].join("\n");
    groups.set(key, [...(groups.get(key) ?? []), step]);
  }
  return [...groups.values()].map((group) => {
    const [{ kind, reason } = { kind: "update" as const, reason: "" }] = group;
    return `- **${VERBS[kind]}** ${namesText(group)}${reason === "" ? "" : `: ${plain(reason)}`}`;
  });
}

function namesText(group: readonly PreviewStep[]): string {
  const names = group.slice(0, NAMED).map(({ name }) => code(name));
  return `${names.join(", ")}${group.length > NAMED ? ` and ${String(group.length - NAMED)} more` : ""}`;
}

function stackLines(stack: StackPreview, fold: boolean): readonly string[] {
  const { settings, findings, quota, cost, seats, files, diagram, messages } = stack;
  const notes = findings.added.filter(({ severity }) => severity === "info");
  return [
    "",
    `## ${stack.stack}: ${verdictText(stack)}`,
    ...settingsTable(settings),
    ...LAYERS.flatMap((layer) => layerLines(stack, layer)),
    ...messages.flatMap((text) => ["", ...messageLines("guard", text)]),
    ...(quota.length === 0
      ? []
      : [
          "",
          ...table(
            ["quota", "before", "after", "limit"],
            quota.map(({ name, before, after, limit }) => [
              name,
              amount(before),
              `${amount(after)}${limit !== undefined && limit >= 0 && after > limit ? " **too much**" : ""}`,
              amount(limit),
            ]),
          ),
        ]),
    ...costTable(cost),
    ...seatTable(seats),
    ...(notes.length === 0 ? [] : ["", ...notes.map(findingLine)]),
    ...(findings.gone.length === 0 ? [] : ["", "No longer found:", "", ...findings.gone.map(findingLine)]),
    ...folded(
      `${findings.kept.length === 1 ? "1 finding" : `${String(findings.kept.length)} findings`} as before`,
      findings.kept.map(findingLine),
    ),
    ...(diagram === undefined
      ? []
      : folded("Picture: green is new, brown changed, red removed", fenced("mermaid", diagram.trimEnd()))),
    ...(fold
      ? files.flatMap((each) => folded(filesText(each.files), fenced("diff", each.diff.trimEnd())))
      : filesLeftOut(files.length)),
  ];
}

function costTable(cost: StackPreview["cost"]): readonly string[] {
  const [{ unit } = { unit: "" }] = cost;
  if (cost.length === 0) return [];
  const rows = cost.map(({ name, before, after, incomplete }) => [
    name,
    before === undefined ? "" : before.toFixed(2),
    `${after.toFixed(2)}${incomplete ? " or more: not everything has a price" : ""}`,
    before === undefined ? "" : signed(after - before),
  ]);
  return ["", ...table([`cost a month, ${plain(unit)}`, "before", "after", "difference"], rows)];
}

function seatTable(seats: StackPreview["seats"]): readonly string[] {
  if (seats.length === 0) return [];
  const rows = seats.map(({ name, before, after, first }) => [
    plain(name),
    amount(before),
    after === undefined ? "removed" : amount(after),
    plain(first),
  ]);
  return ["", ...table(["seats", "before", "after", "what ends first"], rows)];
}

function signed(difference: number): string {
  return difference < 0 ? `−${(-difference).toFixed(2)}` : `+${difference.toFixed(2)}`;
}

function filesLeftOut(count: number): readonly string[] {
  return count === 0
    ? []
    : ["", `Differences of manifests and servers' files (${String(count)}) are in the whole report.`];
}

function filesText(files: readonly string[]): string {
  const [first = "", ...more] = files;
  return more.length === 0 ? first : `${first}, and the same in ${String(more.length)} more`;
}

function amount(value: number | undefined): string {
  return value === undefined ? "" : String(value);
}

function settingsTable(settings: StackPreview["settings"]): readonly string[] {
  if (settings.length === 0) return [];
  const rows = settings.map(({ path, before, after, effect }) => [
    code(path),
    before === "" ? "" : code(before),
    after === "" ? "removed" : code(after),
    plain(effect),
  ]);
  return ["", ...table(["setting", "before", "after", "effect on a running environment"], rows)];
}

function layerLines({ steps, state }: StackPreview, layer: Layer): readonly string[] {
  const own = steps.filter((each) => each.layer === layer);
  if (own.length === 0) return [];
  const title = `${TITLES[layer]} (${String(own.length)})`;
  const counted = state === "new" || own.length > ROWS;
  const lines = counted
    ? typeLines(own)
    : table(
        ["", "resource", "what changes"],
        own.map(({ kind, name, reason }) => [SIGNS[kind], code(name), plain(reason)]),
      );
  return own.length > NAMED * 2 ? folded(title, lines) : ["", `### ${title}`, "", ...lines];
}

/** How many of each type. */
function typeLines(steps: readonly PreviewStep[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { kind, type } of steps) {
    const key = `${SIGNS[kind]} ${type}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const rows = [...counts].sort().map(([key, count]) => [key.slice(0, 1), String(count), code(key.slice(2))]);
  return table(["", "count", "type"], rows);
}
