import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closing, filesToRunAgain, NO_TESTS, readRun, resultsOf, sumResults } from "../../tools/test-results";
import { REPOSITORY } from "../../tools/toolchain/executables";

function read(path: string): string {
  return readFileSync(join(REPOSITORY, path), "utf8");
}

/** Targets that a Makefile defines. */
function targets(): readonly string[] {
  return [...read("Makefile").matchAll(/^([a-z-]+):/gm)].map(([, name]) => name ?? "");
}

describe("the Makefile", () => {
  it.each(["up", "test", "test-all", "lint", "plan", "bench", "clean", "help"])("has make %s", (name) => {
    expect(targets()).toContain(name);
  });

  it.each(["README.md", "CONTRIBUTING.md"])("has every target that %s names in code", (path) => {
    const code = [...read(path).matchAll(/`([^`]+)`|^```\w*$([^]*?)^```$/gm)]
      .map(([text]) => text)
      .join("\n");
    const names = [...code.matchAll(/\bmake ([a-z][a-z-]*)/g)].map(([, name]) => name ?? "");
    expect(names.length).toBeGreaterThan(1);
    expect(names.filter((name) => !targets().includes(name))).toEqual([]);
  });

  it("lists its targets", () => {
    const help = execFileSync("make", ["help"], { cwd: REPOSITORY, encoding: "utf8" });
    expect(help).toMatch(/^ {2}make up +\S/m);
    expect(help).toMatch(/^ {2}make test +\S/m);
  });

  it("is what continuous integration calls: the README's test command", () => {
    expect(read(".ci/run")).toMatch(/^exec make test MINUTES=\d+ <\/dev\/null$/m);
    expect(read("README.md")).toMatch(/^make up +#.*\nmake test +#/m);
  });

  it("runs all tests within the time that was given, or without an end", () => {
    // Always said: these tests may run under a `make` that was given a number, and hands it on.
    const recipe = (minutes: string): string =>
      execFileSync("make", ["--dry-run", "test", `MINUTES=${minutes}`], {
        cwd: REPOSITORY,
        encoding: "utf8",
      });
    expect(recipe("40")).toMatch(/tools\/test\.ts --start-within 40 /);
    expect(recipe("")).not.toContain("--start-within");
  });
});

describe("the parts of the tests", () => {
  it.each([
    ["one that is none", ["units"], "units"],
    ["one in a third row", ["types", "beside", "lint", "beside", "units"], "units"],
  ])("refuse %s, and run nothing", (_case, words, named) => {
    const argv = ["--import", "tsx", "tools/test.ts", ...words];
    const { status, stdout, stderr } = spawnSync(process.execPath, argv, {
      cwd: REPOSITORY,
      encoding: "utf8",
    });
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(
      new RegExp(`^${named} is no part of the tests; parts: types, lint, unit, .*beside between rows`),
    );
  });

  it("refuse a time that is none", () => {
    const argv = ["--import", "tsx", "tools/test.ts", "--start-within", "1h", "types"];
    const { status, stdout, stderr } = spawnSync(process.execPath, argv, {
      cwd: REPOSITORY,
      encoding: "utf8",
    });
    expect([status, stdout, stderr]).toEqual([
      1,
      "",
      "--start-within 1h: give whole minutes, as --start-within 40\n",
    ]);
  });

  /** The rows of parts of a line of the Makefile. */
  const partsAfter = (start: string): readonly string[] => {
    const line = read("Makefile")
      .split("\n")
      .find((text) => text.includes(`${start} types `));
    return (line?.split(start)[1] ?? "").trim().split(" ");
  };

  it("are each named once where all of them run", () => {
    const all = partsAfter("tools/test.ts");
    expect(all).toEqual(
      "types lint engine node-versions beside machines bare state crash beside lab openstack unit".split(" "),
    );
    // On other versions of Node.js and on a bare Debian the others are run once more.
    const more = ["node-versions", "bare"];
    expect(partsAfter("TESTS :=").map((part) => part.replace("-core", ""))).toEqual(
      all.filter((part) => !more.includes(part)),
    );
  });

  it("without services are some of the others", () => {
    const some = partsAfter("TESTS_WITHOUT_SERVICES :=").map((part) => part.replace("-core", ""));
    expect(some).toEqual("types unit beside engine lint".split(" "));
  });
});

describe("the packages", () => {
  const { isInstalled } = jest.requireActual<{ isInstalled: (lock: object, installed: object) => boolean }>(
    "../../tools/packages.js",
  );
  const lock = {
    packages: {
      "": { version: "0.1.0" },
      "node_modules/a": { version: "1.0.0" },
      "node_modules/a-darwin": { version: "1.0.0", optional: true },
    },
  };

  it.each([
    ["as the lock file says", { "node_modules/a": { version: "1.0.0" } }, true],
    ["of another version", { "node_modules/a": { version: "1.0.1" } }, false],
    ["missing", {}, false],
    ["too many", { "node_modules/a": { version: "1.0.0" }, "node_modules/b": { version: "1.0.0" } }, false],
  ])("%s", (_case, packages, expected) => {
    expect(isInstalled(lock, { packages })).toBe(expected);
  });
});

describe("the lock file", () => {
  const { complete, missing } = jest.requireActual<{
    complete: (lock: object) => { packages: Record<string, object> };
    missing: (lock: object) => readonly object[];
  }>("../../tools/complete-lock.js");

  it("names every package that npm ci asks for, and no host", () => {
    expect(missing(JSON.parse(read("package-lock.json")) as object)).toEqual([]);
    expect(read("package-lock.json")).not.toContain('"resolved"');
  });

  it("is completed by packages for other platforms", () => {
    const optionalDependencies = {
      "@swc/core-darwin-arm64": "1.0.0",
      fsevents: "2.0.0",
      "core-linux-x64-gnu": "1.0.0",
    };
    const lock = {
      packages: {
        "": {},
        "node_modules/core": { dev: true, optionalDependencies },
        "node_modules/fsevents": {},
      },
    };
    const { packages } = complete(lock);
    expect(Object.keys(packages)).toEqual([
      "",
      "node_modules/@swc/core-darwin-arm64",
      "node_modules/core",
      "node_modules/core-linux-x64-gnu",
      "node_modules/fsevents",
    ]);
    expect(packages["node_modules/@swc/core-darwin-arm64"]).toEqual({
      version: "1.0.0",
      os: ["darwin"],
      cpu: ["arm64"],
      dev: true,
      optional: true,
    });
    expect(missing({ packages })).toEqual([]);
  });
});

describe("the closing of the tests", () => {
  const RED =
    "\u001b[31mexpected 2\u001b[39m\n\nreceived 1\n    at x.ts:1\n    at run (/lab/node_modules/jest/y.js:2)";
  const passed = { fullName: "a lab is small", status: "passed", failureMessages: [] };
  const failed = { fullName: "a lab is large", status: "failed", failureMessages: [RED] };
  const skipped = { fullName: "a lab is shut", status: "pending", failureMessages: [] };

  /** Jest's results of one file. */
  function report(status: "passed" | "failed", ...assertionResults: readonly object[]): string {
    const file = { name: "/lab/test/a.test.ts", status, message: "no such module", assertionResults };
    return JSON.stringify({ testResults: [{ ...file, startTime: 0, endTime: 0 }] });
  }

  const read = (json: string | undefined, exitCode: number): ReturnType<typeof readRun> =>
    readRun({ part: "unit", root: "/lab", json, exitCode });

  it.each([
    ["all pass", report("passed", passed, skipped), 0, "1 passed, 0 failed"],
    [
      "one fails",
      report("failed", passed, failed, passed),
      1,
      `failed: unit: test/a.test.ts: a lab is large
    expected 2
    received 1
        at x.ts:1

2 passed, 1 failed`,
    ],
    [
      "a file cannot be loaded",
      report("failed"),
      1,
      "failed for good, it could not be loaded: unit: test/a.test.ts\n    no such module\n\n0 passed, 1 failed",
    ],
    [
      "Jest fails without a failed test",
      report("passed", passed),
      3,
      "failed: unit: no test failed, but Jest ended with 3\n\n1 passed, 1 failed",
    ],
    ["Jest leaves no results", undefined, 137, "failed: unit: Jest left no results\n\n0 passed, 1 failed"],
  ])("when %s", (_case, json, exitCode, text) => {
    expect(closing(resultsOf(read(json, exitCode)))).toBe(text);
  });

  it("lists what passed only the second time, and counts it as passed", () => {
    const first = read(report("failed", passed, failed), 1);
    expect(filesToRunAgain(first)).toEqual(["/lab/test/a.test.ts"]);
    expect(closing(resultsOf(first, read(report("passed", passed, passed), 0))).split("\n")).toEqual([
      "passed only when it was run again: unit: test/a.test.ts: a lab is large",
      "    expected 2",
      "    received 1",
      "        at x.ts:1",
      "",
      "2 passed, 0 failed",
    ]);
  });

  it("fails for what fails the second time too, and for a second run that says nothing", () => {
    const first = read(report("failed", passed, failed), 1);
    const shut = { ...failed, fullName: "a lab is shut" };
    expect(closing(resultsOf(first, read(report("failed", passed, shut), 1)))).toMatch(
      /^failed: unit: test\/a.test.ts: a lab is shut\n[^]*\n1 passed, 1 failed$/,
    );
    expect(closing(resultsOf(first, read(undefined, 137)))).toMatch(
      /^failed: unit: test\/a.test.ts: a lab is large\n[^]*\n1 passed, 2 failed$/,
    );
    expect(closing(resultsOf(first, read(report("passed", passed, passed), 3)))).toMatch(
      /\nfailed: unit: no test failed, but Jest ended with 3\n\n2 passed, 1 failed$/,
    );
  });

  it("lists which files were left out", () => {
    const parts = [
      resultsOf(read(report("passed", skipped), 0)),
      { ...NO_TESTS, leftOut: ["all of state: late"] },
    ];
    expect(closing(parts.reduce(sumResults, NO_TESTS))).toBe(
      "left out: unit: test/a.test.ts\nleft out: all of state: late\n0 passed, 0 failed",
    );
  });

  it("shortens a failure", () => {
    const message = Array.from({ length: 40 }, (_, line) => String(line)).join("\n");
    const lines = closing({ ...NO_TESTS, failures: [{ test: "unit: a", message }] }).split("\n");
    expect(lines.slice(29)).toEqual(["    28", "    29", "    …", "", "0 passed, 1 failed"]);
  });

  it("is over all parts", () => {
    const one = { ...NO_TESTS, passed: 1, failures: [{ test: "unit: a", message: "" }] };
    const other = { ...NO_TESTS, passed: 10, failures: [{ test: "engine: b", message: "" }] };
    expect(closing(sumResults(one, other))).toBe(
      "failed: unit: a\n\nfailed: engine: b\n\n11 passed, 2 failed",
    );
  });
});

describe("a slow test file", () => {
  const FILE = `
    const { writeFileSync } = require("node:fs");
    beforeAll(() => writeFileSync(__dirname + "/begun", ""));
    test("one", () => undefined);
    it.each([1, 2])("%s", () => undefined);
    describe("more", () => {
      beforeAll(() => writeFileSync(__dirname + "/begun", ""));
      test.each([1])("%s", () => undefined);
    });
  `;
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slow-"));
    writeFileSync(join(folder, "a.test.js"), FILE);
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([
    ["in time, is run", Date.now() + 600_000, true],
    ["without an end, is run", Infinity, true],
    ["too late, is left out with its set-up", Date.now() - 1, false],
  ])("begun %s", (_case, until, isRun) => {
    const setUp = join(REPOSITORY, "tools/jest-slow.js");
    const config = JSON.stringify({ rootDir: folder, setupFilesAfterEnv: [setUp] });
    const argv = [require.resolve("jest/bin/jest"), "--config", config, "--json"];
    const { stdout } = spawnSync(process.execPath, argv, {
      encoding: "utf8",
      env: { ...process.env, LABSTEAD_START_UNTIL: String(until) },
    });
    const [file] = readRun({ part: "slow", root: folder, json: stdout, exitCode: 0 });
    expect(file).toMatchObject({ passed: isRun ? 4 : 0, failures: [] });
    expect(file?.leftOut).toBe(isRun ? undefined : "slow: a.test.js");
    expect(existsSync(join(folder, "begun"))).toBe(isRun);
  });
});

describe("the launcher", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "launcher-"));
    cpSync(join(REPOSITORY, "bin"), join(folder, "bin"), { recursive: true });
    mkdirSync(join(folder, "cli"));
    mkdirSync(join(folder, "room"));
    // What is compiled is kept in this folder.
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(join(REPOSITORY, "node_modules/esbuild"), join(folder, "node_modules/esbuild"));
    writeFileSync(join(folder, "room/part.ts"), "export const part: string = __dirname;\n");
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function launch(
    code: string,
    settings: NodeJS.ProcessEnv = {},
  ): { readonly stdout: string; readonly stderr: string } {
    writeFileSync(join(folder, "cli/main.ts"), code);
    const env = { ...process.env, ...settings };
    return spawnSync(process.execPath, [join(folder, "bin/labstead.js")], { encoding: "utf8", env });
  }

  it("runs TypeScript with its own folders, early and late imports", () => {
    const { stdout } = launch(
      'import { part } from "../room/part";\nvoid import("../room/part").then((late) => { console.log(__dirname, part, late.part === part); });\n',
    );
    expect(stdout).toBe(`${join(folder, "cli")} ${join(folder, "room")} true\n`);
  });

  it("shows errors at the lines of the sources", () => {
    const { stderr } = launch(
      "interface Gone {\n  readonly a: 1;\n}\nconst gone: Gone = { a: 1 };\nthrow new Error(String(gone.a));\n",
    );
    expect(stderr).toContain(`${join(folder, "cli/main.ts")}:5`);
  });

  it("compiles a source once, and again when it has changed", () => {
    const none = { ESBUILD_BINARY_PATH: join(folder, "no-compiler") };
    writeFileSync(none.ESBUILD_BINARY_PATH, "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    const first = 'import { part } from "../room/part";\nconsole.log("first", part.length > 0);\n';
    expect(launch(first, none).stdout).toBe("");
    expect(launch(first).stdout).toBe("first true\n");
    expect(launch(first, none).stdout).toBe("first true\n");
    expect(launch('console.log("second");\n', none).stdout).toBe("");
    expect(launch('console.log("second");\n').stdout).toBe("second\n");
    writeFileSync(join(folder, "room/part.ts"), 'export const part = "";\n');
    expect(launch(first).stdout).toBe("first false\n");
  });

  it("works where nothing can be kept", () => {
    writeFileSync(join(folder, "node_modules/.cache"), "");
    expect(launch('console.log("runs");\n').stdout).toBe("runs\n");
    expect(launch('console.log("runs");\n').stdout).toBe("runs\n");
  });

  it("is not stopped by a mistake in a file that is not used", () => {
    writeFileSync(join(folder, "room/broken.ts"), "const x: = 1;\n");
    expect(launch('console.log("runs");\n').stdout).toBe("runs\n");
    expect(launch('import "../room/broken";\n').stderr).toContain("room/broken.ts:1:9: ERROR");
  });
});
