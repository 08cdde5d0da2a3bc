/** Content of a user's YAML file. */
import {
  Composer,
  isScalar,
  Lexer,
  LineCounter,
  Parser,
  visit,
  type CST,
  type Document,
  type YAMLError,
} from "yaml";
import { pathText } from "./printable";

export type YamlResult =
  | { readonly ok: true; readonly content: unknown }
  /** One line: what is wrong, and where. */
  | { readonly ok: false; readonly problem: string };

/** Maximum of values after expansion of aliases; 20,000 people need a fifth of it. */
const MOST_VALUES = 1_000_000;
/** Deeper than any schema. */
const MOST_LEVELS = 100;

/** Valid YAML that is not plain data, or is too large. */
class ContentError extends Error {}

/**
 * Its content as plain data. Refuses an alias without an anchor or inside its own target, multiplying aliases of
 * aliases, YAML tags for other data, keys that are not text, and duplicate keys.
 */
export function parseYaml(text: string): YamlResult {
  try {
    const document = documentIn(text);
    // What is shared stays shared here, and is counted afterwards.
    const content: unknown = document.toJS({ maxAliasCount: -1 });
    new Measure().extentOf(content, []);
    return { ok: true, content };
  } catch (error) {
    // Aliases are followed only in the end.
    if (error instanceof ReferenceError || error instanceof ContentError)
      return { ok: false, problem: firstLine(error) };
    throw error;
  }
}

/** @throws ContentError */
function documentIn(text: string): Document {
  const lines = new LineCounter();
  const composer = new Composer({
    lineCounter: lines,
    stringKeys: true,
    resolveKnownTags: false,
    // Its own check compares each key with all before it.
    uniqueKeys: false,
  });
  const [document, more] = composer.compose(tokensOf(text, lines), true, text.length);
  if (document === undefined || more !== undefined)
    throw new ContentError("it holds more than one document; write one without a line of ---");
  const [error] = [...document.errors, ...document.warnings];
  if (error !== undefined) throw new ContentError(`${problemOf(error)} ${place(lines, error.pos[0])}`);
  refuseRepeatedKeys(document, lines);
  return document;
}

function problemOf(error: YAMLError): string {
  return error.code === "NON_STRING_KEY" ? "a key is a mapping, list or alias" : firstLine(error);
}

/** Too deep nesting would overflow the stack of the composer, which cannot report it. */
function* tokensOf(text: string, lines: LineCounter): Generator<CST.Token> {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    if (parser.stack.length > 2 * MOST_LEVELS) throw new ContentError(TOO_DEEP);
  }
  yield* parser.end();
}

const TOO_DEEP = `it is nested more than ${String(MOST_LEVELS)} levels deep`;

function refuseRepeatedKeys(document: Document, lines: LineCounter): void {
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value))
          throw new ContentError(
            `key ${JSON.stringify(key.value)} is there twice in one mapping, again ${place(lines, key.range?.[0] ?? 0)}`,
          );
        seen.add(key.value);
      }
    },
  });
}

function place(lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `at line ${String(line)}, column ${String(col)}`;
}

interface Extent {
  readonly values: number;
  readonly levels: number;
}

const ONE_VALUE: Extent = { values: 1, levels: 0 };

/** Counts data as if every alias was expanded, in time linear in the text. */
class Measure {
  readonly #known = new Map<object, Extent>();
  readonly #above = new Set<object>();

  /** @throws ContentError for data that hold themselves, are nested too deep, or are too many */
  extentOf(value: unknown, path: readonly string[]): Extent {
    if (typeof value !== "object" || value === null) return ONE_VALUE;
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    if (this.#above.has(value))
      throw new ContentError(`${pathText(path)} is an alias of something that holds it`);
    if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype)
      throw new ContentError(`${pathText(path)} is no text, number, mapping or list`);
    this.#above.add(value);
    const inner = Object.entries(value).map(([key, each]) => this.extentOf(each, [...path, key]));
    this.#above.delete(value);
    const extent = joined(inner);
    this.#known.set(value, extent);
    return extent;
  }
}

function joined(inner: readonly Extent[]): Extent {
  const values = inner.reduce((sum, each) => sum + each.values, 1);
  const levels = inner.reduce((most, each) => Math.max(most, each.levels), 0) + 1;
  if (values > MOST_VALUES)
    throw new ContentError(`its aliases stand for more than ${MOST_VALUES.toLocaleString("en")} values`);
  if (levels > MOST_LEVELS) throw new ContentError(TOO_DEEP);
  return { values, levels };
}

function firstLine({ message }: Error): string {
  return message.split("\n")[0] ?? message;
}
