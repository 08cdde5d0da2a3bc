/** `labstead rotate`: replaces one credential or secret of a stack. */
import { readFileSync } from "node:fs";
import { parseDocument } from "yaml";
import { environments } from "../../catalog";
import { assertNever } from "../../errors/assert-never";
import { nearest } from "../../environment/nearest";
import { rotations, type Rotation } from "../../environment/rotation";
import { ENVIRONMENT_KEY, stackFile } from "../../environment/stack-file";
import { lab } from "../../lab";
import { textTable } from "../../review/table";
import { runEngine } from "../engine/run";
import { pulumiOf } from "../shared/project-pulumi";
import { pulumiExecutable } from "../shared/pulumi-executable";
import { UserError } from "../shared/failure";
import { isLive, nameOf, type StackState } from "../shared/stack-state";
import { writeWhole } from "../shared/whole-file";
import { withValue } from "../shared/yaml-edit";

/** Types with the randomness of a secret: derived values follow. */
const SOURCES: readonly string[] = [
  "random:index/randomPassword:RandomPassword",
  "tls:index/privateKey:PrivateKey",
];

/** Lists what can be rotated if `what` is omitted. */
export async function runRotate(
  stack: string,
  what: string | undefined,
  rest: readonly string[],
): Promise<void> {
  const file = stackFile(process.cwd(), stack);
  const all = rotations(lab(environments.read(file)).plan);
  if (what === undefined) {
    console.log(rotationTable(stack, all));
    return;
  }
  const rotation = all.find((each) => each.what === what);
  if (rotation === undefined) throw new UserError(unknownText(stack, what, all));
  switch (rotation.kind) {
    case "credential":
      return rotateCredential(stack, file, rotation, rest);
    case "secret": {
      const state = await pulumiOf(pulumiExecutable(), stack).export();
      return runEngine("up", stack, ["--replace", sourceOf(state, stack, what), ...rest]);
    }
    case "refused":
      throw new UserError(`${what} of ${stack} is not rotated, nothing was changed: ${rotation.why}`);
    default:
      return assertNever(rotation);
  }
}

/** An `up` applies the new generation: if it is refused, the file is restored. */
async function rotateCredential(
  stack: string,
  file: string,
  { what, key }: Extract<Rotation, { kind: "credential" }>,
  rest: readonly string[],
): Promise<void> {
  const before = readFileSync(file, "utf8");
  const generation = String(nextGeneration(file, key));
  console.log(`${file}: ${what} is of generation ${generation} now`);
  try {
    await runEngine("up", stack, rest);
  } catch (error) {
    writeWhole({ path: file, text: before });
    console.error(`${file}: as it was`);
    throw error;
  }
  if (process.exitCode === 0) return;
  console.error(
    `${file} has generation ${generation}: go on with labstead up ${stack}, not with another rotate`,
  );
}

export function rotationTable(stack: string, all: readonly Rotation[]): string {
  const rows = all.map((each) => [each.what, each.kind === "refused" ? `no: ${each.why}` : each.does]);
  return textTable(`labstead rotate ${stack} …`, ["what", "what it does"], rows).trimEnd();
}

function unknownText(stack: string, what: string, all: readonly Rotation[]): string {
  const known = all.map((each) => each.what);
  const near = nearest(what, known);
  const fix = near === undefined ? `it has ${known.join(", ") || "none"}` : `did you mean ${near}?`;
  return `${stack} has no ${what} to rotate; ${fix}`;
}

/** Increments a credential's generation in the file; the rest of the file stays as it is. */
export function nextGeneration(file: string, key: string): number {
  const text = readFileSync(file, "utf8");
  const path = ["config", ENVIRONMENT_KEY, "applicationCredentials", key, "generation"];
  const before = parseDocument(text).getIn(path);
  const next = (typeof before === "number" ? before : 1) + 1;
  writeWhole({ path: file, text: withValue(text, path, next) });
  return next;
}

function sourceOf(state: StackState | undefined, stack: string, name: string): string {
  const found = state?.deployment.resources.find(
    (each) => SOURCES.includes(each.type) && nameOf(each) === name && isLive(each),
  );
  if (found !== undefined) return found.urn;
  throw new UserError(`${stack} has not made ${name} yet; first run: labstead up ${stack}`);
}
