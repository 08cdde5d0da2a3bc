/** A tenant's stack under the real engine whose owner has no state, or nothing for it. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parse, stringify } from "yaml";
import { startCloud, type Cloud } from "../../cli/rehearse/cloud";
import { Engine } from "../../rehearsal/engine";
import { program } from "../../stack/program";
import { kubeconfig } from "../rehearsal/kubernetes/harness";
import { pulumiExecutable } from "../rehearsal/engine-lab";
import type { EngineRun } from "./engine-run";

const ROOT = resolve(__dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "labstead-tenant-"));
/** Of a cluster that somebody else made. */
const GIVEN = JSON.stringify({
  ...(JSON.parse(kubeconfig("https://given.example.org:6443")) as object),
  users: [{ name: "admin", user: { token: "token" } }],
});
let cloud: Cloud;

beforeAll(async () => {
  for (const stack of ["prod", "test"]) configure(stack, {});
  cloud = await startCloud({ directory: join(folder, "cloud") });
});
afterAll(async () => {
  await cloud.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Writes a stack's file with more values than its own. */
function configure(stack: string, values: Readonly<Record<string, string>>): void {
  const name = `Pulumi.${stack}.yaml`;
  const { config } = parse(readFileSync(join(ROOT, name), "utf8")) as { readonly config: object };
  writeFileSync(join(folder, name), stringify({ config: { ...config, ...values } }));
}

function open(stack: string, hasState: boolean): Promise<Engine> {
  return Engine.open({
    directory: join(folder, "engine"),
    pulumi: pulumiExecutable(),
    source: { project: "labstead", stack, stackFile: join(folder, `Pulumi.${stack}.yaml`) },
    program: () => program({ directory: folder, hasState: () => Promise.resolve(hasState) }),
    debugProviders: cloud.debugProviders,
    checkpoints: false,
  });
}

test("a preview works from the owner's file alone", async () => {
  const tenant = await open("test", false);
  const { changes, stdout } = await tenant.preview();
  expect(changes).toEqual({ create: expect.any(Number) as number });
  expect(changes["create"]).toBeGreaterThan(70);
  expect(stdout).toContain("prod has no state here: its outputs are unknown in this preview");
});

describe("an owner whose kubeconfig was given signs none for its tenants", () => {
  const REFUSAL = `prod has created no access to its cluster for test
if test is new among the tenants of prod: pulumi up -s prod
if prod was given its kubeconfig (labstead:kubeconfig), it signs none: test needs one of its own, created as in docs/real-cloud.md, "A cluster that exists already"; then: pulumi config set --secret labstead:kubeconfig -s test < kubeconfig`;

  beforeAll(async () => {
    configure("prod", { "labstead:kubeconfig": GIVEN });
    await (await open("prod", true)).up();
  });

  test.each(["preview", "up"] as const)("%s of a tenant without one ends at once, in words", (verb) => {
    const run: EngineRun = { folder, stack: "test", verb, debugProviders: cloud.debugProviders };
    const script = ["--import", "tsx", join(__dirname, "engine-run.ts"), JSON.stringify(run)];
    const { status, stdout } = spawnSync(process.execPath, script, { cwd: ROOT, encoding: "utf8" });
    expect(status).toBe(1);
    expect(stdout.replaceAll(/\n\s+/g, "\n")).toContain(REFUSAL);
    expect(stdout).not.toMatch(/^\s+at /m);
    expect(stdout).not.toContain("openstack:");
  });

  test("and one of its own brings the tenant up", async () => {
    configure("test", { "labstead:kubeconfig": GIVEN });
    const { changes } = await (await open("test", true)).up();
    expect(changes["create"]).toBeGreaterThan(70);
  });
});
