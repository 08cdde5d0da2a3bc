/** Files that are no YAML, are not read, or have no environment: one finding each, in a stack's file and in the project's. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { stringify } from "yaml";
import { findingText } from "../../environment/findings";
import { readProject } from "../../environment/project-file";
import { parseYaml } from "../../environment/yaml-text";
import { parseEnvironment, readStackFile } from "../environments";
import { ownerBase } from "./configs";

let folder = "";
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "labstead-yaml-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const READERS = [
  ["Pulumi.lab.yaml", () => readStackFile(join(folder, "Pulumi.lab.yaml"))],
  ["Pulumi.yaml", () => readProject(folder)],
] as const;

function said(read: (typeof READERS)[number][1]): readonly string[] {
  const result = read();
  return result.ok ? [] : result.findings.map(findingText);
}

/** Nine anchors, each nine times the one before. */
const BOMB = Array.from("abcdefghi", (name, index) => {
  const inner = index === 0 ? "x" : `*${"abcdefghi"[index - 1] ?? ""}`;
  return `${name}: &${name} [${Array(9).fill(inner).join(", ")}]\n`;
}).join("");

const NOT_YAML: readonly (readonly [what: string, text: string, problem: string])[] = [
  [
    "an alias without an anchor",
    "config: *none\n",
    "Unresolved alias (the anchor must be set before the alias): none",
  ],
  ["an alias as a key", "a: &a 1\n*a : 2\n", "a key is a mapping, list or alias at line 2, column 1"],
  ["a mapping as a key", "? {a: b}\n: c\n", "a key is a mapping, list or alias at line 1, column 3"],
  [
    "a bracket that is not closed",
    "config: [\n",
    "Flow sequence in block collection must be sufficiently indented and end with a ] at line 2, column 1",
  ],
  [
    "an anchor that holds its own alias",
    "config: &all\n  tags: [*all]\n",
    "config.tags.0 is an alias of something that holds it",
  ],
  ["aliases that multiply", BOMB, "its aliases stand for more than 1,000,000 values"],
  ["brackets without end", "[".repeat(100_000), "it is nested more than 100 levels deep"],
  ["lists in lists", "- ".repeat(5_000), "it is nested more than 100 levels deep"],
  [
    "a key that is there twice",
    "a: 1\nb: 2\na: 3\n",
    'key "a" is there twice in one mapping, again at line 3, column 1',
  ],
  [
    "a tag for other data",
    "a: !!binary aGVsbG8=\n",
    "Unresolved tag: tag:yaml.org,2002:binary at line 1, column 4",
  ],
  ["a time of YAML 1.1", "%YAML 1.1\n---\na: 2026-01-01\n", "a is no text, number, mapping or list"],
  ["two documents", "a: 1\n---\nb: 2\n", "it holds more than one document; write one without a line of ---"],
];

test.each(NOT_YAML)("%s is a finding", (_what, text, problem) => {
  for (const [name, read] of READERS) {
    writeFileSync(join(folder, name), text);
    expect(said(read)).toEqual([`${name}: is not YAML: ${problem}; correct it`]);
  }
});

const NOT_READ: readonly (readonly [what: string, make: (file: string) => void, message: string])[] = [
  ["a folder", (file) => mkdirSync(file), "is a folder; write a file in its place"],
  [
    "a pipe that nobody writes to",
    (file) => spawnSync("mkfifo", [file]),
    "is a pipe, socket or device; write a file in its place",
  ],
  ["a link to itself", (file) => symlinkSync(file, file), "is a link to itself; write a file in its place"],
  ...["utf16le", "utf16be"].map(
    (encoding) =>
      [
        `${encoding} with a mark`,
        (file: string) => writeFileSync(file, utf16("\ufeffconfig:\n", encoding)),
        "is text in UTF-16; save it in UTF-8",
      ] as const,
  ),
  [
    "UTF-16 without a mark",
    (file) => writeFileSync(file, utf16("config:\n", "utf16le")),
    "is text in UTF-16; save it in UTF-8",
  ],
  [
    "bytes that are no text",
    (file) => writeFileSync(file, Buffer.from([0x61, 0xc3, 0x28, 0xff])),
    "is not text in UTF-8; write it with a text editor, or save it in UTF-8",
  ],
  [
    "a program",
    (file) => writeFileSync(file, "\x7fELF\x02\x01\x01\0\0\0"),
    "is not text in UTF-8; write it with a text editor, or save it in UTF-8",
  ],
];

function utf16(text: string, encoding: string): Buffer {
  const bytes = Buffer.from(text, "utf16le");
  return encoding === "utf16be" ? bytes.swap16() : bytes;
}

test.each(NOT_READ)("%s is a finding", (_what, make, message) => {
  for (const [name, read] of READERS) {
    make(join(folder, name));
    expect(said(read)).toEqual([`${name}: ${message}`]);
  }
});

/** root reads every file, so that it is nobody here for as long as the work takes. */
function asNobody<T>(work: () => T): T {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.("nobody");
  try {
    return work();
  } finally {
    process.seteuid?.(0);
  }
}

test("a file that may not be read is a finding", () => {
  chmodSync(folder, 0o755);
  for (const [name, read] of READERS) {
    writeFileSync(join(folder, name), "a: 1\n", { mode: 0 });
    expect(asNobody(() => said(read))).toEqual([
      `${name}: cannot be read: permission denied; make it readable for your account (chmod u+r)`,
    ]);
  }
});

