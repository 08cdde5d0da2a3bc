/** `labstead hubs` with a kubectl that says what it was asked; `test/lab/hub/people.lab.test.ts` runs what is sent to the hub. */
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
cat > /dev/null
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
const FOUND = '{"known": true, "stopped": 1, "tokens": 2, "claims": ["claim-ada"]}';

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
