/** What goes wrong, as a user of the real engine sees it on the built-in cloud. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import * as openstack from "@pulumi/openstack";
import { Config, CustomResource } from "@pulumi/pulumi";

import type { Engine } from "../../rehearsal/engine";
import { VOLUME } from "../../openstack-api/resources/tokens";
import { EngineLab, Steps } from "./engine-lab";

/** The engine takes about a second for each operation, several on a busy machine. */
let lab: EngineLab;
beforeEach(() => {
  lab = new EngineLab();
});
afterEach(() => lab.close());

async function volumes() {
  const provider = new openstack.Provider("cloud", {});
  for (const name of ["a", "b", "c"])
    new openstack.blockstorage.Volume(name, { size: 1, name }, { provider });
}

/** How often the cloud's journal says that a volume of this name was made. */
function madeVolumes(name: string): number {
  const lines = readFileSync(join(lab.directory, "cloud", "openstack.jsonl"), "utf8")
    .trim()
    .split("\n");
  const records = lines.map(
    (line) => JSON.parse(line) as { key: string; value?: { outputs: { name?: string } } },
  );
  return new Set(
    records
      .filter(({ key, value }) => key.startsWith(VOLUME) && value?.outputs.name === name)
      .map(({ key }) => key),
  ).size;
}

async function failing(engine: Engine): Promise<string> {
  let shown = "";
  const failed = await engine.up({ onOutput: (text) => (shown += text) }).then(
    () => false,
    () => true,
  );
  expect(failed).toBe(true);
  return shown;
}

test("a resource that fails is made by the next up, and nothing twice", async () => {
  await lab.cloud({ faults: [{ type: VOLUME, name: "b", message: "500 no space left in the pool" }] });
  expect(await failing(await lab.engine(volumes))).toContain("500 no space left in the pool");
  expect((await (await lab.engine(volumes)).up()).changes).toMatchObject({ create: 1, same: 4 });
  expect(["a", "b", "c"].map(madeVolumes)).toEqual([1, 1, 1]);
});

test("a resource that fails half-way is completed by the next up, not made again", async () => {
  await lab.cloud({
    faults: [
      { type: VOLUME, name: "b", when: "halfway", message: "error waiting for volume to become available" },
    ],
  });
  expect(await failing(await lab.engine(volumes))).toContain("error waiting for volume to become available");
  const steps = new Steps();
  await (await lab.engine(volumes)).up({ onEvent: steps.onEvent });
  expect(steps.sorted).toEqual(["b: update"]);
  expect(["a", "b", "c"].map(madeVolumes)).toEqual([1, 1, 1]);
});

test("a resource whose answer was lost is made twice, as by the official plugin", async () => {
  await lab.cloud({ faults: [{ type: VOLUME, name: "b", when: "lost", message: "connection reset" }] });
  expect(await failing(await lab.engine(volumes))).toContain("connection reset");
  await (await lab.engine(volumes)).up();
  expect(["a", "b", "c"].map(madeVolumes)).toEqual([1, 2, 1]);
});

test("two providers of the package with different configurations are distinguished", async () => {
  await lab.cloud();
  let chosen = "octavia";
  const program = async () => {
    const providers = {
      octavia: new openstack.Provider("octavia", { useOctavia: true }),
      neutron: new openstack.Provider("neutron", { useOctavia: false }),
    };
    const network = new openstack.networking.Network("net", {}, { provider: providers.neutron });
    const own = { networkId: network.id, cidr: "10.0.0.0/24" };
    const subnet = new openstack.networking.Subnet("subnet", own, { provider: providers.octavia });
    const provider = chosen === "octavia" ? providers.octavia : providers.neutron;
    new openstack.loadbalancer.LoadBalancer("balancer", { vipSubnetId: subnet.id }, { provider });
  };
  const engine = await lab.engine(program);
  expect((await engine.preview()).changes).toEqual({ create: 6 });
  chosen = "neutron";
  let shown = "";
  await expect(engine.preview({ onOutput: (text) => (shown += text) })).rejects.toThrow();
  expect(shown).toContain("load balancers need a provider with useOctavia: true");
});

