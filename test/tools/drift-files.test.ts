/** The scheduled workflow and the CronJob of a new lab. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { REPOSITORY } from "../../tools/toolchain/executables";
import { pulumiVersion } from "../../tools/toolchain/pulumi";

const folder = mkdtempSync(join(tmpdir(), "labstead-drift-files-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const read = (file: string): string => readFileSync(join(REPOSITORY, "template", file), "utf8");

const step = z.object({
  name: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
});
const workflow = z.object({
  on: z.object({ schedule: z.array(z.object({ cron: z.string() })), workflow_dispatch: z.null() }),
  permissions: z.record(z.string(), z.string()),
  jobs: z.object({ drift: z.object({ if: z.string(), environment: z.string(), steps: z.array(step) }) }),
});

/** As GitHub's runners do, with a program in place of npx. */
function run(script: string, npx: string) {
  mkdirSync(join(folder, "bin"), { recursive: true });
  writeFileSync(join(folder, "bin", "npx"), `#!/bin/bash\necho "$@" > calls\n${npx}\n`);
  chmodSync(join(folder, "bin", "npx"), 0o755);
  const summary = join(folder, "summary");
  rmSync(summary, { force: true });
  const PATH = `${join(folder, "bin")}:${process.env["PATH"] ?? ""}`;
  const env = { PATH, STACK: "prod", GITHUB_STEP_SUMMARY: summary };
  const { status, stdout } = spawnSync("bash", ["-e", "-c", script], { cwd: folder, encoding: "utf8", env });
  return {
    status,
    stdout,
    call: readFileSync(join(folder, "calls"), "utf8").trim(),
    summary: readFileSync(summary, "utf8"),
  };
}

describe("template/drift.yml", () => {
  const { on, permissions, jobs } = workflow.parse(parse(read("drift.yml")));
  const { steps } = jobs.drift;
  const named = (name: string): string => steps.find((each) => each.name === name)?.run ?? "false";

  it("runs every day, only where it is switched on, and may write nothing", () => {
    expect(on.schedule).toHaveLength(1);
    expect(jobs.drift).toMatchObject({ if: "vars.DRIFT == 'true'", environment: "drift" });
    expect(permissions).toEqual({ contents: "read" });
    const used = steps.flatMap(({ uses }) => uses ?? []);
    expect(used.filter((action) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(action))).toEqual([]);
    expect(steps[0]?.with).toEqual({ "persist-credentials": false });
    expect(steps.filter((each) => each.run?.includes("${{") === true)).toEqual([]);
  });

  it("takes the pinned version of Pulumi", () => {
    const command = named("The pinned version of Pulumi")
      .replace('>> "$GITHUB_OUTPUT"', "")
      .replace("node_modules/labstead/dist/", "");
    const { stdout } = spawnSync("bash", ["-c", command], { cwd: REPOSITORY, encoding: "utf8" });
    expect(stdout).toBe(`version=${pulumiVersion()}\n`);
  });

  it.each([0, 2, 3])("ends with the code of the command, %d, and has its report as the summary", (code) => {
    expect(run(named("Compare"), `echo prod: 1 changed; exit ${String(code)}`)).toEqual({
      status: code,
      stdout: "prod: 1 changed\n",
      call: "--no-install labstead drift prod",
      summary: "```\nprod: 1 changed\n```\n",
    });
  });
});

test("template/drift-cronjob.yaml runs the same command, once at a time, without repeating it", () => {
  const container = z.object({ command: z.array(z.string()) });
  const pod = z.object({ restartPolicy: z.string(), containers: z.array(container) });
  const job = z.object({ backoffLimit: z.number(), template: z.object({ spec: pod }) });
  const { spec } = z
    .object({
      spec: z.object({
        schedule: z.string(),
        concurrencyPolicy: z.string(),
        jobTemplate: z.object({ spec: job }),
      }),
    })
    .parse(parse(read("drift-cronjob.yaml")));
  expect(spec).toMatchObject({ schedule: "17 5 * * *", concurrencyPolicy: "Forbid" });
  const { backoffLimit, template } = spec.jobTemplate.spec;
  expect(backoffLimit).toBe(0);
  expect(template.spec.restartPolicy).toBe("Never");
  expect(template.spec.containers.map(({ command }) => command.join(" "))).toEqual([
    "npx --no-install labstead drift prod",
  ]);
});
