/**
 * Recovers a stack after its engine was killed: removes the stale lock, and determines the results of the started
 * operations. Without it the next `up` would create existing resources a second time.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { reasonOf, UserError } from "../shared/failure";
import { type Commands, heldText } from "../shared/interruption";
import { type Decisions, judge, type Verdict } from "./judge";
import { holder, isStale, type Lock, locksIn } from "../shared/locks";
import { type Pulumi, PulumiFailure } from "../shared/pulumi";
import type { Finder } from "./lookup";
import { writeWhole } from "../shared/whole-file";
import { nameOf, type StackState, unread } from "../shared/stack-state";
import { withTaken } from "./take-over";

export interface Recovery {
  readonly pulumi: Pulumi;
  readonly finder: Finder;
  readonly decisions: Decisions;
  /** Folder for a copy of the state before a change. */
  readonly backups: string;
  readonly commands: Commands;
  readonly print: (line: string) => void;
}

/** @throws UserError when another run holds the stack, or when the user has to decide; nothing is changed then */
export async function recover(recovery: Recovery): Promise<void> {
  const { pulumi, print } = recovery;
  await releaseLocks(recovery, await pulumi.locks());
  const state = await stateOf(recovery);
  const verdicts = await judgeAll(recovery, state);
  const again = unread(state).map(({ urn }) => urn);
  if (verdicts.length === 0 && again.length === 0) {
    print(`${pulumi.stack}: no operation is open`);
    return;
  }
  print(`${pulumi.stack}: the state as it was: ${backUp(recovery, state)}`);
  await unlocked(recovery, () => settle(recovery, state, verdicts, again));
}

/** @throws UserError when there is none, or it cannot be read */
async function stateOf({ pulumi, commands }: Recovery): Promise<StackState> {
  try {
    const state = await pulumi.export();
    if (state !== undefined) return state;
  } catch (error) {
    if (error instanceof PulumiFailure && error.isUnreadable)
      throw new UserError(await unreadableText(pulumi, error.message, commands));
    throw asUserError(error);
  }
  throw new UserError(`there is no stack ${pulumi.stack}: nothing to recover`);
}

/**
 * A truncated state cannot be repaired; its predecessor is complete, and has the operations that were started after it.
 */
async function unreadableText(
  pulumi: Pulumi,
  message: string,
  { recover: again }: Commands,
): Promise<string> {
  const files = await pulumi.files();
  const where = files === undefined ? "the state" : files.file;
  const problem = `${pulumi.stack}: ${where} is not whole, nothing was changed (${message.replace(/^error: /, "")})`;
  if (files?.before !== undefined)
    return `${problem}\nput back the one before it, then see what was made since: cp ${files.before} ${files.file} && ${again}`;
  const away = files === undefined ? "" : `mv ${files.file} ${files.file}.torn && `;
  return `${problem}\nput back a copy that labstead state backup made: ${away}labstead state restore ${pulumi.stack} <copy>`;
}

async function judgeAll(recovery: Recovery, state: StackState): Promise<readonly Verdict[]> {
  const { pulumi, finder, decisions, commands } = recovery;
  const verdicts: Verdict[] = [];
  for (const operation of state.deployment.pending_operations)
    verdicts.push(await judge(operation, state, finder, decisions));
  const doubtful = verdicts.flatMap((each) => (each.kind === "doubtful" ? [each] : []));
  if (doubtful.length === 0) return verdicts;
  throw new UserError(
    [
      `${pulumi.stack}: what was being made needs your decision, the state was not changed`,
      ...doubtful.map(({ operation, why }) => `  ${nameOf(operation.resource)}: ${why}`),
      `look at them, then run: ${commands.recover} with, for each,`,
      `  --take <name>=<id>   it is this one; another one in the state is then deleted by the next up`,
      `  --drop <name>        it is none of them; delete by hand what is not needed`,
    ].join("\n"),
  );
}