/** A resource with inputs that the SDK's types would not let through. */
class Untyped extends CustomResource {}

test("an input that the plugin does not know fails the preview, with the nearest one that it knows", async () => {
  await lab.cloud();
  const program = async () => {
    new Untyped(
      "openstack:networking/port:Port",
      "port",
      { fixdIps: [] },
      { provider: new openstack.Provider("cloud", {}) },
    );
  };
  let shown = "";
  const engine = await lab.engine(program);
  await expect(engine.preview({ onOutput: (text) => (shown += text) })).rejects.toThrow();
  expect(shown).toContain('openstack:networking/port:Port has no input "fixdIps"; did you mean "fixedIps"?');
  expect(shown).toContain('missing required property "networkId" of openstack:networking/port:Port');
});

test("a property that replaces deletes first where the name is the program's own", async () => {
  await lab.cloud();
  let type = "hdd";
  const program = async () => {
    new openstack.blockstorage.Volume(
      "named",
      { size: 1, name: "n", volumeType: type },
      { provider: new openstack.Provider("cloud", {}) },
    );
  };
  const engine = await lab.engine(program);
  await engine.up();
  type = "ssd";
  const order: string[] = [];
  await engine.up({
    onEvent: ({ resourcePreEvent }) => {
      if (resourcePreEvent !== undefined) order.push(resourcePreEvent.metadata.op);
    },
  });
  expect(order.filter((op) => op !== "same")).toEqual(["delete-replaced", "replace", "create-replacement"]);
});

test("the user's stack file stays as it is, and what it encrypts is a placeholder", async () => {
  await lab.cloud();
  const stackFile = join(lab.directory, "Pulumi.test.yaml");
  const text =
    "encryptionsalt: v1:foreign:v1:salt\nconfig:\n  lab:name: ada\n  lab:token:\n    secure: v1:abc:def\n  lab:environment:\n    user: grace\n    password:\n      secure: v1:ghi:jkl\n";
  writeFileSync(stackFile, text);
  const program = async () => {
    const config = new Config("lab");
    return {
      name: config.require("name"),
      token: config.require("token"),
      environment: config.requireObject<Record<string, string>>("environment"),
    };
  };
  const engine = await lab.engine(program, { source: { project: "lab", stack: "test", stackFile } });
  await engine.up();
  const outputs = await engine.outputs();
  expect(outputs["name"]?.value).toBe("ada");
  expect(outputs["token"]?.value).toMatch(/^placeholder-[0-9a-f]{12}$/);
  expect(outputs["environment"]?.value).toEqual({
    user: "grace",
    password: expect.stringMatching(/^placeholder-[0-9a-f]{12}$/) as string,
  });
  expect(readFileSync(stackFile, "utf8")).toBe(text);
});

test("an aborted run ends what it has begun and can be taken up again", async () => {
  await lab.cloud({ latencyMilliseconds: 400 });
  const program = async () => {
    const provider = new openstack.Provider("cloud", {});
    let before: openstack.blockstorage.Volume | undefined;
    for (const name of ["a", "b", "c", "d"]) {
      before = new openstack.blockstorage.Volume(
        name,
        { size: 1 },
        { provider, ...(before === undefined ? {} : { dependsOn: [before] }) },
      );
    }
  };
  const controller = new AbortController();
  const engine = await lab.engine(program);
  const running = engine.up({
    signal: controller.signal,
    onEvent: ({ resOutputsEvent }) => {
      if (resOutputsEvent?.metadata.type === VOLUME) controller.abort();
    },
  });
  await expect(running).rejects.toThrow();
  await lab.cloud();
  const { changes } = await (await lab.engine(program)).up();
  expect((changes["create"] ?? 0) + (changes["same"] ?? 0)).toBe(6);
  expect(changes["create"]).toBeGreaterThan(0);
  expect(changes["same"]).toBeGreaterThan(1);
});
