/**
 * `labstead drift` as a user runs it, by the `pulumi` command on the built-in cloud's plugins: its state is real, and
 * neither OpenStack nor the API server is there. What it finds on a real one: `test/lab/drift.lab.test.ts`.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { DriftReport } from "../../review/drift/report";
import { setUp } from "../lab/host/undo";
import { OfficialProject } from "../lab/official/project";
import { ROOT } from "./command";

const STACK = "prod";

let project: OfficialProject;

setUp(async (undo) => {
  project = undo.use(await OfficialProject.open(STACK, join(ROOT, `Pulumi.${STACK}.yaml`)));
  mkdirSync(join(project.folder, "state"));
  project.settings({ backend: { url: `file://${join(project.folder, "state")}` } });
  project.skipCheckpoints();
  await project.startCloud();
});

test("a stack that was never brought up could not be looked at", async () => {
  expect(await project.labstead("drift", STACK)).toEqual({
    code: 3,
    output: `${STACK} could not be looked at: ${STACK} was never brought up here; first run: labstead up ${STACK}\n`,
  });
});

test("an unknown stack is an error of the files", async () => {
  const { code, output } = await project.labstead("drift", "nowhere");
  expect(code).toBe(1);
  expect(output).toContain("Pulumi.nowhere.yaml");
});

test("sides that cannot be reached are named with the reason, in both forms", async () => {
  await project.pulumi("stack", "init", STACK, "--secrets-provider", "passphrase");
  await project.succeed("up", STACK, "--", "--yes", "--skip-preview");
  const { code, output } = await project.labstead("drift", STACK);
  expect(code).toBe(3);
  expect(output).toMatch(/^prod: as declared, and not everything was looked at\n {2}compared: nothing\n/);
  expect(output).toMatch(/\n {2}OpenStack {3}the OS_ variables/);
  expect(output).toMatch(/\n {2}Kubernetes {2}\S/);
  const data = await project.labstead("drift", STACK, "--json");
  const report = JSON.parse(data.output) as DriftReport;
  expect(data.code).toBe(3);
  expect(report.unseen.map(({ what }) => what)).toEqual(["OpenStack", "Kubernetes"]);
  expect(report.lines).toEqual([]);
});
