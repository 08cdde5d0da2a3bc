/** The Mermaid diagrams of environments and of previews, drawn in a real browser. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { lab } from "../../lab";
import { diagram } from "../../review/diagram";
import { ROOT } from "../cli/command";
import { readEnvironment } from "../environments";
import { runs } from "./host/programs";
import { setUp } from "./host/undo";

runs("chromium");

const MERMAID = join(ROOT, "node_modules/mermaid/dist/mermaid.min.js");
/** Folder for screenshots, for a person to look at. */
const PICTURES = process.env["LABSTEAD_PICTURES"];

let browser: Browser;

setUp(async (undo) => {
  // Chromium has no sandbox under root; it opens only what this test wrote.
  browser = undo.use(await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] }));
});

interface Drawn {
  /** The text of each box, without line breaks. */
  readonly boxes: readonly string[];
  readonly lines: number;
  /** Requests of the page, and its errors. */
  readonly complaints: readonly string[];
}

/** @throws Error with what Mermaid does not understand */
async function drawn(text: string, name: string): Promise<Drawn> {
  const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
  const complaints: string[] = [];
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("request", (request) => complaints.push(request.url()));
  await page.setContent("<main></main>");
  await page.addScriptTag({ path: MERMAID });
  await page.evaluate(`(${DRAW})(${JSON.stringify(text)})`);
  if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
  const boxes = await texts(page, "main g.node");
  const lines = await page.locator("main path.flowchart-link").count();
  await page.close();
  return { boxes, lines, complaints };
}

/** A function of the page: it runs there, beside Mermaid. */
const DRAW = `async (text) => {
  mermaid.initialize({ startOnLoad: false, securityLevel: "strict" });
  const { svg } = await mermaid.render("drawing", text);
  document.querySelector("main").innerHTML = svg;
}`;

function texts(page: Page, selector: string): Promise<string[]> {
  return page.locator(selector).allTextContents();
}

/** The boxes that a diagram's text declares: a name, then what is in it in quotation marks. */
function declared(text: string): readonly string[] {
  return [...text.matchAll(/^\s+[\w-]+[[({]+"(.+)"[\])}]+/gm)].map(([, label = ""]) =>
    label
      .replaceAll("<br/>", "")
      .replaceAll(/#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code))),
  );
}

const FILES = [
  "Pulumi.prod.yaml",
  "Pulumi.test.yaml",
  ...readdirSync(join(ROOT, "examples")).map((name) => `examples/${name}`),
];

test.each(FILES)("%s: every box and every line is drawn, and nothing is loaded", async (file) => {
  const { plan, infra } = lab(readEnvironment(join(ROOT, file)));
  const text = diagram(plan, infra);
  const { boxes, lines, complaints } = await drawn(text, file.replaceAll("/", "-"));
  expect([...boxes].sort()).toEqual([...declared(text)].sort());
  expect(lines).toBe([...text.matchAll(/ (-->|---) ?/g)].length);
  expect(complaints).toEqual([]);
});

const PREVIEWS = join(ROOT, "docs/examples/previews");

test.each(readdirSync(PREVIEWS))("%s: the diagrams of the report are drawn", async (file) => {
  const report = readFileSync(join(PREVIEWS, file), "utf8");
  for (const [index, [, text = ""]] of [...report.matchAll(/^```mermaid\n([^]*?)^```$/gm)].entries()) {
    const { boxes, complaints } = await drawn(text, `${file}-${String(index)}`);
    expect([...boxes].sort()).toEqual([...declared(text)].sort());
    expect(complaints).toEqual([]);
  }
});

test("a text that is no diagram is refused", async () => {
  await expect(drawn("flowchart TB\n  a[", "broken")).rejects.toThrow(/Parse error on line \d/);
});
