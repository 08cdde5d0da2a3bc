/**
 * Previews of pull requests: branches of a scratch repository with a bare remote, each compared with its report in
 * `docs/examples/previews/`. `LABSTEAD_RENEW=1 npx --no-install jest test/cli/preview/heads --selectProjects engine`
 * renews the reports.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { labstead, ROOT } from "../command";
import type { Heads } from "./heads";
import { git, scratchRepository } from "./scratch";

const EXAMPLES = join(ROOT, "docs/examples/previews");

/** By the engine, on one base. */
const PREVIEWED: Readonly<Record<string, number>> = {
  "scale-workers": 0,
  "open-port": 0,
  "rename-volume": 2,
  "over-quota": 1,
  "move-code": 0,
  "change-authentication": 0,
  "add-tenant": 0,
};

const scratch = scratchRepository();
const folder = mkdtempSync(join(tmpdir(), "labstead-heads-"));
let heads: Heads;

beforeAll(() => {
  const load = `require(${JSON.stringify(join(ROOT, "bin/load.js"))})("test/cli/preview/heads")`;
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ["-e", load, "-", folder, ...Object.keys(PREVIEWED)],
    { cwd: scratch.clone, encoding: "utf8", maxBuffer: 2 ** 28 },
  );
  if (status !== 0) throw new Error(stderr);
  heads = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Heads;
});

afterAll(() => {
  scratch.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Commits have new names in each run. */
function withoutCommits(text: string): string {
  return text.replace(/`[0-9a-f]{12}`/g, "`<commit>`");
}

describe.each(Object.entries(PREVIEWED))("%s", (branch, code) => {
  test("has the report of the documentation", () => {
    const file = join(EXAMPLES, `${branch}.md`);
    const text = withoutCommits(heads.reports[branch]?.text ?? "");
    if (process.env["LABSTEAD_RENEW"] === "1") writeFileSync(file, text);
    expect(text).toBe(readFileSync(file, "utf8"));
  });

  test("has the exit code of a gate", () => {
    expect(heads.reports[branch]?.code).toBe(code);
  });
});

test("the first five lines say what matters", () => {
  const start = (branch: string) => heads.reports[branch]?.text.split("\n").slice(0, 5).join("\n");
  expect(start("rename-volume")).toContain("volume/workers.general/0/data");
  expect(start("over-quota")).toContain("the environment needs 19, the project's limit is 16");
  expect(start("move-code")).toContain("# Nothing changes against origin/main");
});

test("no secret of the state is in a report, nor what is encrypted in a stack file", () => {
  expect(heads.secrets).toBeGreaterThan(10);
  expect(heads.leaks).toEqual([]);
  expect(JSON.stringify(heads)).not.toContain("AAABAOpaqueOfTheScratchLab");
});

test("every report of the documentation belongs to a change", () => {
  expect(readdirSync(EXAMPLES).sort()).toEqual(
    Object.keys(PREVIEWED)
      .map((branch) => `${branch}.md`)
      .sort(),
  );
});

describe("the command, where no engine is needed", () => {
  const preview = (branch: string, ...args: readonly string[]) => {
    git(scratch.clone, "checkout", "--quiet", branch);
    return labstead(["preview", ...args, "--against", "origin/main"], scratch.clone);
  };

  test("ends with 0 where nothing that is read has changed", () => {
    const { code, stdout, stderr } = preview("only-documents");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^# Nothing changes against origin\/main\n/);
  });

  test("ends with 1 for errors, and writes the report and the comment", () => {
    const [output, comment] = [join(folder, "report.md"), join(folder, "comment.md")];
    const { code, stdout } = preview("over-quota", "lab", "--output", output, "--comment", comment);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "# lab: has errors, up stops\n" });
    for (const file of [output, comment]) expect(readFileSync(file, "utf8")).toContain("quota.exceeded");
  });

  test("a report marks what differs from the base", () => {
    git(scratch.clone, "checkout", "--quiet", "scale-workers");
    const out = join(folder, "lab.html");
    const run = labstead(["report", "lab", "--against", "origin/main", "--out", out], scratch.clone);
    expect(run).toMatchObject({ code: 0, stdout: `open it in a browser: ${out}\n` });
    expect(readFileSync(out, "utf8")).toMatch(
      /<h2>Changes since origin\/main<\/h2>[^]*class="badge changed"/,
    );
  });

  test("ends with 2 for a stack whose file is removed, as data too", () => {
    const { code, stdout } = preview("remove-tenant-file", "test", "--json");
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      against: "origin/main",
      stacks: [{ stack: "test", state: "removed" }],
    });
  });

  test.each([
    [
      ["--against", "gone"],
      "--against gone: there is no such branch, tag or commit here; fetch it: git fetch origin gone",
    ],
    [["--against", "main", "prod"], "prod: neither side has such a stack; there are lab, test"],
    [
      ["--pages", "pages"],
      "name a stack, to preview it on a real cloud, or --against <git ref>: labstead preview --help",
    ],
    [
      ["--json"],
      "name a stack, to preview it on a real cloud, or --against <git ref>: labstead preview --help",
    ],
  ])("%s is refused", (args, message) => {
    git(scratch.clone, "checkout", "--quiet", "main");
    const { code, stderr } = labstead(["preview", ...args], scratch.clone);
    expect({ code, stderr }).toEqual({ code: 1, stderr: `${message}\n` });
  });
});
