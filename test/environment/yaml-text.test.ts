import { readStackFile } from "../environments";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findingText } from "../../environment/findings";
import { readProject } from "../../environment/project-file";

let folder = "";
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "labstead-yaml-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const WRONG = [
  [
    "an alias without an anchor",
    "config: *none\n",
    "is not YAML: Unresolved alias (the anchor must be set before the alias): none; correct it",
  ],
  [
    "a bracket that is not closed",
    "config: [\n",
    "is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ] at line 2, column 1:; correct it",
  ],
  [
    "an anchor that holds its own alias",
    "config: &all\n  tags: [*all]\n",
    "is not YAML: config.tags.0 is an alias of something that holds it; correct it",
  ],
] as const;

test.each(WRONG)("%s in a stack's file and in the project's is a finding", (_what, text, message) => {
  for (const [name, read] of [
    ["Pulumi.lab.yaml", () => readStackFile(join(folder, "Pulumi.lab.yaml"))],
    ["Pulumi.yaml", () => readProject(folder)],
  ] as const) {
    writeFileSync(join(folder, name), text);
    const result = read();
    expect(result.ok ? [] : result.findings.map(findingText)).toEqual([`${name}: ${message}`]);
  }
});
