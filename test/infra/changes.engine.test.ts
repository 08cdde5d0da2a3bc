/**
 * What the real engine makes of a change to a living environment. Mocks cannot show: which replacement drags others
 * with it is decided by the engine, out of options and references. On the built-in cloud.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { EnvironmentPlan } from "../../environment/plan/types";
import { describe as describeInfra } from "../../infra/describe";
import { register } from "../../infra/register";
import { startCloud, type Cloud } from "../../cli/rehearse/cloud";
import { Engine } from "../../rehearsal/engine";
import { smallPlan } from "./plans";

const ROOT = join(__dirname, "..", "..");
const NEW_KEY =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEOTHERkeyOTHERkeyOTHERkeyOTHERkeyOTHERkeyOT b@example.org";
const SMALL = smallPlan();
const COUNT = describeInfra(SMALL).length;

let directory: string;
let cloud: Cloud;
let engine: Engine;
let plan: EnvironmentPlan = SMALL;
let userData = "#cloud-config\n";

/** The pinned one, else the first on PATH. */
function pulumiPath(): string {
  const folders = [join(ROOT, ".tools", "bin"), ...(process.env["PATH"] ?? "").split(delimiter)];
  const found = folders.map((folder) => join(folder, "pulumi")).find((path) => existsSync(path));
  if (found === undefined) throw new Error("no pulumi in .tools/bin or on PATH; `make up` installs it");
  return found;
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "labstead-infra-"));
  cloud = await startCloud({ directory: join(directory, "cloud") });
  engine = await Engine.open({
    directory: join(directory, "work"),
    pulumi: pulumiPath(),
    source: { project: "labstead", stack: "dev" },
    program: async () => {
      const described = describeInfra(plan, { userData: () => userData });
      return Promise.resolve({ floatingIps: Object.fromEntries(register(plan, described).floatingIps) });
    },
    debugProviders: cloud.debugProviders,
    checkpoints: false,
  });
  await engine.up();
});

afterAll(async () => {
  await cloud.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** Changes of OpenStack resources that a preview of the changed environment foretells: `replace server/bastion/0`. */
async function preview(
  changed: EnvironmentPlan,
  changedUserData = "#cloud-config\n",
): Promise<readonly string[]> {
  plan = changed;
  userData = changedUserData;
  const steps: string[] = [];
  await engine.preview({
    onEvent: ({ resourcePreEvent: event }) => {
      if (event === undefined || !event.metadata.type.startsWith("openstack:")) return;
      const { op, urn } = event.metadata;
      if (["create", "update", "delete", "replace"].includes(op))
        steps.push(`${op} ${urn.split("::").slice(3).join("::")}`);
    },
  });
  return steps.sort();
}

const workersReplaced = (slots: readonly number[]) =>
  slots
    .flatMap((slot) => [
      `server/workers.general/${slot}`,
      `attachment/workers.general/${slot}/data`,
      `attachment/workers.general/${slot}/scratch`,
    ])
    .map((key) => `replace ${key}`)
    .sort();

describe("a living environment", () => {
  it("shows no change when nothing changed", async () => {
    expect(await preview(smallPlan())).toEqual([]);
    expect((await engine.preview()).changes["same"]).toBeGreaterThan(COUNT);
  });

  it("keeps its servers when image, user data, boot disk or key pair change", async () => {
    expect(await preview(smallPlan({ image: "debian-13" }), "#cloud-config\nhostname: x\n")).toEqual([]);
    expect(await preview(smallPlan({ bootVolume: { size: "40Gi" } }))).toEqual([]);
    const keyPair = { kind: "managed", name: SMALL.keyPair.name, publicKey: NEW_KEY } as const;
    expect(await preview({ ...SMALL, keyPair })).toEqual(["replace key-pair"]);
  });

  it("keeps the members when a server group is recreated", async () => {
    expect(await preview(smallPlan({ antiAffinity: "hard" }))).toEqual([
      "replace server-group/workers.general",
    ]);
  });

  it("replaces a pool's servers, and their volumes' attachments only, when its generation counts up", async () => {
    expect(await preview(smallPlan({ generation: 2 }))).toEqual(workersReplaced([0, 1]));
  });

  it("makes a new worker without touching another", async () => {
    const steps = await preview(smallPlan({ min: 3 }));
    expect(steps).toHaveLength(6);
    expect(steps.filter((step) => !/^create .*\/workers\.general\/2(\/|$)/.test(step))).toEqual([]);
  });

  it("replaces a rule whose reason changed, and that rule only", async () => {
    const [base, ...others] = SMALL.securityGroups;
    const [rule, ...rules] = base!.rules;
    const changed = { ...base!, rules: [{ ...rule!, reason: "another reason" }, ...rules] };
    expect(await preview({ ...SMALL, securityGroups: [changed, ...others] })).toEqual([
      `replace rule/base/${rule!.key}`,
    ]);
  });

  it("resizes servers and grows volumes in place", async () => {
    const volumes = {
      data: { size: "200Gi", use: { kind: "filesystem", mountPoint: "/data" } },
      scratch: { size: "8Gi", protect: false, use: { kind: "filesystem", mountPoint: "/scratch" } },
    };
    expect(await preview(smallPlan({ volumes, flavor: "huge" }))).toEqual([
      "update server/workers.general/0",
      "update server/workers.general/1",
      "update volume/workers.general/0/data",
      "update volume/workers.general/1/data",
    ]);
  });
});
