/**
 * What is said of bad input, for every leaf of the schema and every class of failure that fits it; the table of all
 * messages is `bad-input.txt`. `LABSTEAD_RENEW=1` renews it.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { findingText, type Finding } from "../../environment/findings";
import { parseEnvironment } from "../environments";
import { schemaLeaves, type Leaf, type LeafType } from "./schema-leaves";

const TABLE = join(__dirname, "bad-input.txt");

type FailureClass = "type" | "empty" | "range" | "format" | "size";

/** Classes by type of leaf: a text has no range, and a key is always a text. */
const FITTING: Readonly<Record<LeafType, readonly FailureClass[]>> = {
  text: ["type", "empty", "format", "size"],
  key: ["empty", "format", "size"],
  number: ["type", "empty", "range", "size"],
  boolean: ["type", "empty"],
  choice: ["type", "empty", "range"],
};

interface Row {
  readonly leaf: Leaf;
  readonly failure: FailureClass;
  readonly value: unknown;
  readonly findings: readonly Finding[];
  readonly at: string;
}

const leaves = schemaLeaves();
const rows = leaves.flatMap((leaf) =>
  FITTING[leaf.type].flatMap((failure) =>
    badValues(leaf, failure).map((value) => rowOf(leaf, failure, value)),
  ),
);

function badValues({ type, schema, sample }: Leaf, failure: FailureClass): readonly unknown[] {
  switch (failure) {
    case "type":
      return (type === "text" ? [5, ["a"]] : type === "choice" ? [5] : ["text"]).filter(
        (value) => !schema.safeParse(value).success,
      );
    case "empty":
      return type === "key" ? [""] : [null];
    case "range":
      return schema instanceof z.ZodNumber ? outside(schema, Number(sample)) : ["something-else"];
    case "format":
      return ["a\nb $(c)"];
    case "size":
      return type === "number" ? [1e300] : ["x".repeat(100_000)];
  }
}

function outside({ minValue, maxValue }: z.ZodNumber, sample: number): readonly number[] {
  const bounds = [minValue === null ? [] : [minValue - 1], maxValue === null ? [] : [maxValue + 1]].flat();
  return [...bounds.filter((each) => Number.isSafeInteger(each)), sample + 0.5];
}

function rowOf(leaf: Leaf, failure: FailureClass, value: unknown): Row {
  const { config, at } = leaf.put(value);
  const result = parseEnvironment(leaf.environment, config);
  return { leaf, failure, value, at, findings: result.ok ? [] : result.findings };
}

/** The message without the path, which is that of the leaf. */
function messageOf({ at, findings }: Row): string {
  return findings
    .map((finding) => findingText(finding))
    .map((text) =>
      text.replace(findingText({ ...findings[0]!, path: at, explanation: "", fix: "" }).slice(0, -2), ""),
    )
    .join(" | ");
}

function titleOf({ leaf, failure }: Row): string {
  return `${leaf.environment} ${leaf.path} ${failure}`;
}

/** Messages by class, each with the leaves that give it. */
function table(): string {
  const groups = new Map<string, string[]>();
  for (const row of rows) {
    const heading = `${row.failure}: ${messageOf(row)}`;
    const list = groups.get(heading) ?? [];
    list.push(`${row.leaf.environment}:${row.leaf.path}`);
    groups.set(heading, list);
  }
  const texts = [...groups].map(
    ([heading, paths]) => `${heading}\n${paths.map((path) => `    ${path}\n`).join("")}`,
  );
  return `${String(leaves.length)} leaves, ${String(rows.length)} rows\n\n${texts.sort().join("\n")}`;
}

test("every leaf has a row for every class that fits its type", () => {
  expect(leaves.length).toBeGreaterThan(600);
  const missing = leaves.flatMap((leaf) =>
    FITTING[leaf.type]
      .filter((failure) => !rows.some((row) => row.leaf === leaf && row.failure === failure))
      .map((failure) => `${leaf.path} ${failure}`),
  );
  expect(missing).toEqual([]);
});

/** Its sample is the window's beginning. */
const NEEDS_ANOTHER = ["ports.window.to"];

test("each leaf takes its sample", () => {
  const refused = leaves.flatMap((leaf) => {
    const { config } = leaf.put(leaf.sample);
    const result = parseEnvironment(leaf.environment, config);
    return result.ok || NEEDS_ANOTHER.includes(leaf.path)
      ? []
      : [leaf.path, ...result.findings.map(findingText)];
  });
  expect(refused).toEqual([]);
});

test("nothing bad is accepted", () => {
  expect(rows.filter(({ findings }) => findings.length === 0).map(titleOf)).toEqual([]);
});

test("each finding is of the leaf, on one short line, with an explanation and a fix", () => {
  const wrong = rows.flatMap((row) =>
    row.findings
      .filter((finding) => {
        const text = findingText(finding);
        const named = finding.path === row.at || row.at.startsWith(`${finding.path}.`);
        return !named || text.length > 500 + row.at.length || !/^[^\n]+: [^\n]+; [^\n]+$/.test(text);
      })
      .map((finding) => `${titleOf(row)}: ${findingText(finding).slice(0, 200)}`),
  );
  expect(wrong).toEqual([]);
});

test("no message is the library's own, or a general one", () => {
  const general = /Invalid|Too (big|small)|expected|received|correct it$|see the examples/;
  expect(rows.filter((row) => general.test(messageOf(row))).map(titleOf)).toEqual([]);
});

test("the table says every message", () => {
  const text = table();
  if (process.env["LABSTEAD_RENEW"] === "1") writeFileSync(TABLE, text);
  expect(readFileSync(TABLE, "utf8")).toBe(text);
});
