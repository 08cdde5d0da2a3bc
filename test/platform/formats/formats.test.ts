/** Whatever is in a text, each format's renderer makes one word of it that reads back, or refuses it. */
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { gcfgHeader, gcfgString } from "../../../platform/formats/gcfg";
import { haproxyFormat, haproxyWord } from "../../../platform/formats/haproxy";
import { keepalivedCommand, keepalivedWord } from "../../../platform/formats/keepalived";
import { nftAddress, nftComment, nftInterface } from "../../../platform/formats/nftables";
import { inDoubleQuotes, shellSettings, shellWord, singleQuoted } from "../../../platform/formats/shell";
import { authorizedKey, sshWord } from "../../../platform/formats/ssh";
import { plainWord, rsyslogString, tomlString } from "../../../platform/formats/strings";
import { systemdText, systemdWord } from "../../../platform/formats/systemd";

const METACHARACTERS = [
  ..."\n \r \0 \t \u001b \u2028 \" ' \\ ` $ # % ; & | < > ( ) { } [ ] * ? ! ~ = , : @ / $(id) ${HOME} %i a Z 0 é".split(
    " ",
  ),
  " ",
];
const text = fc
  .array(fc.constantFrom(...METACHARACTERS), { minLength: 1, maxLength: 12 })
  .map((parts) => parts.join(""));

/** What a renderer makes of a text; undefined where it refuses it. */
function rendered(render: (each: string) => string, each: string): string | undefined {
  try {
    return render(each);
  } catch (error) {
    expect(String(error)).toMatch(/^Error: ".*" cannot be written to a file of /s);
    return undefined;
  }
}

function isControlled(each: string): boolean {
  return /[\p{Cc}\u2028\u2029]/u.test(each);
}

/** The words of a line in which double quotes, single quotes and backslashes are HAProxy's. */
function haproxyWords(line: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let at = 0; at < line.length; at++) {
    const character = line[at] ?? "";
    if (quote === "" && character === "#") break;
    if (quote === "" && character === " ") {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (character === quote) quote = "";
    else if (quote === "" && (character === '"' || character === "'")) {
      quote = character;
      word ??= "";
    } else if (quote !== "'" && character === "\\") word = (word ?? "") + (line[++at] ?? "");
    else if (quote === '"' && character === "$") throw new Error("a variable is expanded");
    else word = (word ?? "") + character;
  }
  return word === undefined ? words : [...words, word];
}

function systemdWords(line: string): readonly string[] {
  const words = line.match(/"(?:\\.|[^"\\])*"|[^ ]+/g) ?? [];
  return words.map((word) =>
    (word.startsWith('"') ? word.slice(1, -1).replace(/\\(.)/g, "$1") : word)
      .replaceAll("%%", "%")
      .replaceAll("$$", "$"),
  );
}

/** A quoted value as gcfg reads it: the two escapes that the renderer writes. */
function gcfgValue(line: string): string | undefined {
  const [, value] = /^key = "((?:\\[\\"]|[^\\"\n])*)"$/.exec(line) ?? [];
  return value?.replace(/\\([\\"])/g, "$1");
}

/** Texts that reach a word of several formats, each with a reader. */
const READ: readonly (readonly [
  format: string,
  render: (each: string) => string,
  read: (each: string) => unknown,
])[] = [
  ["HAProxy", haproxyWord, (word) => haproxyWords(`uri ${word} ver`)[1]],
  ["HAProxy's log format", haproxyFormat, (word) => haproxyWords(`hdr ${word} x`)[1]?.replaceAll("%%", "%")],
  ["systemd", systemdWord, (word) => systemdWords(`/bin/x ${word} y`)[1]],
  ["gcfg", gcfgString, (word) => gcfgValue(`key = ${word}`)],
  [
    "gcfg's sections",
    (each) => gcfgHeader("Class", each),
    (line) => gcfgValue(`key = ${line.replace(/^\[Class (.*)\]$/, "$1")}`),
  ],
  ["TOML", tomlString, (word) => JSON.parse(word) as unknown],
];

test.each(READ)("a word of %s reads back", (_format, render, read) => {
  fc.assert(
    fc.property(text, (each) => {
      const word = rendered(render, each);
      if (word === undefined) expect(isControlled(each)).toBe(true);
      else expect(read(word)).toBe(each);
    }),
    { numRuns: 1_000 },
  );
});

test("a word of a shell, in its three spellings, is what bash and sh get", () => {
  const texts = fc.sample(text, 300).filter((each) => !isControlled(each));
  expect(texts.length).toBeGreaterThan(20);
  const script = texts
    .map((each) => `printf '%s\\n' ${shellWord(each)} ${singleQuoted(each)} "${inDoubleQuotes(each)}"\n`)
    .join("");
  const settings = texts.map((each) => `${shellSettings({ VALUE: each })}printf '%s\\n' "$VALUE"\n`).join("");
  const wanted = texts.flatMap((each) => [each, each, each]).join("\n");
  for (const shell of ["bash", "sh"]) {
    expect(execFileSync(shell, { input: script, encoding: "utf8" })).toBe(`${wanted}\n`);
    expect(execFileSync(shell, { input: settings, encoding: "utf8" })).toBe(`${texts.join("\n")}\n`);
  }
});

/** Formats whose words have no quotes: nothing that they could treat specially passes. */
const REFUSING: readonly (readonly [format: string, render: (each: string) => string, plain: RegExp])[] = [
  ["keepalived", keepalivedWord, /^[\w.:/|()-]+$/],
  ["keepalived's commands", (each) => keepalivedCommand(each).slice(1, -1), /^[\w.:/ =+,-]+$/],
  ["nftables' interfaces", (each) => nftInterface(each).slice(1, -1), /^[\w.-]+$/],
  ["nftables' addresses", nftAddress, /^[0-9a-fA-F.:/-]+$/],
  ["OpenSSH", sshWord, /^[\w.:/@%+=,-]+$/],
  ["plain words", (each) => plainWord("exports", each), /^[\w.~:/@+=*,-]+$/],
];

test.each(REFUSING)("%s get nothing special", (_format, render, plain) => {
  fc.assert(
    fc.property(text, (each) => {
      const word = rendered(render, each);
      if (word !== undefined) expect(word).toMatch(plain);
      expect(word === undefined || word === each).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test("free texts stay on their line and in their quotes", () => {
  fc.assert(
    fc.property(text, (each) => {
      expect(nftComment(each)).toMatch(/^comment "[^"\\\n]*"$/);
      const description = rendered(systemdText, each);
      if (description !== undefined) expect(description).toMatch(/^(%%|[^%\n\r])*$/);
      const constant = rendered(rsyslogString, each);
      if (constant !== undefined) expect(constant).toMatch(/^"(\\[\\"$]|[^\\"$\n])*"$/);
      const key = rendered(
        (comment) => authorizedKey({ options: ["restrict"], key: "ssh-ed25519 AAAA", comment }),
        each,
      );
      if (key !== undefined) expect(key).toMatch(/^restrict ssh-ed25519 AAAA [^\n"'#\\]+$/);
    }),
    { numRuns: 1_000 },
  );
});
