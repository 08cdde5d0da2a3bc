/** Copies of a stack's state in files: `labstead state backup` and `labstead state restore`. */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../shared/failure";
import { heldText } from "../shared/interruption";
import { holder, isStale } from "../shared/locks";
import type { Pulumi } from "../shared/pulumi";
import { writeWhole } from "../shared/whole-file";
import { isLive, nameOf, parseState, type ResourceState, type StackState } from "../shared/stack-state";

/** Metadata of a state: when it was written, and what encrypts its secrets. */
const noted = z.looseObject({
  deployment: z.looseObject({
    manifest: z.looseObject({ time: z.iso.datetime({ offset: true }) }),
    secrets_providers: z.looseObject({ type: z.string() }).optional(),
  }),
});

/** A state, and the text that it was read from. */
interface Copy {
  readonly text: string;
  readonly state: StackState;
  /** When the engine wrote it. */
  readonly time: Date;
  /** As for `--secrets-provider`, as far as the state has it. */
  readonly secrets?: string;
}

export interface StateCopy {
  readonly file: string;
  /** False if the same state was copied before. */
  readonly fresh: boolean;
  readonly resources: number;
  /** Operations that a run had started and not finished. */
  readonly open: readonly string[];
}

/**
 * Copies the state to a file, named after the time at which the engine wrote it. Only its owner can read it.
 * @throws UserError if there is no such stack, or its secrets are not encrypted
 */
export async function copyState(pulumi: Pulumi, folder: string): Promise<StateCopy> {
  const text = await pulumi.exportText();
  if (text === undefined) throw new UserError(`there is no stack ${pulumi.stack}: nothing to copy`);
  const copy = parseCopy(text);
  if (copy === undefined)
    throw new UserError(`${pulumi.stack} was never brought up: there is nothing to copy`);
  if (/"plaintext":/.test(text))
    throw new UserError(
      `the secrets of ${pulumi.stack} are not encrypted: such a state is not copied to a file`,
    );
  const file = join(folder, `${pulumi.stack}-${stamp(copy.time)}.json`);
  const fresh = !existsSync(file);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (fresh) writeWhole({ path: file, text, mode: 0o600, fresh: true });
  return { file, fresh, resources: live(copy.state).length, open: openIn(copy.state) };
}

export interface RestoreOptions {
  /** Also a state that is older than the current one. */
  readonly older?: true;
}

export interface Restored {
  readonly resources: number;
  /** Copy of the state that was replaced; undefined if there was none. */
  readonly before?: string;
  /** Operations that were open when the copy was made: the engine drops them. */
  readonly open: readonly string[];
}

/** @throws UserError when the file is not of this stack, is older than the state, or another run is active */
export async function restoreState(
  pulumi: Pulumi,
  file: string,
  folder: string,
  { older }: RestoreOptions = {},
): Promise<Restored> {
  const copy = readCopy(file);
  refuseOthers(copy.state, file, pulumi);
  await refuseLocked(pulumi);
  const text = await pulumi.exportText();
  const now = text === undefined ? undefined : parseCopy(text);
  if (now !== undefined && !older) refuseOlder(file, copy, now, pulumi.stack);
  const before = now === undefined ? undefined : (await copyState(pulumi, folder)).file;
  if (text === undefined) await pulumi.init(copy.secrets ?? "default");
  await pulumi.importText(copy.text);
  return {
    resources: live(copy.state).length,
    open: openIn(copy.state),
    ...(before === undefined ? {} : { before }),
  };
}

function readCopy(file: string): Copy {
  if (!existsSync(file))
    throw new UserError(`${file} does not exist; name a file that labstead state backup wrote`);
  const copy = parseCopy(readFileSync(file, "utf8"));
  if (copy !== undefined) return copy;
  throw new UserError(`${file} is no state; name a file that labstead state backup wrote`);
}

/** Undefined for anything that is not a state, and for the state of a stack that was never brought up. */
function parseCopy(text: string): Copy | undefined {
  try {
    const state = parseState(text);
    const { manifest, secrets_providers: secrets } = noted.parse(JSON.parse(text)).deployment;
    if (state.deployment.resources.length === 0) return undefined;
    return { text, state, time: new Date(manifest.time), ...(secrets && { secrets: secrets.type }) };
  } catch {
    return undefined;
  }
}

/** `urn:pulumi:<stack>::<project>::…` */
function refuseOthers({ deployment }: StackState, file: string, { stack, project }: Pulumi): void {
  const homes = deployment.resources.map(({ urn }) =>
    urn.split("::", 2).join("::").replace("urn:pulumi:", ""),
  );
  const others = [...new Set(homes)].filter((home) => home !== `${stack}::${project}`);
  if (others.length === 0) return;
  const theirs = others.map((home) => home.replace("::", " of project ")).join(", ");
  throw new UserError(
    `${file} is the state of stack ${theirs}, not of ${stack} of project ${project}; nothing was changed`,
  );
}

async function refuseLocked(pulumi: Pulumi): Promise<void> {
  const locks = await pulumi.locks();
  const held = locks.filter((each) => !isStale(each));
  if (held.length > 0) throw new UserError(heldText(pulumi.stack, held));
  if (locks.length > 0)
    throw new UserError(
      `${pulumi.stack} is locked by ${locks.map(holder).join(", ")}, a run that was killed; run: labstead recover ${pulumi.stack}`,
    );
}

function refuseOlder(file: string, copy: Copy, now: Copy, stack: string): void {
  if (copy.time >= now.time) return;
  const known = new Set(copy.state.deployment.resources.map(({ urn }) => urn));
  const forgotten = live(now.state).filter(({ urn, custom }) => custom && !known.has(urn));
  throw new UserError(
    [
      `${file} was written at ${copy.time.toISOString()}, the state of ${stack} at ${now.time.toISOString()}: nothing was changed`,
      ...(forgotten.length === 0 ? [] : ["with the older one, Pulumi would no longer know of:"]),
      ...forgotten.map((each) => `  ${nameOf(each)}`),
      `if that is what you want, give --older`,
    ].join("\n"),
  );
}

function live({ deployment }: StackState): readonly ResourceState[] {
  return deployment.resources.filter(isLive);
}

function openIn({ deployment }: StackState): readonly string[] {
  return deployment.pending_operations.map(({ type, resource }) => `${type} ${nameOf(resource)}`);
}

/** `20261121T031700.123Z`: sorts by time. */
function stamp(time: Date): string {
  return time.toISOString().replaceAll(/[-:]/g, "");
}
