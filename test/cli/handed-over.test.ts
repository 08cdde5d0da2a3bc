/** A destroy that would leave the objects of a handover in a cluster that stays. */
import { environments } from "../../catalog";
import { handedOverText } from "../../cli/shared/handed-over";
import { parseState, type StackState } from "../../cli/shared/stack-state";
import { stackFile } from "../../environment/stack-file";
import { lab } from "../../lab";

const planned = lab(environments.read(stackFile(process.cwd(), "test")));
const WAYS = { up: "labstead up test", leave: "pulumi destroy --stack test" };

/** As after an `up` of so many objects with `handover`, the others before it. */
function stateOf(handedOver: number): StackState {
  const resources = planned.deploy.objects.map(({ token, name, options }, index) => ({
    urn: `urn:pulumi:test::labstead::labstead:deploy:Chart$${token}::${name}`,
    type: token,
    custom: true,
    retainOnDelete: options.retainOnDelete || index < handedOver,
  }));
  return parseState(JSON.stringify({ version: 3, deployment: { resources } }));
}

test("objects that are resources as usual are no obstacle", () => {
  expect(handedOverText("test", stateOf(0), planned, WAYS)).toBeUndefined();
});

test("a handover that reached some objects: they are named, with both ways on", () => {
  const names = planned.deploy.objects
    .slice(0, 2)
    .map(({ name, token }) => `  ${name} (${token.split(":").at(-1) ?? ""})`);
  expect(handedOverText("test", stateOf(2), planned, WAYS)).toBe(
    [
      "test was handed over to apply sets, which do not have its objects yet: they would stay in the cluster, nothing was changed:",
      ...names.sort(),
      "to delete them too: set deploy: objects in Pulumi.test.yaml, run labstead up test, and then destroy",
      "to leave them there: pulumi destroy --stack test",
    ].join("\n"),
  );
});

test("of a whole handover, the first objects and the number of the others", () => {
  const { length } = planned.deploy.objects;
  const text = handedOverText("test", stateOf(length), planned, { up: "labstead rehearse test" });
  expect(text?.split("\n")).toHaveLength(13);
  expect(text).toContain(`  and ${length - 10} more\n`);
  expect(text).not.toContain("to leave them there");
});

test("settings of parts are named as they are written", () => {
  const deployment = { default: "objects", parts: { datalab: "handover", hub: "applySet" } } as const;
  const own = { ...planned, plan: { ...planned.plan, deployment } };
  expect(handedOverText("test", stateOf(1), own, { up: "labstead up test" })).toContain(
    "to delete them too: set deployParts.datalab: objects in Pulumi.test.yaml, run labstead up test, and then destroy",
  );
});
