/** The sealed files of every server of prod as resources, on the built-in cloud: no machine is there, and it says so. */
import { readEnvironment } from "../environments";
import { join, resolve } from "node:path";
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import type { EngineEvent } from "@pulumi/pulumi/automation";

import { ValueBindings } from "../../deploy/bindings";
import { MachineTrust } from "../../trust/machine-trust";
import { referenceKey, requiredReferences, type Reference } from "../../values";
import { lab } from "../../lab";
import { LabsteadProvider } from "../../provider/sdk";
import type { Engine } from "../../rehearsal/engine";
import { registerMachineFiles } from "../../stack/machines";
import { EngineLab } from "../rehearsal/engine-lab";

const { plan, machines } = lab(readEnvironment(resolve(__dirname, "../../Pulumi.prod.yaml")));
const SECRET = "a-secret-of-this-test";
/** Changed by the tests. */
let generation = "first";

const sealed = new Map(
  [...machines].map(([key, { files }]) => [key, files.filter(({ delivery }) => delivery.kind === "sealed")]),
);
const references = requiredReferences([...sealed.values()].flat().map(({ content }) => content));

function valueOf({ kind, name }: Reference): string {
  return kind === "secret"
    ? `${SECRET}-${name}-${name.startsWith("vrrp/") ? generation : ""}`
    : "198.51.100.7";
}

/** Servers as Nova would have made them. */
function server(key: string): {
  readonly id: pulumi.Output<string>;
  readonly address: pulumi.Output<string>;
} {
  return { id: pulumi.output(`id-of-${key}`), address: pulumi.output("192.168.3.9") };
}

async function program(): Promise<void> {
  await Promise.resolve();
  const values = references.map((each) => {
    const value = pulumi.output(valueOf(each));
    return [referenceKey(each), each.kind === "secret" ? pulumi.secret(value) : value] as const;
  });
  registerMachineFiles(plan, machines, {
    provider: new LabsteadProvider("labstead"),
    trust: new MachineTrust(
      plan.servers.map(({ key }) => key),
      plan.tenants.map(({ name }) => name),
    ),
    bindings: ValueBindings.from(new Map(values)),
    infra: {
      servers: new Map(plan.servers.map(({ key }) => [key, server(key)])),
      floatingIps: new Map([["server/bastion/0", pulumi.output("203.0.113.9")]]),
    },
  });
}

const engineLab = new EngineLab();
let engine: Engine;
beforeAll(async () => {
  await engineLab.cloud();
  engine = await engineLab.engine(program, { checkpoints: false });
});
afterAll(() => engineLab.close());

/** Steps of MachineFiles in their order: `begin gateways/0`, `end gateways/0`; and what changes. */
class Watch {
  readonly order: string[] = [];
  readonly changes: string[] = [];
  readonly said: string[] = [];

  readonly onEvent = ({ resourcePreEvent, resOutputsEvent, diagnosticEvent }: EngineEvent): void => {
    this.#note("begin", resourcePreEvent?.metadata.urn);
    this.#note("end", resOutputsEvent?.metadata.urn);
    const metadata = resourcePreEvent?.metadata;
    const entries = Object.keys(metadata?.detailedDiff ?? {});
    if (metadata !== undefined && metadata.op !== "same" && entries.length > 0)
      this.changes.push(`${nameOf(metadata.urn)}: ${entries.join(" ")}`);
    if (diagnosticEvent?.message.includes("no SSH here") === true)
      this.said.push(nameOf(diagnosticEvent.urn ?? ""));
  };

  #note(what: string, urn: string | undefined): void {
    if (urn?.includes(":MachineFiles::") === true) this.order.push(`${what} ${nameOf(urn)}`);
  }
}

function nameOf(urn: string): string {
  return (urn.split("::").at(-1) ?? "").replace("files/", "");
}

const keys = [...sealed].filter(([, files]) => files.length > 0).map(([key]) => key);

test("every server with sealed files has its resource, each of a lane after the one before; nothing is pushed, as the settings say", async () => {
  const watch = new Watch();
  await engine.up({ onEvent: watch.onEvent });
  expect(keys.length).toBeGreaterThan(4);
  expect(watch.said.sort()).toEqual([...keys].sort());
  for (const lane of plan.rolling.flatMap(({ lanes }) => lanes)) {
    const own = lane.filter((key) => keys.includes(key));
    own.slice(1).forEach((key, index) => {
      const before = watch.order.indexOf(`end ${own[index] ?? ""}`);
      expect(watch.order.indexOf(`begin ${key}`)).toBeGreaterThan(before);
    });
  }
});

test("the state holds no secret in plain text", () => {
  const state = readFileSync(join(engineLab.directory, "work/state/.pulumi/stacks/lab/test.json"), "utf8");
  for (const text of [SECRET, "PRIVATE KEY", Buffer.from(SECRET).toString("base64").slice(0, 20)])
    expect(state).not.toContain(text);
});

test("the next preview is empty", async () => {
  expect(Object.keys((await engine.preview()).changes)).toEqual(["same"]);
});

test("another password changes the files that hold it, entry by entry, and no other", async () => {
  generation = "second";
  const watch = new Watch();
  await engine.preview({ onEvent: watch.onEvent });
  const expected = [...sealed].flatMap(([key, files]) => {
    const paths = files
      .filter(({ content }) => content.includes("vrrp/"))
      .map(({ path }) => `files["${path}"]`);
    return paths.length === 0 ? [] : [`${key}: ${paths.join(" ")}`];
  });
  expect(expected.length).toBeGreaterThan(1);
  expect(watch.changes.sort()).toEqual(expected.sort());
});
