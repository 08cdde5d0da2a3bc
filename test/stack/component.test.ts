/** What the component refuses before anything is registered. */
import { RunError, runtime } from "@pulumi/pulumi";
import { defineTenant } from "../../environment/define";
import { stackFile } from "../../environment/stack-file";
import { Lab } from "../../stack/component";
import { claimStack } from "../../stack/one-lab";
import { ROOT } from "../cli/command";
import { readEnvironment } from "../environments";

/** What it throws. */
function refusal(make: () => Lab): unknown {
  try {
    make();
  } catch (error) {
    return error;
  }
  return undefined;
}

test("an environment that is wrong is one message that the engine shows without a stack trace", () => {
  const tenant = defineTenant({ domain: "lab", cluster: { kind: "shared", owner: "prod" } });
  const error = refusal(() => new Lab("test", tenant));
  expect(error).toBeInstanceOf(RunError);
  expect(error).toHaveProperty(
    "message",
    'environment test: 1 error, nothing was changed\n  domain: "lab" is not a host name; write it in full and in lower case, such as lab.example.org',
  );
});

test("so is one of a stack file that cannot be planned", () => {
  const { config, owner } = readEnvironment(stackFile(ROOT, "test"));
  if (owner === undefined) throw new Error("test is a tenant");
  const error = refusal(() => new Lab("test", { config: { ...config, name: "other" }, owner }));
  expect(error).toBeInstanceOf(RunError);
  expect(String(error)).toContain("environment other: ");
});

test("so is a second lab in the stack, whatever its environment", async () => {
  await runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) });
  await runtime.runInPulumiStack(() => {
    claimStack("prod");
    const error = refusal(() => new Lab("test", readEnvironment(stackFile(ROOT, "test"))));
    expect(error).toBeInstanceOf(RunError);
    expect(String(error)).toContain('Lab "test": this stack has the lab "prod" already');
    return Promise.resolve();
  });
});
