/**
 * The stack files are shipped in the form that Pulumi itself writes: what `pulumi stack init` and `pulumi config set` add
 * is all that changes, comments and other lines stay. Pulumi's form is not the formatter's, so that one leaves them alone.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stacksIn } from "../../environment/stack-file";
import { ROOT } from "../cli/command";
import { pulumiExecutable } from "../rehearsal/engine-lab";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "labstead-stack-files-"));
  for (const name of ["home", "state"]) mkdirSync(join(folder, name));
  for (const name of ["Pulumi.yaml", ...stacksIn(ROOT).map(fileOf)])
    cpSync(join(ROOT, name), join(folder, name));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function fileOf(stack: string): string {
  return `Pulumi.${stack}.yaml`;
}

function linesIn(directory: string, stack: string): readonly string[] {
  return readFileSync(join(directory, fileOf(stack)), "utf8").split("\n");
}

function pulumi(args: readonly string[], input = ""): void {
  const env = {
    PATH: process.env["PATH"],
    HOME: join(folder, "home"),
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "correct horse battery staple",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
  execFileSync(pulumiExecutable(), args, { cwd: folder, env, input, stdio: "pipe" });
}

/** Lines that came to those from before. @throws where one of those is gone or is another one */
function added(before: readonly string[], after: readonly string[]): readonly string[] {
  const left = [...before];
  const more = after.filter((line) => {
    if (line !== left[0]) return true;
    left.shift();
    return false;
  });
  if (left.length > 0) throw new Error(`changed or gone from: ${left[0] ?? ""}`);
  return more;
}

test("there are prod and its tenant", () => {
  expect(stacksIn(ROOT)).toEqual(expect.arrayContaining(["prod", "test"]));
});

test.each(stacksIn(ROOT))("pulumi stack init %s adds the salt and changes nothing else", (stack) => {
  pulumi(["stack", "init", stack]);
  expect(added(linesIn(ROOT, stack), linesIn(folder, stack))).toEqual([
    expect.stringMatching(/^encryptionsalt: v1:\S+$/),
  ]);
});

test.each(stacksIn(ROOT))("pulumi config set adds to %s what it sets, and changes nothing else", (stack) => {
  const initialized = linesIn(folder, stack);
  pulumi(
    ["config", "set", "--secret", "labstead:kubeconfig", "--stack", stack],
    "apiVersion: v1\nkind: Config\n",
  );
  expect(added(initialized, linesIn(folder, stack))).toEqual([
    "  labstead:kubeconfig:",
    expect.stringMatching(/^ {4}secure: v1:\S+$/),
  ]);
});

test("a value of the environment that pulumi config set changes is one changed line", () => {
  const before = linesIn(folder, "test");
  pulumi(["config", "set", "--path", "labstead:environment.domain", "lab.example.net", "--stack", "test"]);
  expect(linesIn(folder, "test")).toEqual(
    before.map((line) => (line === "    domain: lab.example.org" ? "    domain: lab.example.net" : line)),
  );
});

test.each([
  ["Pulumi.prod.yaml", true],
  ["Pulumi.test.yaml", true],
  ["Pulumi.another.yaml", true],
  ["Pulumi.yaml", false],
])("the formatter leaves %s alone: %s", (file, ignored) => {
  const args = ["node_modules/prettier/bin/prettier.cjs", "--file-info", file];
  const answer = execFileSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
  expect(JSON.parse(answer)).toMatchObject({ ignored });
});
