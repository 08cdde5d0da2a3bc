import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { major, satisfies } from "semver";
import { runPart } from "../../tools/test-parts";
import { REPOSITORY } from "../../tools/toolchain/executables";
import { installNode, NODE_VERSIONS } from "../../tools/toolchain/node-versions";

function read(path: string): string {
  return readFileSync(join(REPOSITORY, path), "utf8");
}

describe("the versions of Node.js", () => {
  const lts = String(major(NODE_VERSIONS.lts));
  const newest = String(major(NODE_VERSIONS.newest));

  it("are those that the README supports, and the LTS release is the recommended one", () => {
    const text = read("README.md").replaceAll("\n", " ");
    expect(text).toContain(`22, ${lts} and ${newest} are supported; use ${lts}, the current LTS release`);
    expect(read(".nvmrc")).toBe(`${lts}\n`);
  });

  it("are allowed by the package", () => {
    const { engines } = JSON.parse(read("package.json")) as { engines: { node: string } };
    const allowed = Object.values(NODE_VERSIONS).map((version) => satisfies(version, engines.node));
    expect([engines.node, ...allowed]).toEqual([">=20.11", true, true]);
  });
});

describe("the installation of a Node.js", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "node-versions-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** Stands in for npm: a script with the folder of the installation as `$3`. */
  function npm(script: string): string {
    const path = join(folder, "npm");
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  const INSTALL = [
    'echo "$*" >> "$3/../../calls"',
    'mkdir -p "$3/node_modules/node/bin"',
    'printf "#!/bin/sh\\necho v1.2.3\\n" > "$3/node_modules/node/bin/node"',
    'chmod +x "$3/node_modules/node/bin/node"',
  ].join("\n");

  it("asks npm once", async () => {
    const options = { toolsDir: folder, npm: npm(INSTALL) };
    const executable = join(folder, "node/1.2.3/node_modules/node/bin/node");
    expect(await installNode("1.2.3", options)).toBe(executable);
    expect(await installNode("1.2.3", options)).toBe(executable);
    expect(readFileSync(join(folder, "calls"), "utf8")).toMatch(/^install --prefix \S+ .*node@1\.2\.3\n$/);
  });

  it("refuses another version than the one that was asked for", async () => {
    await expect(installNode("1.2.4", { toolsDir: folder, npm: npm(INSTALL) })).rejects.toThrow(
      "Node.js 1.2.4 cannot be installed: npm left none, as with its setting ignore-scripts",
    );
  });

  it("says what npm said", async () => {
    const failing = npm("echo no such package >&2; exit 1");
    await expect(installNode("1.2.3", { toolsDir: folder, npm: failing })).rejects.toThrow(
      /^Node\.js 1\.2\.3 cannot be installed: [^]*no such package/,
    );
  });
});

describe("a part of the tests on another Node.js", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "other-node-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("is run by it, programs of the tests included, and says so", async () => {
    const executable = join(folder, "node");
    writeFileSync(executable, `#!/bin/sh\necho "$PATH" > ${join(folder, "path")}\nexit 3\n`);
    chmodSync(executable, 0o755);
    const running = { nice: false, log: () => undefined, startUntil: Infinity };
    const { failures } = await runPart("engine", { ...running, node: { version: "1.2.3", executable } });
    expect(failures.map(({ test }) => test)).toEqual(["engine on Node.js 1.2.3: Jest left no results"]);
    expect(readFileSync(join(folder, "path"), "utf8").split(":")[0]).toBe(folder);
  });
});
