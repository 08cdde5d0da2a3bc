/** What a real Jest says of set-ups that fail: no second run excuses them. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closing, filesToRunAgain, readRun, resultsOf, type FileResults } from "../../tools/test-results";
import { REPOSITORY } from "../../tools/toolchain/executables";

interface Project {
  readonly displayName: string;
  readonly testEnvironment: string;
  readonly transform: Readonly<Record<string, readonly [transformer: string, options: object]>>;
}

const { projects } = jest.requireActual<{ readonly projects: readonly Project[] }>("../../jest.config.js");

/** How the files of real services are run, from a folder that has no packages. */
function configOf(name: string): object {
  const project = projects.find(({ displayName }) => displayName === name);
  if (project === undefined) throw new Error(`Jest has no project ${name}`);
  const transform = Object.entries(project.transform).map(([files, [transformer, options]]) => [
    files,
    [require.resolve(transformer), options],
  ]);
  return {
    testEnvironment: project.testEnvironment.replace("<rootDir>", REPOSITORY),
    transform: Object.fromEntries(transform) as object,
  };
}

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "labstead-set-ups-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs one file. */
function run(text: string, more: object = {}): readonly FileResults[] {
  writeFileSync(join(folder, "a.test.js"), text);
  const config = JSON.stringify({ rootDir: folder, ...configOf("machines"), ...more });
  const report = join(folder, "report.json");
  const argv = [require.resolve("jest/bin/jest"), "--config", config, "--json", `--outputFile=${report}`];
  const { status } = spawnSync(process.execPath, [...argv, "--runInBand"], {
    cwd: REPOSITORY,
    encoding: "utf8",
  });
  const json = existsSync(report) ? readFileSync(report, "utf8") : undefined;
  return readRun({ part: "lab", root: folder, json, exitCode: status ?? 1 });
}

const TEST = 'test("one", () => undefined);';

it.each([
  ["throws", 'beforeAll(() => { throw new Error("no room"); });', "no room"],
  ["throws what is no error", 'beforeAll(() => { throw "no room"; });', "no room"],
  ["takes too long", "beforeAll(() => new Promise(() => undefined), 20);", "Exceeded timeout of 20 ms"],
  ["fails an expectation", "beforeAll(() => expect(1).toBe(2));", "Expected: 2"],
])("a set-up that %s is a failure for good, of every test after it", (_, setUp, said) => {
  const files = run(`${setUp}\n${TEST}\ndescribe("more", () => { test("two", () => undefined); });`);
  expect(filesToRunAgain(files)).toEqual([]);
  const text = closing(resultsOf(files));
  expect(text).toContain("failed for good, its set-up failed: lab: a.test.js: one\n");
  expect(text).toContain("failed for good, its set-up failed: lab: a.test.js: more two\n");
  expect(text).toContain(said);
  expect(text).toMatch(/^0 passed, 2 failed$/m);
});

it("a set-up of some tests is no other's", () => {
  const files = run(
    `describe("few", () => { beforeAll(() => { throw new Error("no"); }); ${TEST} });\n${TEST}`,
  );
  expect(filesToRunAgain(files)).toEqual([]);
  expect(closing(resultsOf(files))).toMatch(/^failed for good, .*: few one\n[^]*\n1 passed, 1 failed$/);
});

it("a second run does not excuse it, if there is one", () => {
  const first = run(`beforeAll(() => { throw new Error("no"); });\n${TEST}`);
  expect(closing(resultsOf(first, run(TEST)))).toMatch(/^failed for good, [^]*\n0 passed, 1 failed$/);
});

it.each([
  ["of Node", 'require("node:child_process").execFileSync("no-such-program");'],
  ["of a shell", 'require("node:child_process").execFileSync("sh", ["-c", "no-such-program"]);'],
  ["of another program", 'require("node:child_process").execFileSync("env", ["no-such-program"]);'],
  [
    "of one in a namespace",
    'require("node:child_process").execFileSync("nsenter", ["--", "no-such-program"]);',
  ],
  ["with a time-out", 'require("node:child_process").execFileSync("timeout", ["1", "no-such-program"]);'],
])("a program that is missing, in the words %s, is a failure for good", (_, start) => {
  const files = run(`test("one", () => { ${start} });`);
  expect(filesToRunAgain(files)).toEqual([]);
  expect(closing(resultsOf(files))).toMatch(
    /^failed for good, a program is missing: lab: a\.test\.js: one\n/,
  );
});

it.each([
  ["a file that cannot be loaded", 'require("./nothing");'],
  ["a file that is no program", "const ;"],
])("%s is a failure for good", (_, text) => {
  const files = run(text);
  expect(filesToRunAgain(files)).toEqual([]);
  expect(closing(resultsOf(files))).toMatch(/^failed for good, it could not be loaded: lab: a\.test\.js\n/);
});

it("a set-up of the whole suite that fails leaves no file to be run again", () => {
  writeFileSync(join(folder, "set-up.js"), 'module.exports = () => { throw new Error("no services"); };');
  const files = run(TEST, { globalSetup: join(folder, "set-up.js") });
  expect(filesToRunAgain(files)).toEqual([]);
  expect(closing(resultsOf(files))).toMatch(/^failed: lab: .*\n\n0 passed, 1 failed$/);
});

it.each([
  ["a test", 'test("one", () => { throw new Error("late"); });'],
  ["what is before each test", `beforeEach(() => { throw new Error("late"); });\n${TEST}`],
  ["what is after all tests", `afterAll(() => { throw new Error("late"); });\n${TEST}`],
])("%s that fails may have been late, and is run again", (_, text) => {
  expect(filesToRunAgain(run(text))).toEqual([join(folder, "a.test.js")]);
});
