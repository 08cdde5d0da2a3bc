/** What the command says of stack files that cannot be read, or that no command reads. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findingText } from "../../environment/findings";
import { stacksIn, unreadStackFiles } from "../../environment/stack-file";
import { labstead, ROOT } from "./command";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "labstead-stack-files-"));
  for (const name of ["Pulumi.yaml", "Pulumi.prod.yaml", "Pulumi.test.yaml"])
    cpSync(join(ROOT, name), join(folder, name));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const put = (name: string, text = "") => writeFileSync(join(folder, name), text);

test("each file that looks like a stack's is a stack, or a finding", () => {
  for (const name of ["Pulumi.Prod_2.yaml", "Pulumi.a.b.yaml", "Pulumi.other.yml", "pulumi.low.yaml"])
    put(name);
  for (const name of ["Pulumi.web.json", "Pulumi.prod.yaml.orig", "notes.yaml"]) put(name);
  expect(stacksIn(folder)).toEqual(["Prod_2", "a.b", "prod", "test"]);
  expect(unreadStackFiles(folder).map(findingText)).toEqual([
    "Pulumi.other.yml: is not read; rename it to Pulumi.other.yaml, or remove it",
    "Pulumi.web.json: is not read; rename it to Pulumi.web.yaml, or remove it",
    "pulumi.low.yaml: is not read; rename it to Pulumi.low.yaml, or remove it",
  ]);
});

test("check reports all of them, whatever they are, and no stack trace", () => {
  mkdirSync(join(folder, "Pulumi.folder.yaml"));
  spawnSync("mkfifo", [join(folder, "Pulumi.pipe.yaml")]);
  put("Pulumi.other.yml");
  put("Pulumi.none.yaml");
  cpSync(join(ROOT, "Pulumi.test.yaml"), join(folder, "Pulumi.Test_2.yaml"));
  const { code, stdout, stderr } = labstead(["check"], folder);
  expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
  const errors = stdout.split("\n").filter((line) => /^ {2}error/.test(line));
  expect(errors).toEqual([
    `  error   the stack's name: "Test_2" is not a valid name; use 1 to 40 lower-case letters, digits and hyphens, starting with a letter [config.invalid]`,
    "  error   Pulumi.folder.yaml: is a folder; write a file in its place [config.invalid]",
    "  error   Pulumi.none.yaml: is empty; write config: and, indented below it, labstead:environment: [config.invalid]",
    "  error   Pulumi.pipe.yaml: is a pipe, socket or device; write a file in its place [config.invalid]",
    "  error   Pulumi.other.yml: is not read; rename it to Pulumi.other.yaml, or remove it [config.invalid]",
  ]);
});

test("a plan that cannot be written says why, and changes nothing", () => {
  put("out");
  const { code, stdout, stderr } = labstead(["plan", "test"], folder);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(
    /^out: cannot be a folder \(EEXIST: file already exists, mkdir '.*out'\); move it away, or/,
  );
  expect(readdirSync(folder).sort()).toEqual(["Pulumi.prod.yaml", "Pulumi.test.yaml", "Pulumi.yaml", "out"]);
});
