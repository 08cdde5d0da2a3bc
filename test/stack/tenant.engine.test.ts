/** A tenant's stack under the real engine while its owner has no state. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startCloud, type Cloud } from "../../rehearsal/cloud";
import { Engine } from "../../rehearsal/engine";
import { program } from "../../stack/program";
import { pulumiExecutable } from "../rehearsal/engine-lab";

const ROOT = resolve(__dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "labstead-tenant-"));
let cloud: Cloud;

beforeAll(async () => {
  for (const name of ["Pulumi.prod.yaml", "Pulumi.test.yaml"]) cpSync(join(ROOT, name), join(folder, name));
  cloud = await startCloud({ directory: join(folder, "cloud") });
});
afterAll(async () => {
  await cloud.stop();
  rmSync(folder, { recursive: true, force: true });
});

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
  expect(stdout).toContain("prod has no state here: what comes from it is unknown in this preview");
});
