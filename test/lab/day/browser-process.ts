/**
 * A person at a real browser outside of the lab, who signs in, runs a cell of a notebook, and saves it. Reads one JSON with
 * what to do on standard input, prints what was seen, and leaves pictures in the folder. That the certificate is the lab's
 * own is seen by `person.py`.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";

/** Milliseconds for each thing that a person waits for. */
const PATIENCE = 120_000;

export interface BrowserTask {
  readonly host: string;
  readonly address: string;
  readonly path: string;
  readonly name: string;
  readonly password: string;
  readonly folder: string;
}

async function work(page: Page, { host, path, name, password, folder }: BrowserTask): Promise<unknown> {
  const picture = (title: string) => page.screenshot({ path: join(folder, `${title}.png`) });
  await page.goto(`https://${host}${path}`);
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  await picture("day-sign-in");
  await page.locator("input[name=username]").fill(name);
  await page.locator("input[name=password]").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.locator(".jp-LauncherCard", { hasText: "Python 3" }).first().click();
  const cell = page.locator(".jp-Notebook .jp-CodeCell .cm-content").first();
  await cell.click();
  await page.keyboard.type(`print("the answer is", 6 * 7)`);
  await page.keyboard.press("Shift+Enter");
  const output = page.locator(".jp-OutputArea-output", { hasText: "the answer is 42" });
  await output.waitFor();
  await page.keyboard.press("Control+s");
  const rename = page.getByRole("button", { name: /^Rename/ });
  await rename.click();
  await rename.waitFor({ state: "detached" });
  await page.locator(".jp-DirListing-item", { hasText: "Untitled.ipynb" }).first().waitFor();
  // JupyterLab asks whether to show its news.
  const noNews = page.getByRole("button", { name: "No", exact: true });
  if (await noNews.isVisible()) await noNews.click();
  await picture("day-notebook");
  return { path: new URL(page.url()).pathname, printed: (await output.textContent())?.trim() };
}

async function main(task: BrowserTask): Promise<void> {
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", `--host-resolver-rules=MAP ${task.host} ${task.address}`],
  });
  const page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
    ignoreHTTPSErrors: true,
  });
  page.setDefaultTimeout(PATIENCE);
  try {
    console.log(JSON.stringify(await work(page, task)));
  } catch (error) {
    await page.screenshot({ path: join(task.folder, "failed.png") });
    throw error;
  } finally {
    await browser.close();
  }
}

main(JSON.parse(readFileSync(0, "utf8")) as BrowserTask).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
