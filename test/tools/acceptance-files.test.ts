import { execFileSync, spawnSync } from "node:child_process";
import { relative } from "node:path";
import { ACCEPTANCE_FILES, ACCEPTANCE_PATHS, isAcceptanceFile, pathsOf } from "../../tools/acceptance-files";
import { runPart } from "../../tools/test-parts";
import { closing, filesToRunAgain, readRun, resultsOf } from "../../tools/test-results";
import { REPOSITORY } from "../../tools/toolchain/executables";

const JEST = require.resolve("jest/bin/jest");
const REQUIRED = "test/golden/a.engine.test.ts";

/** Jest's results of one file whose tests have this status. */
function report(name: string, status: "passed" | "pending"): string {
  const test = { fullName: "one", status, failureMessages: [] };
  const file = { name: `/lab/${name}`, status: "passed", message: "", startTime: 1000, endTime: 3500 };
  return JSON.stringify({ testResults: [{ ...file, assertionResults: [test] }] });
}

describe("the table of acceptance files", () => {
  it.each([...new Set(ACCEPTANCE_FILES.map(({ project }) => project))])(
    "names files that the project %s runs",
    (project) => {
      const argv = [JEST, "--listTests", "--selectProjects", project];
      const files = execFileSync(process.execPath, argv, { cwd: REPOSITORY, encoding: "utf8" })
        .trim()
        .split("\n")
        .map((path) => relative(REPOSITORY, path));
      const patterns = ACCEPTANCE_FILES.filter((row) => row.project === project).map((row) => row.pattern);
      const unmatched = patterns.filter((pattern) => !files.some((file) => pathsOf(pattern).test(file)));
      expect(unmatched).toEqual([]);
    },
  );

  it.each([
    ["test/golden/changes.engine.test.ts", true],
    ["test/golden/deep/changes.engine.test.ts", false],
    ["test/golden/changes.engine.test.tsx", false],
    ["test/stack/etcd.engine.test.ts", true],
    ["test/stack/etcd-engine.test.ts", false],
    ["test/stack/guard.engine.test.ts", false],
  ])("%s: %s", (path, expected) => {
    expect(isAcceptanceFile(path)).toBe(expected);
  });
});

describe("a run that has to end by a certain time", () => {
  const run = { part: "engine", root: "/lab", exitCode: 0, isRequired: isAcceptanceFile };

  it("fails for an acceptance file that was left out, and does not run it again", () => {
    const files = readRun({ ...run, json: report(REQUIRED, "pending") });
    expect(filesToRunAgain(files)).toEqual([]);
    expect(closing(resultsOf(files)).split("\n")).toEqual([
      `left out: engine: ${REQUIRED}`,
      `failed for good, an acceptance names it, and it was left out: engine: ${REQUIRED}`,
      "",
      "0 passed, 1 failed",
    ]);
  });

  it.each([
    ["an acceptance file that was run", { ...run, json: report(REQUIRED, "passed") }],
    ["another file that was left out", { ...run, json: report("test/stack/guard.test.ts", "pending") }],
    [
      "no file, where nothing is required",
      { ...run, isRequired: () => false, json: report(REQUIRED, "pending") },
    ],
  ])("does not fail for %s", (_case, given) => {
    expect(resultsOf(readRun(given)).failures).toEqual([]);
  });

  it("fails for the acceptance files of a part that was not started", async () => {
    const lines: string[] = [];
    const log = (line: string): void => void lines.push(line);
    const { leftOut, failures } = await runPart("machines-core", { nice: false, log, startUntil: 0 });
    expect(lines).toEqual(["left out: it was not started in time"]);
    expect(leftOut).toEqual(["all of machines-core: it was not started in time"]);
    expect(failures.map(({ test }) => test)).toEqual([
      "machines-core: test/lab/platform/etcd.lab.test.ts",
      "machines-core: test/lab/platform/platform.lab.test.ts",
    ]);
  });

  it("does not fail for a part without acceptance files that was not started", async () => {
    const results = await runPart("state", { nice: false, log: () => undefined, startUntil: 0 });
    expect([results.leftOut, results.failures]).toEqual([["all of state: it was not started in time"], []]);
    expect(results.parts).toEqual([{ name: "state", milliseconds: expect.any(Number) as number }]);
  });
});

describe("the time of a file", () => {
  const first = [
    {
      path: "/lab/a",
      passed: 0,
      failures: [{ test: "a", message: "late" }],
      duration: { name: "engine: a", milliseconds: 2000 },
    },
  ];

  it("is read from Jest's results", () => {
    const files = readRun({ part: "engine", root: "/lab", exitCode: 0, json: report(REQUIRED, "passed") });
    expect(resultsOf(files).files).toEqual([{ name: `engine: ${REQUIRED}`, milliseconds: 2500 }]);
  });

  it("is that of both its runs", () => {
    const again = [
      { path: "/lab/a", passed: 1, failures: [], duration: { name: "engine: a", milliseconds: 500 } },
    ];
    expect(resultsOf(first, again).files).toEqual([{ name: "engine: a", milliseconds: 2500 }]);
  });
});

it("begins a part with the files that an acceptance names, in Jest's own order otherwise", () => {
  // Jest begins with the largest file when it does not know their times.
  const sizes = { "test/stack/b.test.ts": 3, "test/stack/etcd.engine.test.ts": 1, "test/stack/c.test.ts": 2 };
  const code = `
    const Sequencer = require("./tools/jest-sequencer.js");
    const sizes = ${JSON.stringify(sizes)};
    const root = process.cwd();
    const config = { id: "order", cacheDirectory: root + "/node_modules/.cache/no-such-folder" };
    const hasteFS = { getSize: (path) => sizes[path.slice(root.length + 1)] };
    const tests = Object.keys(sizes).map((path) => ({ path: root + "/" + path, context: { config, hasteFS } }));
    new Sequencer({}).sort(tests).then((sorted) => console.log(sorted.map(({ path }) => path).join()));
  `;
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", code], {
    cwd: REPOSITORY,
    encoding: "utf8",
    env: { ...process.env, LABSTEAD_FIRST_FILES: ACCEPTANCE_PATHS.source },
  });
  expect(stderr).toBe("");
  expect(
    stdout
      .trim()
      .split(",")
      .map((path) => relative(REPOSITORY, path)),
  ).toEqual(["test/stack/etcd.engine.test.ts", "test/stack/b.test.ts", "test/stack/c.test.ts"]);
});
