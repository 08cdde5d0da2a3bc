/** One lab for each stack; a process that runs several programs may have one in each. */
import * as pulumi from "@pulumi/pulumi";
import { claimStack } from "../../stack/one-lab";

beforeAll(async () => {
  await pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) });
});

test("the second lab of a program is refused, with the name of the first", async () => {
  await pulumi.runtime.runInPulumiStack(() => {
    claimStack("prod");
    expect(() => claimStack("science")).toThrow(
      'Lab "science": this stack has the lab "prod" already, and a stack holds one: resources of both would have the ' +
        "same URNs; move one of them to a program with a stack of its own",
    );
    return Promise.resolve();
  });
});

test("the next program in the process has its own", async () => {
  for (const name of ["prod", "prod"]) {
    await pulumi.runtime.runInPulumiStack(() => {
      expect(() => claimStack(name)).not.toThrow();
      return Promise.resolve();
    });
  }
});
