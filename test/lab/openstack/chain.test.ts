import { parseState } from "../../../cli/shared/stack-state";
import { slowestChain } from "./chain";
import type { Step } from "./steps";

const urn = (name: string): string => `urn:pulumi:lab::labstead::openstack:any::${name}`;

function state(needs: Readonly<Record<string, readonly string[]>>) {
  const resources = Object.entries(needs).map(([name, names]) => ({
    urn: urn(name),
    type: "openstack:any",
    dependencies: names.map(urn),
  }));
  return parseState(JSON.stringify({ version: 3, deployment: { resources } }));
}

function step(name: string, began: number, ended: number): Step {
  return { operation: "create", name, urn: urn(name), began, ended };
}

test("the chain of the resources that took longest, through what took no time", () => {
  const needs = {
    subnet: [],
    port: ["subnet"],
    output: ["port"],
    server: ["output"],
    volume: [],
    disk: ["volume", "server"],
  };
  const steps = [
    step("subnet", 0, 1),
    step("port", 1, 1.5),
    step("volume", 0, 4),
    step("server", 3, 5),
    step("disk", 5, 6),
  ];
  // Alone the volume takes longest; the server's chain is longer than the volume's.
  expect(slowestChain({ steps: steps.filter(({ name }) => name !== "subnet") }, state(needs))).toEqual({
    seconds: 5,
    links: ["volume 4.0 s", "disk 1.0 s"],
  });
  expect(slowestChain({ steps: [...steps, step("port", 0, 2)] }, state(needs))).toEqual({
    seconds: 6,
    links: ["subnet 1.0 s", "port 2.0 s", "server 2.0 s", "disk 1.0 s"],
  });
});
