/**
 * Which programs shell scripts start: a reader of as much of the language as the scripts of the labs use. It knows quotes,
 * substitutions, here-documents, `case`, functions, and arrays that hold the beginning of a command line.
 */
import { commandPrograms } from "./words";

/** Functions of the scripts that are given a command line, with the number of words before it. */
const TAKERS: Readonly<Record<string, number>> = { start: 1, run: 1, swift: 1, wait_for: 1, stop: Infinity };

const KEYWORDS = new Set("if then elif else fi while until do done ! { } time in esac".split(" "));
/** They have no other program to their words. */
const BUILTINS = new Set(
  ". : [ [[ break cd continue declare echo exec exit export false hash local printf pwd read readonly return set shift source test trap true umask unset wait".split(
    " ",
  ),
);

/** `name=(words)` */
const ARRAY = /\b(\w+)\+?=\(([^()]*)\)/g;

/** Programs of scripts that share their functions and arrays; none of the functions. */
export function scriptPrograms(scripts: readonly string[]): readonly string[] {
  const whole = scripts.map(plain).join("\n");
  const functions = new Set([...whole.matchAll(/^\s*(\w+)\(\)/gm)].map(([, name]) => name));
  const arrays = new Map([...whole.matchAll(ARRAY)].map(([, name = "", words = ""]) => [name, words]));
  const commands = commandsOf(whole.replace(ARRAY, ""));
  const heads = (words: readonly string[]): readonly string[] => {
    const [first = "", ...rest] = words;
    const array = arrays.get(/^"?\$\{(\w+)\[@\]\}"?$/.exec(first)?.[1] ?? "");
    if (array !== undefined) return heads([...wordsOf(array), ...rest]);
    if (/^\w+\+?=|^[\d&]*[<>]|^$/.test(first)) return rest.length === 0 ? [] : heads(rest);
    if (KEYWORDS.has(first) || (first === "exec" && rest.length > 0)) return heads(rest);
    if (functions.has(first) || Object.hasOwn(TAKERS, first))
      return heads(rest.slice(TAKERS[first] ?? Infinity));
    if (BUILTINS.has(first) || !/^[\w./-]+$/.test(first)) return [];
    return commandPrograms(
      words.map((word) => (word.includes("$") && !/\s/.test(word) ? undefined : bare(word))),
    );
  };
  return [...new Set(commands.flatMap((command) => heads(wordsOf(command))))];
}

/** Without comments, here-documents, continued lines, what a case is about, and functions' names. */
function plain(script: string): string {
  return script
    .replace(/\\\n/g, " ")
    .replace(/<<-?\s*['"]?(\w+)['"]?([^\n]*)\n[^]*?\n\s*\1(?=\n|$)/g, "$2")
    .replace(/<<</g, "<")
    .replace(/\$\(\([^)]*\)\)/g, "$value")
    .replace(/(^|\s)#[^\n]*/g, "$1")
    .replace(/\bcase\b[^\n]*?\bin\b/g, ";;")
    .replace(/(;;\s*)\(?[^()\n;]*\)/g, "$1")
    .replace(/\bfor \w+( in [^;\n]*)?(?=;|\n)/g, "");
}

/** Simple commands, those within substitutions too. */
function commandsOf(text: string): readonly string[] {
  const commands: string[] = [];
  let [command, quote, depth] = ["", "", 0];
  const inner: string[] = [];
  for (const character of text) {
    if (depth > 0) {
      depth += character === "(" ? 1 : character === ")" ? -1 : 0;
      if (depth === 0) inner.push(command.slice(command.lastIndexOf("\u0000") + 1));
      if (depth === 0) command = `${command.slice(0, command.lastIndexOf("\u0000"))}$value`;
      else command += character;
    } else if (quote !== "'" && character === "(" && command.endsWith("$")) {
      command = `${command.slice(0, -1)}\u0000`;
      depth = 1;
    } else if (quote !== "") {
      command += character;
      if (character === quote) quote = "";
    } else if (character === "'" || character === '"') {
      command += character;
      quote = character;
    } else if (/[;\n|()]/.test(character) || (character === "&" && !/[<>]$/.test(command))) {
      commands.push(command);
      command = "";
    } else command += character;
  }
  commands.push(command);
  return [...commands.map((each) => each.trim()), ...inner.flatMap(commandsOf)].filter(Boolean);
}

function wordsOf(command: string): readonly string[] {
  return command.match(/(?:\$\{[^}]*\}|"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
}

function bare(word: string): string {
  return word.replace(
    /^'([^]*)'$|^"([^]*)"$/,
    (_, single?: string, double?: string) => single ?? double ?? "",
  );
}
