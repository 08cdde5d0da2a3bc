/** `labstead users add` and `check`: UIDs and GIDs of the configuration come from the directory, and stay written down. */
import { readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { parse } from "yaml";
import type { DirectoryConfig } from "../../../apps/user-pods/directory/configuration";
import type { UserPodsConfig } from "../../../apps/user-pods/configuration";
import { userPods } from "../../../apps/user-pods/part";
import { gidOf } from "../../../apps/user-pods/plan";
import { environments } from "../../../catalog";
import { findingText } from "../../../environment/findings";
import { ENVIRONMENT_KEY, stackFile } from "../../../environment/stack-file";
import { UserError } from "../../shared/failure";
import { writeWhole } from "../../shared/whole-file";
import { withValue } from "../../shared/yaml-edit";
import { difference, lookUpProblem, type Declared } from "./compare";
import { withDirectory, type Found, type Opening } from "./ldap";

const PASSWORD = "LABSTEAD_LDAP_PASSWORD";

/** The users' pods of a stack file, and how its directory is opened. */
interface Source {
  readonly file: string;
  readonly config: UserPodsConfig;
  readonly opening: Opening;
}

/** A user to be written down. */
interface Wanted {
  readonly name: string;
  readonly directoryName: string;
}

interface Answer<User extends Wanted> {
  readonly user: User;
  readonly found: Found;
}

/** A user whom the directory has. */
interface Person extends Wanted {
  readonly dn: string;
  readonly uid: number;
  readonly gid: number;
}

/** @param names `ada`, or `ada=ada.l@example.org` with the name in the directory. Writes all of them or none. */
export async function runAdd(stack: string, names: readonly string[]): Promise<void> {
  const source = sourceOf(stack);
  const wanted = names.map(wantedOf);
  refuseDeclared(wanted, source.config);
  const people = peopleOf(await lookUpAll(source, wanted));
  const text = people.reduce(withUser, readFileSync(source.file, "utf8"));
  refuseInvalid(source.file, stack, text);
  writeWhole({ path: source.file, text });
  console.log(people.map(writtenText).join("\n"));
  console.log(`${basename(source.file)}: written; labstead up ${stack} makes the pods`);
}

/** Exit code 1 if the directory differs, for a scheduled job. */
export async function runCompare(stack: string): Promise<void> {
  const source = sourceOf(stack);
  const all = await lookUpAll(source, declaredOf(source.config));
  const lines = all.flatMap(({ user, found }) => {
    const differs = difference(user, found);
    return differs === undefined ? [] : [`  ${user.name}: ${differs}`];
  });
  if (lines.length > 0)
    throw new UserError(["the directory differs from the configuration:", ...lines].join("\n"));
  console.log(`the directory agrees with the configuration on ${String(all.length)} users`);
}

/** @throws UserError for a stack without users' pods, or without a directory for them */
function sourceOf(stack: string): Source {
  const file = stackFile(process.cwd(), stack);
  const { config } = environments.read(file);
  const pods = config.apps[userPods.key] as UserPodsConfig | undefined;
  if (pods === undefined)
    throw new UserError(`${stack} has no pods of users: describe them under apps.${userPods.key}`);
  if (pods.directory === undefined)
    throw new UserError(
      `${stack} has no directory: write url and base of an LDAP server as apps.${userPods.key}.directory, or the UID of each user by hand`,
    );
  return { file, config: pods, opening: openingOf(pods.directory, dirname(file)) };
}

function openingOf(settings: DirectoryConfig, folder: string): Opening {
  const password = process.env[PASSWORD];
  if (settings.bindDn !== undefined && password === undefined)
    throw new UserError(
      `apps.${userPods.key}.directory.bindDn: ${settings.bindDn} needs a password; set $${PASSWORD}`,
    );
  return { settings, folder, ...(password === undefined ? {} : { password }) };
}

/** One after the other, on one connection. */
function lookUpAll<User extends Wanted>(
  { opening }: Source,
  users: readonly User[],
): Promise<readonly Answer<User>[]> {
  return withDirectory(opening, async (lookUp) => {
    const answers: Answer<User>[] = [];
    for (const user of users) answers.push({ user, found: await lookUp(user.directoryName) });
    return answers;
  });
}

/** @throws UserError with every user whom the directory has not, or not once */
function peopleOf(answers: readonly Answer<Wanted>[]): readonly Person[] {
  const problems = answers.flatMap(({ user, found }) => {
    const problem = lookUpProblem(user.directoryName, found);
    return problem === undefined ? [] : [`  ${user.name}: ${problem}`];
  });
  if (problems.length > 0) throw new UserError(["nothing was written:", ...problems].join("\n"));
  return answers.flatMap(({ user, found }) => (found.kind === "person" ? [{ ...user, ...found }] : []));
}

function wantedOf(text: string): Wanted {
  const at = text.indexOf("=");
  return at < 0
    ? { name: text, directoryName: text }
    : { name: text.slice(0, at), directoryName: text.slice(at + 1) };
}

function declaredOf({ users }: UserPodsConfig): readonly Declared[] {
  return Object.entries(users).map(([name, user]) => ({
    name,
    directoryName: user.directoryName ?? name,
    uid: user.uid,
    gid: gidOf(user),
  }));
}

function refuseDeclared(wanted: readonly Wanted[], { users }: UserPodsConfig): void {
  const known = wanted.filter(({ name }) => Object.hasOwn(users, name)).map(({ name }) => name);
  if (known.length > 0)
    throw new UserError(
      `${known.join(", ")}: declared already, nothing was written; labstead users check compares with the directory`,
    );
}

function withUser(text: string, { name, directoryName, uid, gid }: Person): string {
  const at = ["config", ENVIRONMENT_KEY, "apps", userPods.key, "users", name];
  // Each value is written before those that are there: the last one stands first.
  const values = [
    ...(directoryName === name ? [] : [["directoryName", directoryName] as const]),
    ...(gid === uid ? [] : [["gid", gid] as const]),
    ["uid", uid] as const,
  ];
  return values.reduce((before, [key, value]) => withValue(before, [...at, key], value), text);
}

/** What the directory has may still clash with what is declared, such as one UID twice. */
function refuseInvalid(file: string, stack: string, text: string): void {
  const content = parse(text) as { readonly config: Readonly<Record<string, unknown>> };
  const result = environments.parse(stack, content.config[ENVIRONMENT_KEY]);
  const findings = result.ok ? environments.check(result.config) : result.findings;
  const errors = findings.filter(({ severity }) => severity === "error").map(findingText);
  if (errors.length === 0) return;
  throw new UserError(
    [
      `nothing was written, since ${basename(file)} would have errors:`,
      ...errors.map((each) => `  ${each}`),
    ].join("\n"),
  );
}

function writtenText({ name, uid, gid, dn }: Person): string {
  return `${name}: UID ${String(uid)}, GID ${String(gid)} (${dn})`;
}
