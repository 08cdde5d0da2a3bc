/** Reports in a real browser: what a person sees and does, by the names that are on the page. */
import { readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import { chromium, type Browser, type Page } from "playwright-core";
import { reportPage } from "../../review/report/page/page";
import type { Report } from "../../review/report/types";
import { withChanges } from "../../review/report/changes";
import { ROOT } from "../cli/command";
import { prodReport, reportOf } from "../review/report/reports";
import { runs } from "./host/programs";
import { setUp } from "./host/undo";

runs("chromium");

let folder: string;
let browser: Browser;

setUp(async (undo) => {
  folder = undo.folder("report");
  // Chromium has no sandbox under root; it opens only what this test wrote.
  browser = undo.use(await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] }));
});

interface Opened {
  readonly page: Page;
  /** Errors of the page, and requests beside the one for itself. */
  readonly complaints: string[];
}

interface Settings {
  readonly scheme?: "light" | "dark";
  readonly script?: boolean;
}

async function opened(report: Report, { scheme = "light", script = true }: Settings = {}): Promise<Opened> {
  const file = join(folder, `${report.environment}.html`);
  writeFileSync(file, reportPage(report));
  const page = await browser.newPage({
    viewport: { width: 1440, height: 900 },
    colorScheme: scheme,
    javaScriptEnabled: script,
  });
  const complaints: string[] = [];
  const { href } = pathToFileURL(file);
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("request", (request) => {
    if (request.url() !== href) complaints.push(request.url());
  });
  await page.goto(href);
  return { page, complaints };
}

/** Rules of axe that are broken, with the elements. */
async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const { violations: found } = await page.evaluate<axe.AxeResults>("axe.run()");
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

const FILES = [
  "Pulumi.prod.yaml",
  "Pulumi.test.yaml",
  ...readdirSync(join(ROOT, "examples")).map((name) => `examples/${name}`),
];
/** They have servers and cluster of others, or none. */
const WITHOUT_PORTS = ["existing-cluster.yaml", "projects.yaml"];

test.each(FILES)("%s is accessible, light and dark, and asks nobody for anything", async (file) => {
  for (const scheme of ["light", "dark"] as const) {
    const { page, complaints } = await opened(reportOf(file), { scheme });
    // As it is opened, and with something chosen.
    if (scheme === "dark") await page.locator("main tbody a").first().click();
    expect(await violations(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
  }
});

test.each(FILES.filter((file) => !WITHOUT_PORTS.includes(basename(file))))(
  "%s: three clicks to the rule that lets port 443 in",
  async (file) => {
    const { page } = await opened(reportOf(file));
    await page.getByRole("link", { name: /^Ports/ }).click();
    await page.getByRole("link", { name: "443 https", exact: true }).click();
    const step = page.getByRole("listitem").filter({ hasText: "rule of security group" }).first();
    await step.getByRole("link", { name: "tcp 443", exact: true }).first().click();
    const row = page.locator("tr:target");
    expect(await row.isVisible()).toBe(true);
    expect(await row.innerText()).toMatch(/^tcp 443\s+0\.0\.0\.0\/0 \(the internet\)\s+published port https/);
    await page.close();
  },
);

test("search finds a port, a server and a person, by keyboard alone", async () => {
  const { page, complaints } = await opened(reportOf("Pulumi.prod.yaml"));
  for (const [words, heading] of [
    ["443", "443 https"],
    ["prod-worker-general-2", "workers.general"],
    ["ada", "ada"],
  ] as const) {
    await page.keyboard.press("/");
    await page.keyboard.type(words);
    await page.keyboard.press("Enter");
    expect(await page.locator("article:visible h2").innerText()).toBe(heading);
  }
  await page.keyboard.press("/");
  await page.keyboard.type("nothing of this name");
  expect(await page.getByRole("status").innerText()).toBe("0 found");
  await page.keyboard.press("Escape");
  await page.locator("svg a").first().focus();
  await page.keyboard.press("Enter");
  expect(await page.locator("article:visible").count()).toBe(1);
  expect(await page.locator("#overview").isVisible()).toBe(false);
  expect(complaints).toEqual([]);
  await page.close();
});

test("without script a click shows the same", async () => {
  const { page } = await opened(reportOf("Pulumi.prod.yaml"), { script: false });
  await page.getByRole("link", { name: "443 https", exact: true }).click();
  expect(await page.locator("article:visible h2").innerText()).toBe("443 https");
  expect(await page.locator("#search").isVisible()).toBe(false);
  await page.close();
});

test("400 servers: the picture fits, with texts that can be read, and each server is one click away", async () => {
  const report = prodReport({
    "network.cidr": "10.0.0.0/16",
    "cluster.podCidr": "10.128.0.0/14",
    "servers.workers": {
      general: { flavor: "large", min: 300, max: 300, range: { start: 0, size: 300 } },
      memory: { flavor: "large", min: 85, range: { start: 300, size: 100 } },
    },
    quota: {},
  });
  const { page, complaints } = await opened(report, { scheme: "dark" });
  const picture = await page.locator("svg").boundingBox();
  expect(picture?.width).toBeLessThanOrEqual(1000);
  expect(picture?.height).toBeLessThanOrEqual(900);
  const title = await page.getByText("300 × workers.general").boundingBox();
  expect(title?.height).toBeGreaterThan(8);
  await page.locator("a.cell").filter({ hasText: "prod-worker-general-123" }).click();
  expect(await page.locator("tr:target").innerText()).toMatch(/^prod-worker-general-123/);
  expect(complaints).toEqual([]);
  expect(await violations(page)).toEqual([]);
  await page.close();
});

test("changes are listed with the values of both sides, and marked by words, not by colours alone", async () => {
  const base = prodReport({});
  const head = prodReport({ "servers.workers.general.min": 5 });
  const { page } = await opened(withChanges(head, { against: "origin/main", report: base }));
  await page.locator("#changes").getByRole("link", { name: "workers.general", exact: true }).click();
  const article = page.locator("article:visible");
  expect(await article.getByRole("heading", { level: 2 }).innerText()).toMatch(/workers\.general\s+changed/);
  expect(await article.getByRole("row", { name: /^servers 4 5$/ }).isVisible()).toBe(true);
  expect(await page.locator("svg").getByText("5 × workers.general (changed)").isVisible()).toBe(true);
  expect(await violations(page)).toEqual([]);
  await page.close();
});

test("printed, everything is on paper", async () => {
  const { page } = await opened(reportOf("Pulumi.prod.yaml"));
  await page.emulateMedia({ media: "print" });
  const hidden = await page.locator("article:not(:visible)").count();
  expect(hidden).toBe(0);
  expect(await page.getByRole("navigation").isVisible()).toBe(false);
  await page.close();
});
