/** The workflows of pull requests: the repository's own, and the one of a new lab. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { REPOSITORY } from "../../tools/toolchain/executables";
import { pulumiVersion } from "../../tools/toolchain/pulumi";

const step = z.object({
  id: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  env: z.record(z.string(), z.string()).optional(),
  with: z.record(z.string(), z.unknown()).optional(),
});
const job = z.object({
  if: z.string().optional(),
  permissions: z.record(z.string(), z.string()).optional(),
  strategy: z.object({ matrix: z.object({ stack: z.array(z.string()) }) }).optional(),
  steps: z.array(step),
});
const workflow = z.object({
  on: z.record(z.string(), z.unknown()),
  permissions: z.record(z.string(), z.string()),
  jobs: z.object({ plan: job, comment: job, preview: job, test: job.optional() }),
});

const SAME_REPOSITORY = "github.event.pull_request.head.repo.full_name == github.repository";

describe.each([
  [".github/workflows/preview.yml", 10],
  ["template/preview.yml", 8],
])("%s", (file, actions) => {
  const { on, permissions, jobs } = workflow.parse(parse(readFileSync(join(REPOSITORY, file), "utf8")));
  const steps = Object.values(jobs).flatMap((each) => each?.steps ?? []);

  it("runs for pull requests, never with the rights of the target branch", () => {
    expect(Object.keys(on)).toEqual(["pull_request"]);
    expect(permissions).toEqual({ contents: "read" });
    expect(jobs.plan.permissions).toBeUndefined();
    expect(jobs.comment.permissions).toEqual({ "pull-requests": "write" });
    expect(jobs.preview.permissions).toEqual({ contents: "read", "pull-requests": "write" });
  });

  it("uses actions by commit", () => {
    const used = steps.flatMap(({ uses }) => uses ?? []);
    expect(used).toHaveLength(actions);
    expect(used.filter((action) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(action))).toEqual([]);
  });

  it("leaves no token in a checkout, and no text of a pull request in a shell's command line", () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith("actions/checkout@") === true);
    expect(checkouts.filter((each) => each.with?.["persist-credentials"] !== false)).toEqual([]);
    expect(steps.filter(({ run }) => run?.includes("${{") === true)).toEqual([]);
  });

  it("gives no secret and no right to write to the job that runs code of forks", () => {
    expect(JSON.stringify(jobs.plan)).not.toMatch(/secrets\.|github\.token/);
    expect(jobs.preview.if).toContain(SAME_REPOSITORY);
  });

  it("runs nothing of the pull request where it may write", () => {
    expect(jobs.comment.if).toContain(SAME_REPOSITORY);
    expect(JSON.stringify(jobs.comment)).not.toMatch(/checkout|npm|npx|make|secrets\./);
  });

  it("has the history that the base is in, and runs no tests in the job of the report", () => {
    expect(jobs.plan.steps[0]?.with).toMatchObject({ "fetch-depth": 0 });
    expect(JSON.stringify(jobs.plan)).not.toContain("make test");
  });

  it("previews every stack at the pinned version", () => {
    expect(jobs.preview.strategy?.matrix.stack).toEqual(["prod", "test"]);
    const command = jobs.preview.steps
      .find(({ id }) => id === "pinned")
      ?.run?.replace('>> "$GITHUB_OUTPUT"', "")
      .replace("node_modules/labstead/dist/", "");
    const output = execFileSync("bash", ["-c", command ?? "false"], { cwd: REPOSITORY, encoding: "utf8" });
    expect(output).toBe(`version=${pulumiVersion()}\n`);
  });
});

it("the repository's own runs the tests, in a job of their own", () => {
  const own = workflow.parse(parse(readFileSync(join(REPOSITORY, ".github/workflows/preview.yml"), "utf8")));
  expect(own.jobs.test?.steps.at(-1)?.run).toBe("make test");
});
