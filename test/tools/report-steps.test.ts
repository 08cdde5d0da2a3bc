/** Steps of the workflows that make the report and comment on it, run by their own shells. */
import { execFile, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";
import { MARKER } from "../../review/preview/markdown";
import { REPOSITORY } from "../../tools/toolchain/executables";

const folder = mkdtempSync(join(tmpdir(), "labstead-steps-"));
const report = join(folder, "report");
beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(report, { recursive: true });
  mkdirSync(join(folder, "bin"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Job {
  readonly steps: readonly { readonly name?: string; readonly run?: string }[];
}

function read(file: string): unknown {
  return parse(readFileSync(join(REPOSITORY, file), "utf8"));
}

function stepOf(file: string, job: string, name: string): string {
  const { jobs } = read(file) as { readonly jobs: Readonly<Record<string, Job>> };
  const found = jobs[job]?.steps.find((each) => each.name === name)?.run;
  if (found === undefined) throw new Error(`${file} has no step ${name}`);
  return found;
}

/** A program on PATH that writes its arguments into `calls`. */
function program(name: string, script: string): void {
  const file = join(folder, "bin", name);
  writeFileSync(file, `#!/bin/bash\necho "$@" >> ${join(folder, "calls")}\n${script}\n`);
  chmodSync(file, 0o755);
}

function calls(): readonly string[] {
  return existsSync(join(folder, "calls"))
    ? readFileSync(join(folder, "calls"), "utf8").trimEnd().split("\n")
    : [];
}

/** As GitHub's runners do. */
function run(script: string, variables: NodeJS.ProcessEnv) {
  const path = `${join(folder, "bin")}:${process.env["PATH"] ?? ""}`;
  return spawnSync("bash", ["-e", "-c", script], {
    cwd: folder,
    encoding: "utf8",
    env: { PATH: path, ...variables },
  });
}

describe.each([".github/workflows/preview.yml", "template/preview.yml"])("%s", (file) => {
  const outputs = {
    GITHUB_BASE_REF: "main",
    GITHUB_OUTPUT: join(folder, "output"),
    GITHUB_STEP_SUMMARY: join(folder, "summary"),
  };

  test.each([0, 1, 2])("the report is kept and summed up whatever the exit code is: %d", (code) => {
    program("npx", `echo verdict > report/comment.md; exit ${String(code)}`);
    expect(run(stepOf(file, "plan", "Preview against the target branch"), outputs).status).toBe(0);
    expect(calls()).toEqual([
      "--no-install labstead preview --against origin/main --output report/report.md --comment report/comment.md --pages report",
    ]);
    expect(readFileSync(outputs.GITHUB_OUTPUT, "utf8")).toBe(`code=${String(code)}\n`);
    expect(readFileSync(outputs.GITHUB_STEP_SUMMARY, "utf8")).toBe("verdict\n");
  });

  test("without a report the step fails", () => {
    program("npx", "exit 1");
    expect(run(stepOf(file, "plan", "Preview against the target branch"), outputs).status).not.toBe(0);
  });

  test.each([
    ["a first comment is made", "", "--method POST repos/o/r/issues/7/comments"],
    ["the one that is there is replaced", "41\n42", "--method PATCH repos/o/r/issues/comments/41"],
  ])("%s", (_name, ids, call) => {
    program("gh", `[[ "$*" == *paginate* ]] && printf '${ids}'; true`);
    const { status } = run(stepOf(file, "comment", "Comment"), { GITHUB_REPOSITORY: "o/r", NUMBER: "7" });
    expect(status).toBe(0);
    expect(calls()).toHaveLength(2);
    expect(calls()[0]).toContain(`contains("${MARKER}")`);
    expect(calls()[1]).toBe(`api ${call} --field body=@report/comment.md --silent`);
  });
});

describe("template/gitlab-ci.yml", () => {
  interface GitLabJob {
    readonly rules: readonly { readonly if: string }[];
    readonly script: readonly string[];
    readonly allow_failure?: unknown;
  }
  const jobs = read("template/gitlab-ci.yml") as { readonly report: GitLabJob; readonly comment: GitLabJob };

  test("the job that runs code of the merge request has no secret; the one with the token runs none of it", () => {
    expect(JSON.stringify(jobs.report)).not.toContain("PREVIEW_TOKEN");
    expect(jobs.report.allow_failure).toEqual({ exit_codes: [2] });
    expect(jobs.comment).toMatchObject({ variables: { GIT_STRATEGY: "none" }, needs: ["report"] });
    expect(jobs.comment.rules[0]?.if).toContain(
      "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_MERGE_REQUEST_PROJECT_ID",
    );
    expect(JSON.stringify(jobs.comment.script)).not.toMatch(/npm|npx/);
  });

  const target = { CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "main" };
  const script = jobs.report.script.join("\n");

  test("installs, checks, fetches the target branch and previews against it", () => {
    for (const name of ["npm", "npx", "git"]) program(name, "");
    expect(run(script, target).status).toBe(0);
    expect(calls()).toEqual([
      "ci",
      "run types",
      "--no-install labstead check",
      "fetch --quiet origin +refs/heads/main:refs/remotes/origin/main",
      "--no-install labstead preview --against origin/main --output report/report.md --comment report/comment.md --pages report",
    ]);
  });

  test.each([1, 2])("ends with the code of the preview: %d", (code) => {
    for (const name of ["npm", "git"]) program(name, "");
    program("npx", `[[ "$*" == *preview* ]] && exit ${String(code)}; true`);
    expect(run(script, target).status).toBe(code);
  });

  const OTHER = { id: 1, body: "looks good" };
  const OURS = { id: 2, body: `old\n${MARKER}` };
  const NOTES = "/api/projects/5/merge_requests/7/notes";

  test.each([
    ["makes a first comment", [[OTHER]], `POST ${NOTES}`],
    ["replaces the one that is there", [[OTHER, OURS]], `PUT ${NOTES}/2`],
    ["finds it on a later page", [[OTHER], [OURS]], `PUT ${NOTES}/2`],
  ])("%s", async (_name, pages, call) => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
      const page = Number(searchParams.get("page"));
      let body = "";
      request.on("data", (part: Buffer) => (body += part.toString()));
      request.on("end", () => {
        const written =
          request.method === "GET" ? "" : ` ${(JSON.parse(body) as { readonly body: string }).body}`;
        asked.push(
          `${request.method ?? ""} ${pathname}${written} as ${String(request.headers["private-token"])}`,
        );
        if (page > 0 && page < pages.length) response.setHeader("x-next-page", page + 1);
        response.end(JSON.stringify(pages[page - 1] ?? {}));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    writeFileSync(join(report, "comment.md"), "new");
    try {
      await promisify(execFile)("bash", ["-e", "-c", jobs.comment.script.join("\n")], {
        cwd: folder,
        env: {
          PATH: process.env["PATH"],
          CI_API_V4_URL: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/api`,
          CI_MERGE_REQUEST_PROJECT_ID: "5",
          CI_MERGE_REQUEST_IID: "7",
          PREVIEW_TOKEN: "token",
        },
      });
    } finally {
      server.close();
    }
    expect(asked.slice(0, -1)).toEqual(pages.map(() => `GET ${NOTES} as token`));
    expect(asked.at(-1)).toBe(`${call} new as token`);
  });
});
