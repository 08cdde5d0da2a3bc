/** The registry of findings, and the page of the documentation that is made of it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FINDING_TOPICS, FINDINGS } from "../../environment/findings";
import { findingsPage, pageLink, RENEW_COMMAND, writtenPage } from "../../environment/findings/page";
import { wrapped } from "../../environment/findings/wrapped";
import { ROOT } from "./configs";

const ids = Object.keys(FINDINGS);
const registered = FINDING_TOPICS.flatMap(({ rows }) => Object.entries(rows));

test("docs/findings.md is current", () => {
  try {
    expect(writtenPage()).toBe(findingsPage());
  } catch (error) {
    throw new Error(`docs/findings.md is not current: run ${RENEW_COMMAND}`, { cause: error });
  }
});

test("every id stands in one topic, and every topic is in the registry", () => {
  expect(registered.map(([id]) => id)).toEqual(ids);
  expect(new Set(ids).size).toBe(registered.length);
});

test.each(registered)("%s has a short title and a reason of a few sentences", (_id, { title, why }) => {
  expect(title).toMatch(/^.{10,65}[^.]$/);
  expect(title).toMatch(/^([a-z]|[A-Z]{3}|CNI|Gluster|Heketi|Kubernetes|Service|WireGuard)/);
  const sentences = why.split(/(?<=\.) (?=[A-Z]|cluster\.|labstead |kube|publicApplications)/);
  expect(sentences.length).toBeGreaterThanOrEqual(2);
  expect(sentences.length).toBeLessThanOrEqual(4);
  expect(why).toMatch(/[^.]\.$/);
});

test.each(ids)("%s has a heading where its link leads", (id) => {
  const fragment = id.replace(/[^\p{L}\p{N} _-]/gu, "");
  expect(pageLink(id)).toBe(`docs/findings.md#${fragment}`);
  expect(writtenPage().split("\n")).toContain(`### ${id}`);
});

/** Where findings are reported; the registry itself and what only prints them do not count. */
const REPORTING = ["environment", "infra", "platform", "apps", "kit", "deploy", "review", "stack", "cli"];

test("every id is reported somewhere in the program", () => {
  const sources = REPORTING.flatMap((room) =>
    readdirSync(join(ROOT, room), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !join(room, file).startsWith("environment/findings/"))
      .map((file) => readFileSync(join(ROOT, room, file), "utf8")),
  )
    .concat(["render.ts", "lab.ts"].map((file) => readFileSync(join(ROOT, file), "utf8")))
    .join("\n");
  expect(ids.filter((id) => !sources.includes(`"${id}"`))).toEqual([]);
});

test("a paragraph is wrapped at words, after its indentation", () => {
  expect(wrapped("a b", "  ")).toBe("  a b");
  expect(wrapped(`${"x".repeat(115)} yy z`, "  ")).toBe(`  ${"x".repeat(115)}\n  yy z`);
  expect(wrapped("x".repeat(200))).toBe("x".repeat(200));
});
