/** The guard under the real engine: what it stops, what gets past it, and how a stack gets it that was there before. */
import { join } from "node:path";

import { changed, environmentIn, GoldenLab, STACK, type Json } from "../golden/golden-lab";

const BASE = environmentIn(join(__dirname, "../golden/Pulumi.golden.yaml"));
const LARGE: Json = { "servers.workers.general.flavor": "large" };
const ALLOWED = {
  "changes.allow": [{ resource: "server/workers.general/*", change: "restart", to: "large" }],
};
const GUARD = `urn:pulumi:${STACK}::labstead::labstead:index:ChangeGuard::changes`;
const SERVER = `urn:pulumi:${STACK}::labstead::labstead:infra:Servers$openstack:compute/instance:Instance::server/workers.general/0`;

let lab: GoldenLab;
beforeAll(async () => {
  lab = await GoldenLab.open();
  await lab.up(BASE);
});
afterAll(() => lab.close());

/** Of what a run would do, what touches servers or the guard. */
const touched = (steps: readonly string[]) => steps.filter((step) => /^\S+ (server\/|changes)/.test(step));

test("stops a preview and an `up` before anything is touched", async () => {
  for (const seen of [await lab.preview(changed(BASE, LARGE)), await lab.up(changed(BASE, LARGE))]) {
    expect(seen.steps).toEqual([]);
    expect(seen.said.join("\n")).toContain(
      "servers.workers.general.flavor: medium → large restarts server/workers.general/0, server/workers.general/1\n",
    );
  }
});

test("judges among targets as it does without", async () => {
  const targets = [SERVER, GUARD];
  expect((await lab.preview(changed(BASE, LARGE), { targets })).steps).toEqual([]);
  const both = await lab.preview(changed(BASE, { ...LARGE, ...ALLOWED }), { targets });
  expect(touched(both.steps)).toEqual(["~ server/workers.general/0"]);
});

test("comes to a stack that had none without a complaint", async () => {
  const state = await lab.engine.export();
  const { resources, ...rest } = state.deployment as {
    readonly resources: readonly { readonly urn: string }[];
  };
  const without = resources.filter(({ urn }) => urn !== GUARD).map((each) => withoutDependency(each));
  await lab.engine.import({ ...state, deployment: { ...rest, resources: without } });
  const seen = await lab.preview(BASE);
  expect({ steps: touched(seen.steps), said: seen.said }).toEqual({ steps: ["+ changes"], said: [] });
  await lab.engine.import(state);
});

/** The protection of tenants depends on everything. */
function withoutDependency<T extends object>(resource: T): T {
  const dependencies: unknown = Reflect.get(resource, "dependencies");
  return Array.isArray(dependencies)
    ? { ...resource, dependencies: dependencies.filter((urn) => urn !== GUARD) }
    : resource;
}

test("lets pass what is allowed, once, and a refresh and a destroy in any case", async () => {
  const allowed = await lab.up(changed(BASE, { ...LARGE, ...ALLOWED }));
  expect(touched(allowed.steps)).toEqual(["~ server/workers.general/0", "~ server/workers.general/1"]);
  const back = await lab.preview(changed(BASE, ALLOWED));
  expect(back.said.join("\n")).toContain("large → medium restarts");
  await lab.engine.refresh();
  await lab.engine.unprotect();
  await lab.engine.destroy();
  expect((await lab.engine.export()).deployment).not.toHaveProperty("resources");
});
