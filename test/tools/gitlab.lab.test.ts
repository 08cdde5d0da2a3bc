/** GitLab's CI file by GitLab's schema, which check-jsonschema has a copy of: keys, their types and their places. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { REPOSITORY } from "../../tools/toolchain/executables";
import { pythonEnvironment } from "../lab/host/installed";
import { setUp } from "../lab/host/undo";

const FILE = join(REPOSITORY, "template/gitlab-ci.yml");

let program: string;
let folder: string;

setUp((undo) => {
  folder = undo.folder("gitlab");
  const environment = pythonEnvironment("gitlab-schema", [join(__dirname, "gitlab/requirements.txt")]);
  program = join(environment, "bin/check-jsonschema");
});

/** What it reports of a file, and whether it accepts it. */
function judged(file: string): { readonly status: number | null; readonly said: string } {
  const { status, stdout } = spawnSync(program, ["--builtin-schema", "vendor.gitlab-ci", file], {
    encoding: "utf8",
  });
  return { status, said: stdout.trim() };
}

test("the file for merge requests is accepted", () => {
  expect(judged(FILE)).toEqual({ status: 0, said: "ok -- validation done" });
});

test.each([
  ["a key that a job does not have", "artifacts:", "artefacts:"],
  ["a word that `when` does not know", "when: always\n    name", "when: allways\n    name"],
  ["a code that is no number", "exit_codes: [2]", "exit_codes: [two]"],
  ["a job that is needed by a name that is no text", "needs: [report]", "needs: 7"],
  ["a script that is a mapping", "  script:\n    - npm ci", "  script:\n    npm: ci\n  other:\n    - npm ci"],
])("%s is refused", (_, right, wrong) => {
  const text = readFileSync(FILE, "utf8");
  expect(text).toContain(right);
  const broken = join(folder, "gitlab-ci.yml");
  writeFileSync(broken, text.replace(right, wrong));
  const { status, said } = judged(broken);
  expect(status).toBe(1);
  expect(said).toContain("Schema validation errors were encountered.");
});
