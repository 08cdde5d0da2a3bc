/** The difference between a declared Kubernetes object and the live one. */
import { isJsonObject, type JsonObject } from "../../deploy/manifest";
import { pathText, valueAt, writtenFields, type Step } from "./managed-fields";
import type { Difference } from "./report";

export interface ObjectPair {
  /** As it was applied. */
  readonly declared: JsonObject;
  /** The same in the spelling of the API server, such as `500m` for `0.5`. @default declared */
  readonly expected?: JsonObject;
  readonly live: JsonObject;
  /** Paths of fields that belong to somebody else after the creation: `spec.replicas`. */
  readonly initialOnly: readonly string[];
}

/** Values whose content is not known here: secrets, and what is bound at `up`. */
export type IsHidden = (value: unknown) => boolean;

/** Managers under which the program writes. */
const OURS = /^(pulumi-kubernetes|labstead\/)/;
/** Managers that complete objects of others as their task. */
const CONTROLLERS = /^(kube-|system:)|controller|cainjector|provisioner|operator|autoscaler|csi/i;
/** Written by `kubectl rollout restart`, which changes nothing else. */
const RESTARTED = "kubectl.kubernetes.io/restartedAt";

/** Maps in which every key counts: one more is a change. Elsewhere defaults of the API server are added. */
const WHOLE_MAPS: ReadonlySet<string> = new Set([
  "data",
  "binaryData",
  "hard",
  "matchLabels",
  "nodeSelector",
  "selector",
]);

/** Differences of fields that are declared, and fields that somebody else has added. */
export function objectDifferences(pair: ObjectPair, isHidden: IsHidden): readonly Difference[] {
  const { declared, expected = declared, live } = pair;
  const skipped = new Set(pair.initialOnly);
  const walk = new Walk(skipped, isHidden);
  const apart = ["apiVersion", "kind", "metadata", "status", ...(isSecret(declared) ? SECRET_FIELDS : [])];
  for (const field of Object.keys(declared)) {
    if (apart.includes(field)) continue;
    walk.compare([fieldStep(field)], declared[field], expected[field], live[field]);
  }
  for (const part of ["labels", "annotations"]) {
    const path = [fieldStep("metadata"), fieldStep(part)];
    const [own, wanted, is] = [declared, expected, live].map((each) => valueAt(each, path));
    if (own !== undefined) walk.compare(path, own, wanted, is ?? {});
  }
  const found = [...walk.differences, ...missingKeys(pair, isHidden)];
  return [...found, ...foreignFields(pair, isHidden, skipped, new Set(found.map(({ field }) => field)))];
}

/** Of a Secret: no value of it is compared or shown. */
const SECRET_FIELDS = ["data", "stringData"];

function isSecret({ apiVersion, kind }: JsonObject): boolean {
  return apiVersion === "v1" && kind === "Secret";
}

/** Keys of a Secret that are gone. */
function missingKeys({ declared, live }: ObjectPair, isHidden: IsHidden): readonly Difference[] {
  if (!isSecret(declared)) return [];
  const { data } = live;
  return SECRET_FIELDS.flatMap((field) => {
    const values = declared[field];
    if (isHidden(values) || !isJsonObject(values)) return [];
    return Object.keys(values)
      .filter((key) => !isJsonObject(data) || !(key in data))
      .map((key) => ({
        field: pathText([fieldStep("data"), fieldStep(key)]),
        declared: "a secret",
        found: "none",
      }));
  });
}

class Walk {
  readonly differences: Difference[] = [];

  constructor(
    private readonly skipped: ReadonlySet<string>,
    private readonly isHidden: IsHidden,
  ) {}

  compare(path: readonly Step[], declared: unknown, expected: unknown, live: unknown): void {
    if (this.isHidden(declared) || declared === undefined || declared === null) return;
    const text = pathText(path);
    if (this.skipped.has(text)) return;
    if (Array.isArray(declared)) this.list(path, declared, expected, live);
    else if (isJsonObject(declared)) this.map(path, declared, expected, live);
    else if (!isSame(expected, live)) this.add(path, expected, live);
  }

  private map(path: readonly Step[], declared: JsonObject, expected: unknown, live: unknown): void {
    if (!isJsonObject(live)) {
      // `emptyDir: {}` and the like are the same as nothing where a service has them by default.
      if (Object.keys(declared).length > 0) this.add(path, expected, live);
      return;
    }
    const wanted = isJsonObject(expected) ? expected : declared;
    for (const [name, value] of Object.entries(declared))
      this.compare([...path, fieldStep(name)], value, wanted[name], live[name]);
    if (!isWhole(path)) return;
    for (const [name, value] of Object.entries(live))
      if (!(name in declared)) this.add([...path, fieldStep(name)], undefined, value);
  }