/** One import, then one refresh of everything uncertain. */
async function settle(
  { pulumi, print, commands }: Recovery,
  state: StackState,
  verdicts: readonly Verdict[],
  again: readonly string[],
): Promise<void> {
  const takes = verdicts.flatMap((each) => (each.kind === "take" ? [each.take] : []));
  const reads = verdicts.flatMap((each) => (each.kind === "read" ? [each.operation.resource.urn] : []));
  const { stack } = pulumi;
  if (verdicts.length > 0)
    await explaining(
      `${stack}: the state was not changed, it cannot be written; fix that, then run the same again`,
      () => pulumi.import(withTaken(state, takes)),
    );
  const urns = new Set([...takes.map(({ operation }) => operation.resource.urn), ...reads, ...again]);
  if (urns.size > 0)
    await explaining(
      `${stack}: what was taken over cannot be read from the cloud yet; fix that, then run again: ${commands.recover}`,
      () => pulumi.refresh([...urns]),
    );
  const lost = takes.flatMap(({ lost: isLost, operation }) => (isLost ? [operation.resource.urn] : []));
  if (lost.length > 0)
    await explaining(
      `${stack}: what lost its secret cannot be removed yet; fix that, then run again: ${commands.recover}`,
      () => pulumi.remove(lost),
    );
  const after = urns.size > 0 ? await pulumi.export() : state;
  for (const verdict of verdicts) print(`  ${outcome(verdict, after ?? state)}`);
}

/** @throws UserError with the sentence and the engine's message, except about a lock */
async function explaining(sentence: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof PulumiFailure) || locksIn(error.message).length > 0) throw error;
    throw new UserError(`${sentence}\n${error.message}`);
  }
}

function outcome(verdict: Verdict, { deployment }: StackState): string {
  const { type, resource } = verdict.operation;
  const there = deployment.resources.find(({ urn }) => urn === resource.urn);
  const name = nameOf(resource);
  switch (type) {
    case "creating":
      if (verdict.kind === "take" && verdict.take.lost)
        return `${name}: was made, and its secret was lost with the run; it was removed, the next up creates another`;
      return verdict.kind === "take" && there?.id === verdict.take.id
        ? `${name}: was made, is in the state now (${verdict.take.id})`
        : `${name}: was not made`;
    case "deleting":
      return there === undefined ? `${name}: was deleted` : `${name}: still exists`;
    default:
      return `${name}: ${type}, as the cloud has it now`;
  }
}

/** Contains no plain secret: the engine encrypts them in its export. */
function backUp({ pulumi, backups }: Recovery, state: StackState): string {
  const file = join(backups, `${pulumi.stack}-${new Date().toISOString().replaceAll(":", "")}.json`);
  try {
    mkdirSync(backups, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new UserError(
      `${pulumi.stack}: the state as it is cannot be copied to ${backups}, nothing was changed: ${reasonOf(error)}`,
    );
  }
  writeWhole({ path: file, text: JSON.stringify(state, undefined, 2), mode: 0o600 });
  return file;
}

/** Backends other than a local folder name their locks when they refuse a command. */
async function unlocked(recovery: Recovery, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const locks = error instanceof PulumiFailure ? locksIn(error.message) : [];
    if (locks.length === 0) throw asUserError(error);
    await releaseLocks(recovery, locks);
    await work();
  }
}

function asUserError(error: unknown): unknown {
  return error instanceof PulumiFailure ? new UserError(error.message) : error;
}

async function releaseLocks({ pulumi, print }: Recovery, locks: readonly Lock[]): Promise<void> {
  const held = locks.filter((each) => !isStale(each));
  if (held.length > 0) throw new UserError(heldText(pulumi.stack, held));
  await pulumi.removeHalfWritten();
  if (locks.length === 0) return;
  await explaining(`${pulumi.stack}: the stale lock cannot be removed`, () => pulumi.cancel());
  print(`${pulumi.stack}: the lock of ${locks.map(holder).join(", ")} was removed: its process has ended`);
}
