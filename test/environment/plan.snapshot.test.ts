/** The plan of every stack file in the repository, as a page that a reviewer reads. `LABSTEAD_RENEW=1 npx --no-install jest test/environment/plan.snapshot` renews them. */
import { planEnvironment } from "../environments";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findingText } from "../../environment/findings";
import { configOf, environmentOf, stackFiles } from "./configs";
import { summary } from "./summary";

const FOLDER = join(__dirname, "plans");
const configs = new Map([...stackFiles()].map(([name, file]) => [name, configOf(name, environmentOf(file))]));
const ownerOf = (name: string) => {
  const config = configs.get(name)!;
  return config.cluster.kind === "shared" ? configs.get(config.cluster.owner) : undefined;
};

/** Compares a page with the one in the repository, or renews that one. */
function expectPage(name: string, page: string): void {
  const path = join(FOLDER, `${name}.txt`);
  if (process.env["LABSTEAD_RENEW"] === "1") {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(path, page);
  }
  expect(existsSync(path)).toBe(true);
  expect(page).toBe(readFileSync(path, "utf8"));
}

test.each([...configs.keys()])("the plan of %s", (name) => {
  const result = planEnvironment(configs.get(name)!, ownerOf(name));
  if (!result.ok) throw new Error(result.findings.map(findingText).join("\n"));
  expectPage(name, summary(result.plan, result.findings));
});

test("there is no page without a stack file", () => {
  expect(readdirSync(FOLDER).sort()).toEqual([...configs.keys()].map((name) => `${name}.txt`).sort());
});