  private list(path: readonly Step[], declared: readonly unknown[], expected: unknown, live: unknown): void {
    if (!Array.isArray(live) || live.length !== declared.length) {
      if (!isSame(declared, live)) this.add(path, declared, live);
      return;
    }
    const wanted = Array.isArray(expected) ? (expected as readonly unknown[]) : declared;
    for (const [index, item] of declared.entries()) {
      const step = itemStep(item, index);
      const at = (items: readonly unknown[]): unknown =>
        step.kind === "item" ? valueAt(items, [step]) : items[index];
      this.compare([...path, step], item, at(wanted) ?? item, at(live as readonly unknown[]));
    }
  }

  private add(path: readonly Step[], declared: unknown, found: unknown): void {
    this.differences.push({
      field: pathText(path),
      declared: shown(declared, this.isHidden),
      found: shown(found, this.isHidden),
    });
  }
}

/** Fields that identify an item of a list, the first that it has. Source: the merge keys of the built-in kinds. */
const ITEM_KEYS = ["name", "containerPort", "port", "mountPath", "devicePath", "topologyKey", "ip"];

function itemStep(item: unknown, index: number): Step {
  const key = ITEM_KEYS.find((name) => isJsonObject(item) && isWord(item[name]));
  return key === undefined || !isJsonObject(item)
    ? { kind: "field", name: String(index) }
    : { kind: "item", keys: { [key]: item[key] } };
}

function isWord(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number";
}

function isWhole(path: readonly Step[]): boolean {
  const last = path.at(-1);
  return last?.kind === "field" && WHOLE_MAPS.has(last.name);
}

function fieldStep(name: string): Step {
  return { kind: "field", name };
}

/** Empty texts, false, 0 and empty lists are left out of answers. */
function isSame(expected: unknown, live: unknown): boolean {
  return isNothing(live) ? isNothing(expected) : expected === live;
}

function isEqual(one: unknown, other: unknown): boolean {
  if (isNothing(one) || isNothing(other)) return isNothing(one) && isNothing(other);
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item, index) => isEqual(item, other[index]));
  if (!isJsonObject(one) || !isJsonObject(other)) return one === other;
  return Object.keys({ ...one, ...other }).every((name) => isEqual(one[name], other[name]));
}

function isNothing(value: unknown): boolean {
  const isEmptyList = Array.isArray(value) && value.length === 0;
  return isEmptyList || value === undefined || value === null || [false, 0, ""].includes(value as never);
}

/** What somebody other than the program or a controller wrote: into a secret, or a field that nobody declared. */
function foreignFields(
  { declared, expected = declared, live }: ObjectPair,
  isHidden: IsHidden,
  skipped: ReadonlySet<string>,
  reported: ReadonlySet<string>,
): readonly Difference[] {
  const all = writtenFields(live);
  const own = new Set(all.filter(({ manager }) => OURS.test(manager)).map(({ path }) => pathText(path)));
  return all.flatMap(({ manager, path }) => {
    const [first] = path;
    const isMeta = first?.kind === "field" && ["metadata", "status"].includes(first.name);
    const text = pathText(path);
    if (isMeta || OURS.test(manager) || CONTROLLERS.test(manager) || text.includes(RESTARTED)) return [];
    if (skipped.has(text) || own.has(text) || isReported(path, reported)) return [];
    const hidden = hiddenAt(declared, path, isHidden);
    const value = valueAt(live, path);
    // The server's spelling of the declared object has what others added, too.
    const wanted = valueAt(declared, path) === undefined ? undefined : valueAt(expected, path);
    // A map or list that has one owner as a whole, such as a selector, is compared as a whole.
    if (!hidden && wanted !== undefined && isEqual(wanted, value)) return [];
    if (value === undefined) return [];
    return [
      {
        field: text,
        declared: hidden ? "a secret or later value" : shown(wanted, isHidden),
        found: `${hidden ? "another value" : shown(value, isHidden)}, written by ${manager}`,
      },
    ];
  });
}

function isReported(path: readonly Step[], reported: ReadonlySet<string>): boolean {
  return path.some((_, index) => reported.has(pathText(path.slice(0, index + 1))));
}

/** Whether a field is a secret or lies in one. */
function hiddenAt(declared: JsonObject, path: readonly Step[], isHidden: IsHidden): boolean {
  const [first] = path;
  if (isSecret(declared) && first?.kind === "field" && SECRET_FIELDS.includes(first.name)) return true;
  return path.some((_, index) => isHidden(valueAt(declared, path.slice(0, index + 1))));
}

/** Characters of a value in a table. */
const SHOWN = 80;

function shown(value: unknown, isHidden: IsHidden): string {
  if (value === undefined || value === null) return "none";
  const text = typeof value === "string" ? value : JSON.stringify(masked(value, isHidden));
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

function masked(value: unknown, isHidden: IsHidden): unknown {
  if (isHidden(value)) return "secret";
  if (Array.isArray(value)) return value.map((each: unknown) => masked(each, isHidden));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, masked(each, isHidden)]));
}
