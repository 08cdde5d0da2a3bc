import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import {
  checkOwnerOutputs,
  OwnerOutputsError,
  ownerOutputs,
  referenceName,
  type Demand,
  type OwnerContract,
} from "../../stack/owner-outputs";
import { recordRequests, settled, stateOf } from "../deploy/requests";

const shape = {
  kubeconfig: z.string().min(1),
  ingress: z.object({ host: z.string(), port: z.number().int() }),
};
const contract: OwnerContract<typeof shape> = {
  owner: "prod",
  stack: "organization/labstead/prod",
  version: 2,
  shape,
  upCommand: "labstead up prod",
};
const right = {
  contractVersion: 2,
  kubeconfig: "apiVersion: v1",
  ingress: { host: "a.example", port: 31443 },
};

function problems(
  values: Readonly<Record<string, unknown>>,
  demand?: Demand<typeof shape>,
): readonly string[] {
  try {
    checkOwnerOutputs(values, contract, demand);
    return [];
  } catch (error) {
    if (error instanceof OwnerOutputsError) return error.problems;
    throw error;
  }
}

/** A mocked engine whose stack reference gives these outputs; names among `secrets` are secret. */
async function withOutputs(
  outputs: Readonly<Record<string, unknown>>,
  secrets: readonly string[] = [],
): Promise<readonly string[]> {
  const names: string[] = [];
  await recordRequests(false, {
    newResource: ({ name, inputs }) => {
      names.push(name);
      return { id: name, state: stateOf(inputs, { outputs, secretOutputNames: secrets }) };
    },
    call: () => ({}),
  });
  return names;
}

afterEach(() => jest.restoreAllMocks());

describe("checkOwnerOutputs", () => {
  test("accepts what the contract says", () => {
    expect(problems(right)).toStrictEqual([]);
  });

  test("an owner that was never brought up", () => {
    expect(problems({ contractVersion: undefined, kubeconfig: undefined, ingress: undefined })).toStrictEqual(
      [
        "prod was never brought up: its stack organization/labstead/prod has no outputs; first run: labstead up prod",
      ],
    );
  });

  test("another contract version is said alone: the rest would only confuse", () => {
    const advice = "this program reads version 2; with the same version of Labstead run: labstead up prod";
    expect(problems({ ...right, contractVersion: 1, ingress: 5 })).toStrictEqual([
      `prod (stack organization/labstead/prod) has contract version 1, ${advice}`,
    ]);
    expect(problems({ ...right, contractVersion: undefined })).toStrictEqual([
      `prod (stack organization/labstead/prod) states no contract version, ${advice}`,
    ]);
  });

  test("missing, unreadable and wrong outputs together", () => {
    expect(problems({ ...right, kubeconfig: {}, ingress: { host: 5, port: 1.5 } })).toStrictEqual([
      'output "kubeconfig" of prod (stack organization/labstead/prod) is not readable: its secrets were encrypted with another passphrase or key; give this stack the one of prod',
      'output "ingress" of prod (stack organization/labstead/prod).host is not as expected: Invalid input: expected string, received number; run: labstead up prod',
      'output "ingress" of prod (stack organization/labstead/prod).port is not as expected: Invalid input: expected int, received number; run: labstead up prod',
    ]);
    expect(problems({ ...right, kubeconfig: undefined })).toStrictEqual([
      'output "kubeconfig" of prod (stack organization/labstead/prod) is missing; run: labstead up prod',
    ]);
  });

  test("what one reader asks besides, of outputs that have the right form alone", () => {
    const demand: Demand<typeof shape> = ({ ingress }) => (ingress.port === 443 ? [] : ["no 443"]);
    expect(problems(right, demand)).toStrictEqual(["no 443"]);
    expect(problems({ ...right, kubeconfig: undefined }, demand)).toHaveLength(1);
    expect(problems({ ...right, ingress: { host: "a.example", port: 443 } }, demand)).toStrictEqual([]);
  });

  test("an empty object that the contract allows is a value", () => {
    const open = { ...contract, shape: { labels: z.record(z.string(), z.string()) } };
    expect(() => checkOwnerOutputs({ contractVersion: 2, labels: {} }, open)).not.toThrow();
  });
});

describe("ownerOutputs", () => {
  test("gives each output typed, a secret only where the owner's is", async () => {
    const names = await withOutputs(right, ["kubeconfig"]);
    const outputs = await ownerOutputs(contract);
    const port: pulumi.Output<number> = outputs.ingress.apply((ingress) => ingress.port);
    expect(await settled(outputs.kubeconfig)).toStrictEqual({
      known: true,
      secret: true,
      value: "apiVersion: v1",
    });
    expect(await settled(port)).toStrictEqual({ known: true, secret: false, value: 31443 });
    expect(names).toStrictEqual(["prod (if unknown, first run: labstead up prod)"]);
  });

  test("ends the program with what to do", () => {
    const program = join(__dirname, "fixtures", "owner-never-up.ts");
    const { status, stderr } = spawnSync(process.execPath, ["--import", "tsx", program], {
      encoding: "utf8",
    });
    expect(stderr).toContain(
      "OwnerOutputsError: prod was never brought up: its stack organization/labstead/prod has no outputs; first run: labstead up prod",
    );
    expect(status).not.toBe(0);
  });

  test("the hint stands in the name, for the error that only the engine shows", () => {
    expect(referenceName(contract)).toBe("prod (if unknown, first run: labstead up prod)");
    expect(referenceName(contract)).not.toContain("::");
  });
});
