/** An owner under the real engine and without any check of ours before it: `pulumi destroy` runs no program. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { startCloud, type Cloud } from "../../cli/rehearse/cloud";
import { Engine, type RunOptions } from "../../rehearsal/engine";
import { program } from "../../stack/program";
import { pulumiExecutable, Steps } from "../rehearsal/engine-lab";

const ROOT = resolve(__dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "labstead-guard-"));
let cloud: Cloud;
let prod: Engine;
let test_: Engine;

function open(stack: string): Promise<Engine> {
  return Engine.open({
    directory: join(folder, "engine"),
    pulumi: pulumiExecutable(),
    source: { project: "labstead", stack, stackFile: join(folder, `Pulumi.${stack}.yaml`) },
    program: () => program({ directory: folder, hasState: () => Promise.resolve(true) }),
    debugProviders: cloud.debugProviders,
    checkpoints: false,
  });
}

beforeAll(async () => {
  for (const name of ["Pulumi.prod.yaml", "Pulumi.test.yaml"]) cpSync(join(ROOT, name), join(folder, name));
  cloud = await startCloud({ directory: join(folder, "cloud") });
  prod = await open("prod");
  test_ = await open("test");
});
afterAll(async () => {
  await cloud.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly provider?: string;
  readonly dependencies?: readonly string[];
}

/** What stands in a stack's state; the engine encrypts again whenever it writes, and counts its runs. */
function state(stack: string): readonly Resource[] {
  const file = join(folder, "engine/state/.pulumi/stacks/labstead", `${stack}.json`);
  const text = readFileSync(file, "utf8").replaceAll(/"ciphertext": ?"[^"]+"/g, '"ciphertext":""');
  const { checkpoint } = JSON.parse(text) as {
    readonly checkpoint: { readonly latest?: { readonly resources?: readonly Resource[] } };
  };
  return checkpoint.latest?.resources ?? [];
}

/** Everything that exists in the built-in cloud. */
function world(): Readonly<Record<string, string>> {
  const files = readdirSync(join(folder, "cloud"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(files.map((file) => [file, readFileSync(file, "utf8")]));
}

/** What a failing run printed, and what it began. */
async function failing(
  operation: (run: RunOptions) => Promise<unknown>,
): Promise<{ readonly output: string; readonly steps: readonly string[] }> {
  const steps = new Steps();
  let output = "";
  const run = { onEvent: steps.onEvent, onOutput: (text: string) => (output += text) };
  await expect(operation(run)).rejects.toThrow();
  return { output: output.replaceAll(/\n\s+/g, "\n"), steps: steps.sorted };
}

const REFUSAL = `tenant test is still in cluster "prod/prod", so nothing was removed
found: namespace testlab (labstead.dev/environment: test)
first run: pulumi destroy -s test
then go on with prod; where no such stack is left: kubectl delete namespace testlab`;

test("an owner is protected by what depends on everything else; its tenant is not", async () => {
  await prod.up();
  await test_.up();
  const resources = state("prod");
  const [protection] = resources.filter(({ type }) => type === "labstead:index:TenantProtection");
  const kept = new Set(protection?.dependencies);
  const others = resources.filter((each) => each.custom && each !== protection);
  expect(others.length).toBeGreaterThan(100);
  // Default providers go after their resources in any case.
  const forgotten = others.filter(({ urn }) => !kept.has(urn) && !urn.includes("::default_"));
  expect(forgotten.map(({ urn }) => urn)).toEqual([]);
  expect(state("test").some(({ type }) => type.startsWith("labstead:index:TenantProtection"))).toBe(false);
  expect(Object.keys((await prod.preview()).changes)).toEqual(["same"]);
});

test("a destroy of the owner refuses before anything else, and changes nothing", async () => {
  await prod.unprotect();
  const before = { state: state("prod"), world: world() };
  const { output, steps } = await failing((run) => prod.destroy(run));
  expect(output).toContain(REFUSAL);
  expect(steps).toEqual(["tenants: delete"]);
  expect({ state: state("prod"), world: world() }).toEqual(before);
});

describe("a tenant that lives keeps what the owner gave it", () => {
  /** Runs with another stack file of the owner. */
  async function changed(from: RegExp, to: string, work: (engine: Engine) => Promise<void>): Promise<void> {
    const file = join(folder, "Pulumi.prod.yaml");
    const text = readFileSync(file, "utf8");
    expect(text).toMatch(from);
    writeFileSync(file, text.replace(from, to));
    await work(await open("prod"));
    writeFileSync(file, text);
    prod = await open("prod");
  }
  const urns = () =>
    state("prod")
      .map(({ urn }) => urn)
      .sort();

  test("where the owner lists another namespace: already in the preview", async () => {
    await changed(/namespaces: \[testlab\]/, "namespaces: [elsewhere]", async (engine) => {
      const before = urns();
      const expected = `tenant test is still in cluster "prod/prod" in what prod no longer lists for it, so this run stops before it removes anything
found: namespace testlab`;
      expect((await failing((run) => engine.preview(run))).output).toContain(expected);
      expect((await failing((run) => engine.up(run))).output).toContain(expected);
      expect(urns()).toEqual(before);
    });
  });

  test("where the owner lists no tenant at all", async () => {
    await changed(/ {4}tenants:\n( {6}.*\n)+/, "", async (engine) => {
      const before = urns();
      const { output, steps } = await failing((run) => engine.up(run));
      expect(output).toContain(REFUSAL);
      expect(steps.filter((step) => step.endsWith(": delete"))).toEqual(["tenants: delete"]);
      expect(urns()).toEqual(before);
    });
  });

  test("and the owner's file as it was puts all in order", async () => {
    await prod.up();
    expect(Object.keys((await prod.preview()).changes)).toEqual(["same"]);
  });
});

test("after its tenant, the owner goes", async () => {
  await test_.unprotect();
  await test_.destroy();
  await prod.unprotect();
  await prod.destroy();
  expect(state("prod")).toEqual([]);
});
