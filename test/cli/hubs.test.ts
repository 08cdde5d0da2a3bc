/** `labstead hubs` with a kubectl that says what it was asked; `test/lab/hub/people.lab.test.ts` runs what is sent to the hub. */
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { ofKind, type Manifest } from "../apps/manifests";
import { hubManifests, hubPlan, NATIVE } from "../apps/hub/hubs";
import { changed, type Json } from "../environment/configs";
import { labstead, ROOT, type CommandResult } from "./command";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "labstead-hubs-"));
  cpSync(join(ROOT, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
  cpSync(join(ROOT, "examples/jupyterhub.yaml"), join(folder, "Pulumi.prod.yaml"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** @param answers what kubectl prints, by a word of its arguments; without one it fails */
function run(args: readonly string[], answers: Readonly<Record<string, string>>): CommandResult {
  const cases = Object.entries(answers).map(([word, text]) => `*" ${word} "*) echo '${text}';;`);
  const program = `#!/bin/sh
cat >> ${join(folder, "given")}
echo >> ${join(folder, "given")}
echo "$*" >> ${join(folder, "asked")}
case " $* " in ${cases.join(" ")} *) echo 'Error from server: deployments.apps "hub" not found' >&2; exit 1;; esac
`;
  const file = join(folder, "kubectl");
  writeFileSync(file, program);
  chmodSync(file, 0o755);
  return labstead(["hubs", ...args], folder, { PATH: `${folder}:${process.env["PATH"] ?? ""}` });
}

const asked = (): readonly string[] => readFileSync(join(folder, "asked"), "utf8").trim().split("\n");

const IN_HUB = "exec --stdin deployment/hub --container=hub -- python3 -";
const FOUND = '{"known": true, "stopped": 1, "tokens": 2, "folder": "ada", "claims": ["claim-ada"]}';

test("who leaves keeps the home, unless told otherwise", () => {
  const answers = { leave: FOUND, forget: '{"deleted": true}', delete: "" };
  expect(run(["leave", "prod", "physics", "ada"], answers)).toEqual({
    code: 0,
    stderr: "",
    stdout: `ada has left physics: 1 servers stopped, the person deleted with 2 tokens and all sessions
the home stays: physics/claim-ada; somebody else who gets this name later would find it
take ada off apps.hub.hubs.physics.admins
`,
  });
  expect(asked()).toEqual([
    `--namespace physics ${IN_HUB} /physics/ leave ada`,
    `--namespace physics ${IN_HUB} /physics/ forget ada`,
  ]);
});

test("the home is deleted before the person, so that a run that fails can be repeated", () => {
  const args = ["leave", "prod", "physics", "ada", "--home", "delete"];
  expect(run(args, { leave: FOUND }).code).toBe(1);
  expect(asked()[1]).toBe(
    "--namespace physics delete --ignore-not-found --wait=false persistentvolumeclaim/claim-ada",
  );
  expect(asked()).toHaveLength(2);
  const { stdout } = run(args, { leave: FOUND, delete: "", forget: '{"deleted": true}' });
  expect(stdout).toContain("deleted the home: physics/claim-ada\n");
});

const WITH_STORE = {
  "apps.hub.backups": { endpoint: "https://objects.example.org", bucket: "prod-hub-backups" },
};

/** As `up` has made it, by the chart. */
function cronJob(): Manifest | undefined {
  const plan = hubPlan(NATIVE, WITH_STORE);
  return ofKind(hubManifests(plan), "CronJob").find(({ metadata }) => metadata.name === "homes-export");
}

function configureStore(): void {
  const file = join(folder, "Pulumi.prod.yaml");
  const { config } = parse(readFileSync(file, "utf8")) as { config: Json };
  const environment = changed(config["labstead:environment"] as Json, WITH_STORE);
  writeFileSync(file, stringify({ config: { ...config, "labstead:environment": environment } }));
}

test("a copy of the home is stored before the home is deleted", () => {
  configureStore();
  const args = ["leave", "prod", "physics", "ada", "--export", "--home", "delete"];
  const answers = {
    leave: FOUND,
    cronjob: JSON.stringify(cronJob()),
    create: "job.batch/homes-export-x2x4z",
    get: '{"status": {"conditions": [{"type": "Complete", "status": "True"}]}}',
    logs: "stored prod/physics/files/left/claim-ada/2026-12-01T02-17-00Z.tar.gz, 420 bytes",
    delete: "",
    forget: '{"deleted": true}',
  };
  const { code, stdout, stderr } = run(args, answers);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout.split("\n").slice(1, 3)).toEqual([answers.logs, "deleted the home: physics/claim-ada"]);
  expect(asked().map((line) => line.replace("--namespace physics ", ""))).toEqual([
    `${IN_HUB} /physics/ leave ada`,
    "get cronjob homes-export --output=json",
    "create --filename=- --output=name",
    "get job.batch/homes-export-x2x4z --output=json",
    "logs job.batch/homes-export-x2x4z",
    "delete job.batch/homes-export-x2x4z",
    "delete --ignore-not-found --wait=false persistentvolumeclaim/claim-ada",
    `${IN_HUB} /physics/ forget ada`,
  ]);
  const job = JSON.parse(
    readFileSync(join(folder, "given"), "utf8")
      .split("\n")
      .find((line) => line.includes('"Job"')) ?? "",
  ) as Manifest;
  expect(JSON.stringify(job)).toContain('{"claimName":"claim-ada","readOnly":true}');
  expect(JSON.stringify(job)).toContain('{"name":"EXPORT_NAME","value":"claim-ada"}');
});

test("an export that fails deletes neither home nor person", () => {
  configureStore();
  const failed = run(["leave", "prod", "physics", "ada", "--export", "--home", "delete"], {
    leave: FOUND,
    cronjob: JSON.stringify(cronJob()),
    create: "job.batch/homes-export-x2x4z",
    get: '{"status": {"conditions": [{"type": "Failed", "status": "True"}]}}',
    logs: "https://objects.example.org does not answer",
  });
  expect(failed).toMatchObject({
    code: 1,
    stderr:
      "job.batch/homes-export-x2x4z in physics failed, and the home stays as it is: https://objects.example.org does not answer\n",
  });
  expect(asked().filter((line) => / (delete|forget) /.test(line))).toEqual([]);
});

test("without an object store nothing is exported", () => {
  expect(run(["leave", "prod", "physics", "ada", "--export"], { leave: FOUND })).toMatchObject({
    code: 1,
    stderr: "there is no object store to export to; write apps.hub.backups, and run up\n",
  });
});

test("a second run has nothing to do", () => {
  expect(run(["leave", "prod", "physics", "ada"], { leave: '{"known": false}' })).toMatchObject({
    code: 0,
    stdout: "physics knows nobody called ada; nothing to do\n",
  });
  expect(run(["rename", "prod", "statistics", "ada", "eve"], { rename: '{"renamed": false}' })).toMatchObject(
    {
      stdout: "ada is already called eve; nothing to do\n",
    },
  );
});

test("who is renamed keeps the volumes, where nothing else goes by the name", () => {
  expect(
    run(["rename", "prod", "statistics", "ada", "eve"], { rename: '{"renamed": true, "stopped": 0}' }),
  ).toMatchObject({
    code: 0,
    stdout: `ada is called eve in statistics; volumes keep their names, and are found at the next start
write eve wherever ada is listed: by the platform or provider, and under apps.hub.hubs.statistics
`,
  });
  expect(run(["rename", "prod", "physics", "ada", "eve"], {})).toMatchObject({
    code: 1,
    stderr:
      "physics keeps passwords by name, so whoever signed up as eve first would have the home; let the person leave with --home keep, or change signIn\n",
  });
});

test.each([
  [["leave", "prod", "chemistry", "ada"], "prod has no hub chemistry; it has: physics, statistics"],
  [["leave", "prod", "physics", "ada", "--home", "burn"], "--home burn is no choice; write keep or delete"],
  [["leave", "prod", "physics", "ada"], 'Error from server: deployments.apps "hub" not found'],
])("%j: %s", (args, message) => {
  expect(run(args, {})).toEqual({ code: 1, stdout: "", stderr: `${message}\n` });
});
