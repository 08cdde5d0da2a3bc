import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Executable, install, isInstalled, link, REPOSITORY } from "../../tools/toolchain/executables";
import { buildGoTool, goToolVersion } from "../../tools/toolchain/go-tool";
import { languageHost, pulumi, pulumiVersion } from "../../tools/toolchain/pulumi";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "toolchain-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** An executable that answers `version` with the given text. */
function program(path: string, version: string): string {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho ${version}\n`);
  chmodSync(path, 0o755);
  return path;
}

function executable(sources: Executable["sources"], version = "1.0.0"): Executable {
  return { name: "tool", version, sources, help: "Ask for help." };
}

const failing = (name: string): Executable["sources"][number] => ({
  name,
  provide: () => Promise.reject(new Error(`${name} has none`)),
});

describe("an executable", () => {
  const toolsDir = (): string => join(folder, ".tools");

  it("comes from the first source that has it", async () => {
    const calls: string[] = [];
    const source = (name: string): Executable["sources"][number] => ({
      name,
      provide: (target) => {
        calls.push(name);
        program(target, "v1.0.0");
        return Promise.resolve();
      },
    });
    const tool = executable([failing("first"), source("second"), source("third")]);
    const log: string[] = [];
    const path = await install(tool, { toolsDir: toolsDir(), log: (line) => log.push(line) });
    expect(calls).toEqual(["second"]);
    expect(execFileSync(path, { encoding: "utf8" })).toBe("v1.0.0\n");
    expect(log).toEqual(["tool 1.0.0, first: first has none"]);
  });

  it("is installed once, and again when its version, or the file it leads to, changes", async () => {
    const existing = program(join(folder, "elsewhere/tool"), "v1.0.0");
    let count = 0;
    const source: Executable["sources"][number] = {
      name: "link",
      provide: (target) => {
        count += 1;
        link(existing, target);
        return Promise.resolve();
      },
    };
    const counts: number[] = [];
    const round = async (version?: string): Promise<void> => {
      await install(executable([source], version), { toolsDir: toolsDir() });
      counts.push(count);
    };
    await round();
    await round();
    await round("1.0.1");
    program(existing, "v1.0.1-other");
    await round("1.0.1");
    await round("1.0.1");
    rmSync(existing);
    expect(isInstalled(executable([source], "1.0.1"), toolsDir())).toBe(false);
    expect(counts).toEqual([1, 1, 2, 3, 3]);
  });

  it("that no source has is an error with every reason and what to do", async () => {
    const tool = executable([failing("PATH"), failing("download")]);
    await expect(install(tool, { toolsDir: toolsDir() })).rejects.toThrow(
      "tool 1.0.0 could not be had:\n  - PATH: PATH has none\n  - download: download has none\nAsk for help.",
    );
  });
});

describe("pulumi", () => {
  it("of the pinned version on PATH is used", async () => {
    const found = program(join(folder, "bin/pulumi"), `v${pulumiVersion()}`);
    const path = await install(pulumi(join(folder, "bin")), { toolsDir: join(folder, ".tools") });
    expect(path).toBe(join(folder, ".tools/bin/pulumi"));
    expect(execFileSync(path, ["version"], { encoding: "utf8" })).toBe(`v${pulumiVersion()}\n`);
    expect(isInstalled(pulumi(), join(folder, ".tools"))).toBe(true);
    expect(existsSync(found)).toBe(true);
  });

  it.each([
    ["another version", "v3.0.0", /pulumi is v3\.0\.0$/],
    ["nothing", undefined, /^there is none$/],
  ])("on PATH: %s is not used", async (_case, version, message) => {
    if (version !== undefined) program(join(folder, "bin/pulumi"), version);
    const [path] = pulumi(join(folder, "bin")).sources;
    await expect(
      Promise.resolve().then(() => path?.provide(join(folder, "target"), () => undefined)),
    ).rejects.toThrow(message);
  });

  it("does not take its own link for one on PATH", async () => {
    const target = program(join(folder, ".tools/bin/pulumi"), `v${pulumiVersion()}`);
    const [path] = pulumi(join(folder, ".tools/bin")).sources;
    await expect(Promise.resolve().then(() => path?.provide(target, () => undefined))).rejects.toThrow(
      "there is none",
    );
  });

  it("brings its language host along", async () => {
    const released = program(join(folder, "release/pulumi"), `v${pulumiVersion()}`);
    program(join(folder, "release/pulumi-language-nodejs"), "host");
    const host = await install(languageHost(released), { toolsDir: join(folder, ".tools") });
    expect(execFileSync(host, { encoding: "utf8" })).toBe("host\n");
  });

  it("has its version stated once in the repository", () => {
    const files = execFileSync("git", ["grep", "-lF", pulumiVersion(), "--", ".", ":!*/go.sum", ":!*.md"], {
      cwd: REPOSITORY,
      encoding: "utf8",
    });
    expect(files.trim().split("\n")).toEqual(["tools/pulumi/go.mod"]);
  });

  it("is built of an SDK of the same version", () => {
    const lines = readFileSync(join(REPOSITORY, "tools/pulumi/go.mod"), "utf8").split("\n");
    const sdk = lines.find((line) => line.includes("github.com/pulumi/pulumi/sdk/v3 "));
    expect(sdk?.trim().split(" ")[1]).toBe(`v${pulumiVersion()}`);
  });
});

describe("a Go tool", () => {
  const tool = (): Parameters<typeof buildGoTool>[0] => ({
    name: "hello",
    moduleDir: join(folder, "hello"),
    packagePath: "example.org/hello",
    versionModule: "example.org/dependency",
    versionVariable: "main.version",
  });

  function writeModule(code: string): void {
    mkdirSync(join(folder, "hello"));
    mkdirSync(join(folder, "hello/dependency"));
    writeFileSync(
      join(folder, "hello/go.mod"),
      "module example.org/hello\n\ngo 1.20\n\nrequire example.org/dependency v1.2.3\n\nreplace example.org/dependency => ./dependency\n",
    );
    writeFileSync(join(folder, "hello/dependency/go.mod"), "module example.org/dependency\n\ngo 1.20\n");
    writeFileSync(join(folder, "hello/dependency/d.go"), 'package dependency\n\nconst Word = "hello"\n');
    writeFileSync(join(folder, "hello/main.go"), code);
  }

  it("has the version that its go.mod requires", () => {
    writeModule("package main\n");
    expect(goToolVersion(tool())).toBe("v1.2.3");
  });

  const go = hasGo() ? it : it.skip;

  go(
    "is built with its version inside",
    async () => {
      writeModule(
        'package main\n\nimport "example.org/dependency"\n\nvar version string\n\nfunc main() { println(dependency.Word, version) }\n',
      );
      await buildGoTool(tool(), join(folder, "out/hello"), () => undefined);
      expect(execFileSync("sh", ["-c", `${join(folder, "out/hello")} 2>&1`], { encoding: "utf8" })).toBe(
        "hello v1.2.3\n",
      );
    },
    120_000,
  );

  go(
    "that does not compile leaves nothing behind and shows what Go said",
    async () => {
      writeModule('package main\n\nimport _ "example.org/dependency"\n\nfunc main() { missing() }\n');
      await expect(buildGoTool(tool(), join(folder, "out/hello"), () => undefined)).rejects.toThrow(
        /^go build failed:[^]*undefined: missing/,
      );
      expect(existsSync(join(folder, "out/hello"))).toBe(false);
    },
    120_000,
  );
});

/** Machines that have pulumi on PATH need no Go. */
function hasGo(): boolean {
  try {
    execFileSync("go", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
