/** Reads the outputs of another stack, the owner of a shared cluster. */
import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { Problem } from "../errors/problem";

/** The stack output under which an owner states the version of its contract. */
export const CONTRACT_VERSION_OUTPUT = "contractVersion";

/** Schemas of stack outputs, by their names. */
export type OutputShape = Readonly<Record<string, z.ZodType>>;

/** Outputs that are expected of an owner's stack. */
export interface OwnerContract<Shape extends OutputShape> {
  /** The owner's environment, `prod`. */
  readonly owner: string;
  /** Its stack as Pulumi names it, `organization/labstead/prod`. */
  readonly stack: string;
  /** The version of the contract that this program reads. */
  readonly version: number;
  /** The outputs that are needed, by name. */
  readonly shape: Shape;
  /** Command that brings the owner up, `labstead up prod`. */
  readonly upCommand: string;
}

/** Problems of valid outputs for one reader. */
export type Demand<Shape extends OutputShape> = (outputs: OwnerValues<Shape>) => readonly string[];

/** The owner's outputs as they are. */
export type OwnerValues<Shape extends OutputShape> = {
  readonly [Name in keyof Shape]: z.output<Shape[Name]>;
};

/** The owner's outputs, each of them a secret only where the owner's is. */
export type OwnerOutputs<Shape extends OutputShape> = {
  readonly [Name in keyof Shape]: pulumi.Output<z.output<Shape[Name]>>;
};

/** One output in plain text; the field that is present shows whether it is a secret. */
interface Details {
  readonly value?: unknown;
  readonly secretValue?: unknown;
}

/** All problems of an owner's outputs, with fixes. */
export class OwnerOutputsError extends Problem {
  constructor(readonly problems: readonly string[]) {
    super(problems.join("\n"));
    this.name = "OwnerOutputsError";
  }
}

/**
 * Reads and checks the outputs, and waits for the result: a program that registers nothing before creates nothing with
 * wrong outputs, and ends at once.
 * @param demand of this reader. @default none
 * @throws OwnerOutputsError with all problems
 */
export async function ownerOutputs<Shape extends OutputShape>(
  contract: OwnerContract<Shape>,
  demand: Demand<Shape> = () => [],
): Promise<OwnerOutputs<Shape>> {
  const reference = new pulumi.StackReference(referenceName(contract), { name: contract.stack });
  const names = Object.keys(contract.shape);
  const read = [CONTRACT_VERSION_OUTPUT, ...names].map(async (name) => {
    const details: Details = await reference.getOutputDetails(name);
    return [name, details.value ?? details.secretValue] as const;
  });
  checkOwnerOutputs(Object.fromEntries(await Promise.all(read)) as Record<string, unknown>, contract, demand);
  const typed = names.map((name) => [
    name,
    reference.getOutput(name).apply((given) => contract.shape[name]?.parse(given)),
  ]);
  return Object.fromEntries(typed) as OwnerOutputs<Shape>;
}

/**
 * The Pulumi name of the reference. An unknown stack is an error of the engine that no program can catch; it shows
 * this name, so the name contains the fix.
 */
export function referenceName({
  owner,
  upCommand,
}: Pick<OwnerContract<OutputShape>, "owner" | "upCommand">): string {
  return `${owner} (if unknown, first run: ${upCommand})`;
}

/** @throws OwnerOutputsError with all problems. */
export function checkOwnerOutputs<Shape extends OutputShape>(
  values: Readonly<Record<string, unknown>>,
  contract: OwnerContract<Shape>,
  demand: Demand<Shape> = () => [],
): void {
  const problems =
    versionProblem(values, contract) ??
    Object.entries(contract.shape).flatMap(([name, schema]) =>
      outputProblems(name, schema, values[name], contract),
    );
  if (problems.length > 0) throw new OwnerOutputsError(problems);
  const further = demand(parsed(values, contract));
  if (further.length > 0) throw new OwnerOutputsError(further);
}

function parsed<Shape extends OutputShape>(
  values: Readonly<Record<string, unknown>>,
  { shape }: OwnerContract<Shape>,
): OwnerValues<Shape> {
  const entries = Object.entries(shape).map(([name, schema]) => [name, schema.parse(values[name])]);
  return Object.fromEntries(entries) as OwnerValues<Shape>;
}

function versionProblem<Shape extends OutputShape>(
  values: Readonly<Record<string, unknown>>,
  { owner, stack, version, upCommand }: OwnerContract<Shape>,
): readonly string[] | undefined {
  const given = values[CONTRACT_VERSION_OUTPUT];
  if (given === version) return undefined;
  if (Object.values(values).every((value) => value === undefined)) {
    return [`${owner} was never brought up: its stack ${stack} has no outputs; first run: ${upCommand}`];
  }
  const stated =
    given === undefined ? "states no contract version" : `has contract version ${JSON.stringify(given)}`;
  return [
    `${owner} (stack ${stack}) ${stated}, this program reads version ${version}; with the same version of Labstead run: ${upCommand}`,
  ];
}

function outputProblems<Shape extends OutputShape>(
  name: string,
  schema: z.ZodType,
  value: unknown,
  { owner, stack, upCommand }: OwnerContract<Shape>,
): readonly string[] {
  const result = schema.safeParse(value);
  if (result.success) return [];
  const where = `output "${name}" of ${owner} (stack ${stack})`;
  if (value === undefined) return [`${where} is missing; run: ${upCommand}`];
  if (isEmptyObject(value)) {
    return [
      `${where} is not readable: its secrets were encrypted with another passphrase or key; give this stack the one of ${owner}`,
    ];
  }
  return result.error.issues.map(
    ({ path, message }) =>
      `${[where, ...path.map(String)].join(".")} is not as expected: ${message}; run: ${upCommand}`,
  );
}

/** Pulumi's value of a secret that it cannot decrypt. */
function isEmptyObject(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length === 0
  );
}
