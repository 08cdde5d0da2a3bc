/** Outputs that nobody reads or that are full, and failures that nobody waited for: what is printed, and the exit code. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./command";

let folder = "";
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "labstead-output-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a program as `cli/main.ts` runs the command. @param redirected bash, with the program's call as `"$@"` */
function run(program: string, redirected = '"$@"') {
  const file = join(folder, "program.ts");
  writeFileSync(
    file,
    `import { runToEnd, UserError } from ${JSON.stringify(join(ROOT, "cli/shared/failure"))};
import { guardOutputs } from ${JSON.stringify(join(ROOT, "cli/shared/output"))};
guardOutputs();
runToEnd(async () => { ${program} });
export { UserError };
`,
  );
  const script = `set -o pipefail; ${redirected}`;
  const { status, stdout, stderr } = spawnSync(
    "bash",
    ["-c", script, "bash", process.execPath, "--import", "tsx", file],
    { cwd: ROOT, encoding: "utf8" },
  );
  return { code: status, stdout, stderr };
}

const LINES = "for (let line = 0; line < 100_000; line++) console.log(`line ${String(line)}`);";

test("a reader that has enough ends nothing, and the exit code is the command's", () => {
  const rest = 'await new Promise((resolve) => setTimeout(resolve, 50)); console.error("done");';
  expect(run(`${LINES} ${rest}`, '"$@" | head -1')).toEqual({
    code: 0,
    stdout: "line 0\n",
    stderr: "done\n",
  });
  expect(run(`${LINES} process.exitCode = 3;`, '"$@" | head -1')).toEqual({
    code: 3,
    stdout: "line 0\n",
    stderr: "",
  });
  expect(run('console.error("lost");', '"$@" 2>&1 | true')).toEqual({ code: 0, stdout: "", stderr: "" });
});

test("a full disk behind the output is an error of one line", () => {
  expect(run(LINES, '"$@" > /dev/full')).toEqual({
    code: 1,
    stdout: "",
    stderr: "the standard output cannot be written: ENOSPC: no space left on device, write\n",
  });
});

const FAILURES: readonly (readonly [what: string, program: string, said: RegExp])[] = [
  [
    "a failure that a person can correct",
    'throw new UserError("wrong; correct it");',
    /^wrong; correct it\n$/,
  ],
  [
    "one that nobody waited for",
    'void Promise.reject(new UserError("late")); await new Promise((r) => setTimeout(r, 10_000));',
    /^late\n$/,
  ],
  [
    "one of a timer",
    'setTimeout(() => { throw new UserError("later"); }, 1); await new Promise((r) => setTimeout(r, 10_000));',
    /^later\n$/,
  ],
  [
    "one of a disk",
    'require("node:fs").readFileSync("/nowhere/file");',
    /^ENOENT: no such file or directory, open '\/nowhere\/file'\n$/,
  ],
  [
    "work that never ends",
    "await new Promise(() => undefined);",
    /^the command has stopped without a result, which/,
  ],
  ["what is no error", 'throw "text";', /^text\n$/],
  ["a fault of the program", "undefined.x;", /^TypeError: .*\n +at /],
];

test.each(FAILURES)("%s has exit code 1", (_what, program, said) => {
  const { code, stdout, stderr } = run(`// @ts-nocheck\n${program}`);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(said);
});
