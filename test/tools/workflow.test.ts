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
  jobs: z.object({ plan: job, preview: job }),
});

const text = readFileSync(join(REPOSITORY, ".github/workflows/preview.yml"), "utf8");
const { on, permissions, jobs } = workflow.parse(parse(text));
const steps = [...jobs.plan.steps, ...jobs.preview.steps];

describe("the preview of a pull request", () => {
  it("runs for pull requests, never with the rights of the target branch", () => {
    expect(Object.keys(on)).toEqual(["pull_request"]);
    expect(permissions).toEqual({ contents: "read" });
    expect(jobs.plan.permissions).toBeUndefined();
    expect(jobs.preview.permissions).toEqual({ contents: "read", "pull-requests": "write" });
  });

  it("uses actions by commit", () => {
    const used = steps.flatMap(({ uses }) => uses ?? []);
    expect(used).toHaveLength(6);
    expect(used.filter((action) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(action))).toEqual([]);
  });

  it("gives no secret to the job that forks run, and none to a shell's command line", () => {
    expect(JSON.stringify(jobs.plan)).not.toContain("secrets.");
    expect(steps.filter(({ run }) => run?.includes("secrets."))).toEqual([]);
    expect(jobs.preview.if).toContain("head.repo.full_name == github.repository");
  });

  it("previews every stack at the pinned version", () => {
    expect(jobs.preview.strategy?.matrix.stack).toEqual(["prod", "test"]);
    const command = jobs.preview.steps
      .find(({ id }) => id === "pinned")
      ?.run?.replace('>> "$GITHUB_OUTPUT"', "");
    const output = execFileSync("bash", ["-c", command ?? "false"], { cwd: REPOSITORY, encoding: "utf8" });
    expect(output).toBe(`version=${pulumiVersion()}\n`);
  });
});
