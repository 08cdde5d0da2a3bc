/** Texts of user files for messages: on one line, without terminal control characters. */

/** Control characters, line separators, lone surrogates, and invisible or direction-changing characters. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** The text with each such character as its code: `\u001b`. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16).padStart(4, "0");
    return SHORT[character] ?? `\\u${code}`;
  });
}

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** A path in a configuration, as messages name it: `servers.workers.general`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.length === 0 ? "labstead:environment" : path.map(String).join(".");
}

const LONGEST = 60;

/** What was given, short enough for one line; never a private key that was given instead of a public one. */
export function shown(value: unknown): string {
  const text = written(value);
  if (text.includes("PRIVATE KEY")) return "a private key";
  return printable(text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}…` : text);
}

/** Numbers as in YAML; values that only a program can pass, by type. */
function written(value: unknown): string {
  switch (typeof value) {
    case "undefined":
      return "nothing";
    case "number":
      return numberText(value);
    case "bigint":
    case "function":
    case "symbol":
      return `a ${typeof value}`;
    default:
      return JSON.stringify(value);
  }
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return ".nan";
  return Number.isFinite(value) ? String(value) : String(value).replace("Infinity", ".inf");
}
