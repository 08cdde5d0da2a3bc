/** What `labstead rehearse --preview` prints of the engine's events. */
import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation";
import { Steps } from "../../cli/rehearse/preview";
import { watch } from "../../cli/rehearse/progress";

const SERVER = "openstack:compute/instance:Instance";
const urn = (name: string): string => `urn:pulumi:prod::labstead::${SERVER}::${name}`;

type Given = Pick<StepEventMetadata, "op"> & {
  readonly name: string;
  readonly type?: string;
  readonly keys?: string[];
  readonly diffs?: string[];
  readonly detailed?: readonly string[];
  readonly inputs?: readonly [was: object, is: object];
};

function event({ name, type = SERVER, detailed = [], inputs, ...rest }: Given): EngineEvent {
  const [was, is] = inputs ?? [{}, {}];
  const detailedDiff = Object.fromEntries(
    detailed.map((path) => [path, { diffKind: "update", inputDiff: true }]),
  );
  const states = { old: { inputs: was }, new: { inputs: is } };
  const metadata = { urn: urn(name), type, provider: "", detailedDiff, ...states, ...rest };
  return JSON.parse(
    JSON.stringify({ sequence: 1, timestamp: 0, resourcePreEvent: { metadata } }),
  ) as EngineEvent;
}

function linesOf(...all: readonly Given[]): readonly string[] {
  const steps = new Steps();
  for (const each of all) steps.onEvent(event(each));
  return steps.lines("prod");
}

test("deletions and replacements come first, each with its reason; what stays is left out", () => {
  expect(
    linesOf(
      { op: "create", name: "server/c" },
      { op: "same", name: "server/d" },
      {
        op: "update",
        name: "server/b",
        detailed: ["flavorName"],
        inputs: [{ flavorName: "m" }, { flavorName: "l" }],
      },
      { op: "create-replacement", name: "server/e" },
      {
        op: "replace",
        name: "server/e",
        keys: ["metadata.generation"],
        inputs: [{ metadata: { generation: "1" } }, { metadata: { generation: "2" } }],
      },
      { op: "delete-replaced", name: "server/e" },
      { op: "replace", name: "attachment/e" },
      { op: "delete", name: "server/a" },
    ),
  ).toEqual([
    "prod: would delete 1",
    `  - server/a (${SERVER}): no longer configured`,
    "prod: would replace 2",
    `  +- attachment/e (${SERVER}): what it depends on is replaced`,
    `  +- server/e (${SERVER}): metadata.generation: 1 → 2`,
    "prod: would change 1",
    `  ~ server/b (${SERVER}): flavorName: m → l`,
    "prod: would make 1",
    `  + server/c (${SERVER})`,
  ]);
});

test("properties are named without values that are long, masked alike, or lists", () => {
  const long = "x".repeat(41);
  const [, line] = linesOf({
    op: "update",
    name: "s",
    detailed: ["text", "password", "list[0].cidr", "other"],
    inputs: [
      { text: long, password: "[secret]", list: [{ cidr: "10.0.0.0/8" }], other: {} },
      { text: `${long}y`, password: "[secret]", list: [{ cidr: "10.1.0.0/16" }], other: [] },
    ],
  });
  expect(line).toBe(`  ~ s (${SERVER}): text, password, list[0].cidr: 10.0.0.0/8 → 10.1.0.0/16, other`);
});

test("without exact paths the changed inputs are named", () => {
  expect(linesOf({ op: "update", name: "s", diffs: ["tags"] })).toContain(`  ~ s (${SERVER}): tags`);
});

test("many new resources are counted by type", () => {
  const many = Array.from({ length: 31 }, (_, index): Given => ({
    op: "create",
    name: `s${String(index)}`,
    type: index === 0 ? "a:b:C" : SERVER,
  }));
  expect(linesOf(...many)).toEqual(["prod: would make 31", "  + 1 a:b:C", `  + 30 ${SERVER}`]);
});

describe("messages of the engine", () => {
  const said = (verb: string, severity: string, ephemeral = false): readonly string[] => {
    const printed: string[] = [];
    const onEvent = watch("prod", verb, 1, (line) => printed.push(line));
    const diagnosticEvent = {
      urn: urn("changes"),
      message: "<{%reset%}>who leaves<{%reset%}>\n",
      severity,
      ephemeral,
      color: "",
    };
    onEvent({ sequence: 1, timestamp: 0, diagnosticEvent } as EngineEvent);
    return printed.slice(1);
  };

  test("a preview has the information lines too", () => {
    expect(said("preview", "info")).toEqual(["prod: info: changes: who leaves"]);
    expect(said("up", "info")).toEqual([]);
    expect(said("preview", "info", true)).toEqual([]);
  });

  test.each(["warning", "error"])("every run has a %s", (severity) => {
    for (const verb of ["preview", "up", "destroy"])
      expect(said(verb, severity)).toEqual([`prod: ${severity}: changes: who leaves`]);
  });
});
