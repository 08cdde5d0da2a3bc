/**
 * Whatever a person writes into a text of the configuration: it is refused, or the files of all servers are the same but
 * for that text, where a parser finds it whole. Every text and every key of the schema, by walking it.
 */
import { isDeepStrictEqual } from "node:util";
import { parse } from "yaml";
import type { EnvironmentConfig } from "../../../environment/config";
import type { EnvironmentPlan } from "../../../environment/plan/types";
import { machines, userDataOf } from "../../../platform/machines";
import { configOf, ownerBase } from "../../environment/configs";
import { schemaLeaves, type Leaf } from "../../environment/schema-leaves";
import { environments } from "../../../catalog";
import { Environments } from "../../../environment/environments";
import { Catalog } from "../../../environment/parts/catalog";
import { parseEnvironment } from "../../environments";

const METACHARACTERS = ["\n", "\r", "\0", "\t", "\u001b", "\u2028", '"', "'", "\\", "`", "$(id)", "${HOME}", ";", "#", "%", "%%", "&", "|", "<", ">", "{", "}", "[", "!", "*", "?", "~", ": ", " ", ",", "\n- x", "\n    option x", "((labstead:"]; // prettier-ignore
/** In none of them is anything allowed that a file of servers treats specially. */
const CONTROLS = METACHARACTERS.slice(0, 6);

/** Files of their own, of several lines: keys and certificates. */
const WHOLE_FILES = /\.(armored|authority)$/;

/** Files of servers follow from the environment's plan; plans of parts are for charts, and may need more than a sample has. */
class WithoutCharts extends Catalog {
  override plan(): Readonly<Record<string, unknown>> {
    return {};
  }
}

const planning = new Environments(new WithoutCharts(environments.catalog.parts));
const owner = configOf("lab", ownerBase());
const leaves = schemaLeaves().filter(({ type }) => type === "text" || type === "key");

function configWith(leaf: Leaf, value: unknown): EnvironmentConfig | undefined {
  const parsed = parseEnvironment(leaf.environment, leaf.put(value).config);
  return parsed.ok ? parsed.config : undefined;
}

/** In the middle, so that a pattern cannot lose it by trimming. */
function withInside({ sample }: Leaf, inside: string): string {
  const text = String(sample);
  const middle = Math.ceil(text.length / 2);
  return `${text.slice(0, middle)}${inside}${text.slice(middle)}`;
}

/** What the value's own schema refuses, the whole configuration refuses too; to read that each time takes minutes. */
function accepted(leaf: Leaf): readonly string[] {
  return METACHARACTERS.map((each) => [each, withInside(leaf, each)] as const)
    .filter(([, text]) => leaf.schema.safeParse(text).success && configWith(leaf, text) !== undefined)
    .map(([each]) => each);
}

/** Also of what the checks refuse for another reason, as far as it can be planned. */
function planOf(leaf: Leaf, value: unknown): EnvironmentPlan | undefined {
  const config = configWith(leaf, value);
  if (config === undefined) throw new Error(`${leaf.path} refuses together what it takes one by one`);
  try {
    return planning.plan(config, leaf.environment === "test" ? owner : undefined).plan;
  } catch {
    return undefined;
  }
}

/** What each server gets, by its key: user data, and the text of each pushed file. */
function filesOf(plan: EnvironmentPlan): readonly (readonly [server: string, files: ServerFiles])[] {
  const configs = machines(plan);
  const userData = userDataOf(plan, configs);
  return [...configs].map(([key, { files }]) => {
    const sealed = files.filter(({ delivery }) => delivery.kind === "sealed");
    return [
      key,
      { userData: userData.get(key) ?? "", pushed: sealed.map(({ path, content }) => [path, content]) },
    ];
  });
}

interface ServerFiles {
  readonly userData: string;
  readonly pushed: readonly (readonly [path: string, content: string])[];
}

/** With user data as YAML reads it. */
function readOf({ userData, pushed }: ServerFiles): unknown {
  return { userData: parse(userData) as unknown, pushed };
}

/** The tree with one text in place of another, in names too. */
function replaced(tree: unknown, from: string, to: string): unknown {
  if (typeof tree === "string") return tree.replaceAll(from, to);
  if (Array.isArray(tree)) return tree.map((each) => replaced(each, from, to));
  if (typeof tree !== "object" || tree === null) return tree;
  return Object.fromEntries(
    Object.entries(tree).map(([key, each]) => [key.replaceAll(from, to), replaced(each, from, to)]),
  );
}

const taking = leaves
  .map((leaf) => ({ leaf, takes: accepted(leaf) }))
  .filter(({ takes }) => takes.length > 0);

test("no text takes a control character or the beginning of a marker", () => {
  const words = taking.filter(({ leaf }) => !WHOLE_FILES.test(leaf.path));
  const found = words.flatMap(({ leaf, takes }) =>
    takes
      .filter((each) => CONTROLS.includes(each) || /[\n]|labstead/.test(each))
      .map((each) => `${leaf.path} ${JSON.stringify(each)}`),
  );
  expect(found).toEqual([]);
});

test("what a server's file could treat specially is only taken where no server reads it, or a parser finds it whole", () => {
  const unplanned: string[] = [];
  for (const { leaf, takes } of taking) {
    const value = withInside(leaf, takes.join(""));
    const [before, after] = [planOf(leaf, leaf.sample), planOf(leaf, value)];
    if (before === undefined || after === undefined) {
      unplanned.push(leaf.path);
      continue;
    }
    const sample = String(leaf.sample);
    const [wanted, files] = [filesOf(before), filesOf(after)];
    expect(files.map(([key]) => key.replaceAll(value, sample))).toEqual(wanted.map(([key]) => key));
    for (const [place, [, ofServer]] of files.entries()) {
      const [, was] = wanted[place]!;
      // Equal as they are: most servers, and reading all of them takes minutes.
      if (isDeepStrictEqual(ofServer, was)) continue;
      expect({ leaf: leaf.path, files: replaced(readOf(ofServer), value, sample) }).toEqual({
        leaf: leaf.path,
        files: readOf(was),
      });
    }
  }
  expect(unplanned).toEqual([]);
});
