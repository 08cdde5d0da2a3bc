/** The workflows by actionlint, which knows GitHub's syntax, contexts and events, and their scripts by shellcheck. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { install, REPOSITORY, TOOLS_DIR, type Executable } from "../../tools/toolchain/executables";
import { buildGoTool, goToolVersion, type GoTool } from "../../tools/toolchain/go-tool";
import { runs } from "../lab/host/programs";

runs("shellcheck");

const TOOL: GoTool = {
  name: "actionlint",
  moduleDir: join(__dirname, "actionlint"),
  packagePath: ".",
  versionModule: "github.com/rhysd/actionlint",
};

let actionlint: string;

beforeAll(async () => {
  const version = goToolVersion(TOOL);
  const executable: Executable = {
    name: TOOL.name,
    version,
    sources: [{ name: "Go modules", provide: (target, log) => buildGoTool(TOOL, target, log) }],
    help: "Install Go 1.25 or newer with access to a module proxy, and try again.",
  };
  const log = (line: string): void => void process.stderr.write(`  ${line}\n`);
  actionlint = await install(executable, { toolsDir: join(TOOLS_DIR, "actionlint"), log });
});

/** What it reports of a workflow, and whether it accepts it. */
function judged(text: string): { readonly status: number | null; readonly said: string } {
  const { status, stdout, stderr } = spawnSync(actionlint, ["-no-color", "-pyflakes=", "-"], {
    cwd: REPOSITORY,
    encoding: "utf8",
    input: text,
  });
  return { status, said: `${stdout}${stderr}` };
}

const WORKFLOWS = [
  ...readdirSync(join(REPOSITORY, ".github/workflows")).map((name) => `.github/workflows/${name}`),
  "template/preview.yml",
  "template/drift.yml",
];

test.each(WORKFLOWS)("%s is accepted", (file) => {
  expect(judged(readFileSync(join(REPOSITORY, file), "utf8"))).toEqual({ status: 0, said: "" });
});

test.each([
  [
    "a context that does not exist",
    "vars.DRIFT == 'true'",
    "varz.DRIFT == 'true'",
    'undefined variable "varz"',
  ],
  ["an event that does not exist", "workflow_dispatch:", "workflow_dispatched:", "unknown Webhook event"],
  [
    "a shell variable without quotes",
    'exit "$code"',
    "exit $code $(cat $STACK)",
    "shellcheck reported issue",
  ],
])("%s is refused", (_, right, wrong, message) => {
  const text = readFileSync(join(REPOSITORY, "template/drift.yml"), "utf8");
  expect(text).toContain(right);
  const { status, said } = judged(text.replace(right, wrong));
  expect(status).toBe(1);
  expect(said).toContain(message);
});
