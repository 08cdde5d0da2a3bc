/** Result of a preview: deletions and replacements first, each resource with the properties that cause it. */
import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation";

/** One resource that would change. */
export interface Step {
  readonly kind: StepKind;
  readonly name: string;
  readonly type: string;
  /** Why, as the rest of a line; empty for a new one. */
  readonly reason: string;
}

/** In the order of the report. */
const KINDS = ["delete", "replace", "update", "read", "create"] as const;
type StepKind = (typeof KINDS)[number];

const WORDS: Readonly<Record<StepKind, string>> = {
  delete: "would delete",
  replace: "would replace",
  update: "would change",
  read: "would read",
  create: "would make",
};

const SIGNS: Readonly<Record<StepKind, string>> = {
  delete: "-",
  replace: "+-",
  update: "~",
  read: ">",
  create: "+",
};

/** Number of new resources that are listed before they are counted by type. */
const NAMED = 30;
/** Characters of a value that is written out. */
const LONGEST = 40;

/** Collects the steps of a run from the engine's events. */
export class Steps {
  readonly #all: Step[] = [];

  readonly onEvent = ({ resourcePreEvent }: EngineEvent): void => {
    if (resourcePreEvent === undefined) return;
    const { metadata } = resourcePreEvent;
    const kind = KINDS.find((each) => each === metadata.op);
    if (kind !== undefined) this.#all.push(stepOf(kind, metadata));
  };

  get all(): readonly Step[] {
    return this.#all;
  }

  /** Lines of all kinds that there are. */
  lines(stack: string): readonly string[] {
    return KINDS.flatMap((kind) => kindLines(stack, kind, this.#all));
  }
}

function stepOf(kind: StepKind, metadata: StepEventMetadata): Step {
  const { urn, type } = metadata;
  return { kind, name: urn.split("::").at(-1) ?? urn, type, reason: reasonOf(kind, metadata) };
}

function reasonOf(kind: StepKind, metadata: StepEventMetadata): string {
  switch (kind) {
    case "delete":
      return "no longer configured";
    case "replace":
      return changed(metadata.keys ?? [], metadata) || "what it depends on is replaced";
    case "update":
      return changed(propertiesOf(metadata), metadata);
    case "read":
    case "create":
      return "";
  }
}

/** Paths of the properties, the most exact ones that the provider knows. */
function propertiesOf({ detailedDiff = {}, diffs = [] }: StepEventMetadata): readonly string[] {
  const exact = Object.keys(detailedDiff);
  return exact.length > 0 ? exact : diffs;
}

function changed(paths: readonly string[], { old, new: next }: StepEventMetadata): string {
  return [...new Set(paths)].map((path) => propertyText(path, old?.inputs, next?.inputs)).join(", ");
}

/** With both values if they are short; the engine has masked secrets. */
function propertyText(path: string, before: unknown, after: unknown): string {
  const [was, is] = [valueText(valueAt(before, path)), valueText(valueAt(after, path))];
  return was === undefined || is === undefined || was === is ? path : `${path}: ${was} → ${is}`;
}

/** `a.b[0].c`. */
function valueAt(value: unknown, path: string): unknown {
  const words = path.split(/[.[\]]+/).filter((word) => word !== "");
  return words.reduce<unknown>(
    (at, word) => (typeof at === "object" && at !== null ? Reflect.get(at, word) : undefined),
    value,
  );
}

function valueText(value: unknown): string | undefined {
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return undefined;
  const text = String(value);
  return text.length > LONGEST || /[\n\r]/.test(text) ? undefined : text;
}

function kindLines(stack: string, kind: StepKind, all: readonly Step[]): readonly string[] {
  const steps = all
    .filter((step) => step.kind === kind)
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  if (steps.length === 0) return [];
  const head = `${stack}: ${WORDS[kind]} ${String(steps.length)}`;
  const counted = kind === "create" && steps.length > NAMED;
  return [head, ...(counted ? typeLines(steps) : steps.map(stepLine))];
}

function stepLine({ kind, name, type, reason }: Step): string {
  return `  ${SIGNS[kind]} ${name} (${type})${reason === "" ? "" : `: ${reason}`}`;
}

function typeLines(steps: readonly Step[]): readonly string[] {
  const types = [...new Set(steps.map(({ type }) => type))].sort();
  return types.map((type) => `  + ${String(steps.filter((step) => step.type === type).length)} ${type}`);
}