const WRITE = "write config: and, indented below it, labstead:environment:";
const NO_ENVIRONMENT: readonly (readonly [text: string, message: string])[] = [
  ["", `is empty; ${WRITE}`],
  ["# only a comment\n", `is empty; ${WRITE}`],
  ["- a\n", `holds ["a"], which is no mapping; ${WRITE}`],
  ["plain\n", `holds "plain", which is no mapping; ${WRITE}`],
  ["encryptionsalt: v1:abc\n", `has no mapping config; ${WRITE}`],
  ["config: text\n", `has no mapping config; ${WRITE}`],
  [
    "config:\n  openstack:cloud: lab\n",
    `has no labstead:environment below config; ${WRITE}; examples/ has one for each kind of lab`,
  ],
  [
    "config:\n  labstead:enviroment: {domain: lab.example.org}\n",
    'has "labstead:enviroment" below config, and no labstead:environment; rename it to labstead:environment',
  ],
  [
    "config:\n  labstead:environment:\n    secure: AAABAI\n",
    "has an encrypted labstead:environment, which only Pulumi can read; write it as plain text; it holds no secret, those are settings of their own (docs/environment.md)",
  ],
];

test.each(NO_ENVIRONMENT)("a stack's file %j has no environment", (text, message) => {
  writeFileSync(join(folder, "Pulumi.lab.yaml"), text);
  expect(said(READERS[0][1])).toEqual([`Pulumi.lab.yaml: ${message}`]);
});

test("an anchor may be used as often as one likes", () => {
  const text = `a: &a {b: 1}\nlist: [${Array(2_000).fill("*a").join(", ")}]\n`;
  expect(parseYaml(text)).toMatchObject({ ok: true, content: { list: Array(2_000).fill({ b: 1 }) } });
});

test("a byte order mark of UTF-8 is no part of the text", () => {
  writeFileSync(join(folder, "Pulumi.yaml"), "\ufeffname: lab\n");
  expect(readProject(folder)).toEqual({ ok: true, project: { name: "lab" } });
});

describe("any text and any value", () => {
  test("a text is data or a problem of one line, never an exception", () => {
    const pieces = fc.constantFrom("a", ": ", "\n", "  ", "- ", "[", "]", "{", "}", "&a ", "*a", "!!set ", "? ", "'", '"', "|", "#", "%", "\t", "---\n", "<<", "\0", "\x1b", "é", "__proto__", ".inf"); // prettier-ignore
    const text = fc.array(pieces, { maxLength: 30 }).map((list) => list.join(""));
    fc.assert(
      fc.property(text, (each) => {
        const result = parseYaml(each);
        if (!result.ok) expect(result.problem).toMatch(/^[^\n]+$/);
      }),
      { numRuns: 2_000 },
    );
  });

  test("what is written comes back", () => {
    const key = fc.string({ maxLength: 8 }).filter((each) => !(each in Object.prototype));
    const tree = fc.letrec((tie) => ({
      node: fc.oneof({ maxDepth: 3 }, fc.string(), fc.integer(), fc.boolean(), tie("list"), tie("mapping")),
      list: fc.array(tie("node"), { maxLength: 3 }),
      mapping: fc.dictionary(key, tie("node"), { maxKeys: 3, noNullPrototype: true }),
    }));
    fc.assert(
      fc.property(tree.mapping, (content) => {
        expect(parseYaml(stringify(content, { version: "1.2" }))).toEqual({ ok: true, content });
      }),
    );
  });

  test("a key that every object has is a finding wherever it is", () => {
    const names = Object.getOwnPropertyNames(Object.prototype);
    for (const name of names) {
      const text = [`${name}: 1`, `cluster: {kind: own, ${name}: {a: 1}}`, `people: {${name}: null}`];
      const read = parseYaml(text.join("\n"));
      const result = parseEnvironment("lab", read.ok ? { ...ownerBase(), ...(read.content as object) } : {});
      const reported = result.ok ? [] : result.findings.map(findingText);
      // A spread drops __proto__ at the top; the other two places keep it.
      const paths = [...(name === "__proto__" ? [] : [name]), `cluster.${name}`, `people.${name}`];
      for (const path of paths)
        expect(reported).toContain(
          `${path}: is a name that every object of JavaScript has; choose another name`,
        );
      expect(new Set(reported).size).toBe(reported.length);
    }
  });

  test("characters that a terminal obeys never stand in a message", () => {
    const character = fc.constantFrom("\x1b[31m", "\n", "\r", "\x07", "\x9b", "\u202e", "\u2028", "\0", "a");
    const text = fc.array(character, { minLength: 1, maxLength: 5 }).map((list) => list.join(""));
    fc.assert(
      fc.property(text, text, (key, value) => {
        const result = parseEnvironment("lab", {
          ...ownerBase(),
          [key]: 1,
          domain: value,
          tags: value,
          metadata: { [key]: value, [`${key},`]: 1 },
          network: { kind: value },
          volumeZones: value,
        });
        if (result.ok) throw new Error("accepted");
        for (const each of result.findings) expect(findingText(each)).not.toMatch(/\p{Cc}|[\u2028\u202e]/u);
      }),
    );
  });

  test.each([
    [".inf", Infinity],
    ["-.inf", -Infinity],
    [".nan", NaN],
  ])("%s is no number of a configuration", (written, value) => {
    const result = parseEnvironment("lab", {
      ...ownerBase(),
      network: { kind: "managed", cidr: "10.0.0.0/24", mtu: value },
    });
    expect(result.ok ? [] : result.findings.map(findingText)).toEqual([
      `network.mtu: ${written} is not a finite number; write digits`,
    ]);
  });
});
