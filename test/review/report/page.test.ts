/** The page is complete, safe and small. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { withChanges } from "../../../review/report/changes";
import { placed } from "../../../review/report/layout";
import { anchor, html } from "../../../review/report/page/html";
import { reportPage } from "../../../review/report/page/page";
import type { Line, Report, Thing } from "../../../review/report/types";
import { secret } from "../../../values";
import { prodReport, reportOf } from "./reports";

const prod = reportOf("Pulumi.prod.yaml");
const page = reportPage(prod);

test("needs nothing beside itself, and lets only its own style and script run", () => {
  expect(page).not.toMatch(/\b(src|srcset|action)=|@import|url\((?!#)|fetch\(|XMLHttpRequest|import\(/);
  expect(page.match(/href="[^#]/)).toBeNull();
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? "";
  const hash = (text: string) => `&#39;sha256-${createHash("sha256").update(text).digest("base64")}&#39;`;
  const inside = (name: string) => new RegExp(`<${name}>([^]*?)</${name}>`).exec(page)?.[1] ?? "";
  expect(policy).toContain(`script-src ${hash(inside("script"))};`);
  expect(policy).toContain(`style-src ${hash(inside("style"))};`);
  expect(policy.startsWith("default-src &#39;none&#39;;")).toBe(true);
});

test("every link of the page has its target, and no id is there twice", () => {
  const ids = Array.from(page.matchAll(/ id="([^"]+)"/g), ([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const links = Array.from(page.matchAll(/<a [^>]*href="#([^"$]+)"/g), ([, id]) => id);
  expect(links.filter((id) => !ids.includes(id))).toEqual([]);
});

test("a link to what the report does not have is a text", () => {
  const value = [{ text: "the old rule", to: "rule/gone" }];
  const report = reportPage({ ...prod, overview: { facts: [{ label: "let in", value }], tables: [] } });
  expect(report).toContain("the old rule");
  expect(report).not.toContain("#rule_2f_gone");
});

test("anchors are different for different ids, and are words", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (one, other) => {
      expect(anchor(one)).toMatch(/^[\w.-]*$/);
      if (one !== other) expect(anchor(one)).not.toBe(anchor(other));
    }),
  );
});

/** Every text of a report replaced, links excepted. */
function withText(report: Report, text: string): Report {
  const line = (each: Line): Line =>
    each.map((piece) => (typeof piece === "string" ? text : { ...piece, text }));
  const thing = (each: Thing): Thing => ({
    ...each,
    what: text,
    title: text,
    summary: each.summary.map(line),
    facts: each.facts.map(({ value }) => ({ label: text, value: line(value) })),
    places: [{ path: text, line: 1, written: text }],
    reached: each.reached.map(({ lines }) => ({ title: text, lines: lines.map(line) })),
    cost: text,
    tables: each.tables.map(({ columns, rows }) => ({
      title: text,
      columns: columns.map(() => text),
      rows: rows.map((row) => ({ ...row, cells: row.cells.map(line), place: { path: text } })),
    })),
  });
  const { picture } = report;
  return {
    ...report,
    environment: text,
    domain: text,
    file: text,
    overview: { facts: [{ label: text, value: [text] }], tables: [] },
    picture: {
      boxes: picture.boxes.map((box) => ({
        ...box,
        title: text,
        lines: box.lines.map(() => text),
        cells: box.cells.map((cell) => ({ ...cell, text })),
      })),
      edges: picture.edges.map((edge) => ({ ...edge, text: "443" })),
      frames: Object.fromEntries(Object.keys(picture.frames).map((key) => [key, text])),
    },
    sections: report.sections.map((section) => ({
      ...section,
      things: section.things.slice(0, 2).map(thing),
    })),
  };
}

test("no text breaks out of its place", () => {
  const tags = (text: string) => text.match(/<[a-z!/][^>]*>/gi)?.map((tag) => tag.replace(/"[^"]*"/g, '""'));
  const changedReport = (text: string) =>
    withChanges(withText(prod, text), { against: text, report: withText(prod, "other") });
  const harmless = tags(reportPage(changedReport("harmless")));
  const dangerous = [
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onclick='x",
    "<!--",
    "]]>",
    "&lt;b&gt;",
    "</style>",
    "</title>",
    "</text></svg>",
  ];
  const words = fc.constantFrom(...dangerous, "<", ">", "&", '"', "'", "x", " ", "\u0000", "\u202e", "\n");
  fc.assert(
    fc.property(fc.array(words, { minLength: 1, maxLength: 6 }), (parts) => {
      expect(tags(reportPage(changedReport(parts.join(""))))).toEqual(harmless);
    }),
    { numRuns: 30 },
  );
}, 300_000);

test("named values are masked", () => {
  const value = secret("mongo-password").toString();
  expect(html`${value}`.text).toBe("&lt;secret mongo-password&gt;");
  expect(page).not.toContain("((labstead:");
});

describe("the layout", () => {
  const { boxes, frames, width, height } = placed(prod.picture);

  test("has no box on another one, and all inside of the drawing", () => {
    for (const [index, { area, box }] of boxes.entries()) {
      expect([
        area.x >= 0,
        area.y >= 0,
        area.x + area.width <= width,
        area.y + area.height <= height,
      ]).not.toContain(false);
      for (const { area: other, box: another } of boxes.slice(index + 1))
        expect([box.id, another.id, overlap(area, other)]).toEqual([box.id, another.id, false]);
    }
    expect(frames.map(({ title }) => title)).toEqual([
      "network prod-network 192.168.3.0/24",
      "in the Kubernetes cluster prod",
    ]);
  });

  test("is the same each time", () => {
    expect(JSON.stringify(placed(prod.picture))).toBe(JSON.stringify(placed(prod.picture)));
  });
});

interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function overlap(one: Area, other: Area): boolean {
  const apart =
    one.x + one.width <= other.x ||
    other.x + other.width <= one.x ||
    one.y + one.height <= other.y ||
    other.y + other.height <= one.y;
  return !apart;
}

test("400 servers are one box for each pool, and less than half a megabyte", () => {
  const general = { flavor: "large", min: 300, max: 300, range: { start: 0, size: 300 } };
  const memory = { flavor: "large", min: 90, range: { start: 300, size: 100 } };
  const report = prodReport({
    "network.cidr": "10.0.0.0/16",
    "cluster.podCidr": "10.128.0.0/14",
    "servers.workers": { general, memory },
    quota: {},
  });
  expect(report.picture.boxes.filter(({ id }) => id.startsWith("pool/"))).toHaveLength(7);
  const { width, height } = placed(report.picture);
  expect(Math.max(width, height)).toBeLessThan(2000);
  expect(reportPage(report).length).toBeLessThan(500_000);
});
