/** Pages of the documentation that follow from the catalog. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { partPage, RENEW_COMMAND, writtenPage } from "../../tools/part-pages";
import { guestbook } from "./guestbook/part";

const ROOT = join(__dirname, "../..");

test.each(["images.md", "parts.md"] as const)("docs/%s is current", (name) => {
  try {
    expect(writtenPage(name)).toBe(partPage(name));
  } catch (error) {
    throw new Error(`docs/${name} is not current: run ${RENEW_COMMAND}`, { cause: error });
  }
});

test("an image has its part, its tag and what is known of its project", () => {
  expect(partPage("images.md", [guestbook])).toContain(
    "| guestbook | book | `example/guestbook:1.0.0` | ended in 2025-01; write less |",
  );
});

test("a key has its effect, at any depth", () => {
  const page = partPage("parts.md", [guestbook]);
  expect(page).toContain("| `apps.guestbook.shell.port` | in place | open connections end |");
  expect(page).toContain("| `apps.guestbook.namespace` | stopped | bring another environment up |");
});

/** Checks are fast because charts are drawn by others: cdk8s and its library take as long to load as all checks to run. */
test("checking and planning an environment loads no chart", () => {
  const script = `
    const { environments } = require("./catalog");
    const { config } = environments.read("Pulumi.prod.yaml");
    environments.check(config);
    environments.plan(config);
    const loaded = Object.keys(require.cache).filter((file) => /node_modules.(cdk8s|constructs)|chart\\.ts$/.test(file));
    console.log(JSON.stringify(loaded));
  `;
  const { stdout, stderr } = spawnSync("node", ["--import", "tsx", "--eval", script], {
    cwd: ROOT,
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toEqual([]);
});
