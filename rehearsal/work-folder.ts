/**
 * The engine's own copies of project and stack files: making a stack writes an encryption salt into its file, and
 * values that another passphrase encrypted would stop the engine.
 */
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { parse, stringify } from "yaml";

/** Which stack of which project, and the user's files for it. */
export interface StackSource {
  readonly project: string;
  readonly stack: string;
  /** Configuration in the form of `Pulumi.<stack>.yaml`; read each time. @default none */
  readonly stackFile?: string;
}

export interface WorkFolder {
  /** Where `Pulumi.yaml` is. */
  readonly project: string;
  /** PULUMI_HOME. */
  readonly home: string;
  /** A folder with `bin/pulumi`. */
  readonly tool: string;
  readonly passphrase: string;
}

/** Creates or updates the work folder of a project. */
export function prepareWorkFolder(directory: string, source: StackSource, pulumi: string): WorkFolder {
  const folder = {
    project: join(directory, "project"),
    home: join(directory, "home"),
    tool: join(directory, "tool"),
  };
  for (const path of [folder.project, folder.home, join(folder.tool, "bin")])
    mkdirSync(path, { recursive: true });
  linkTool(join(folder.tool, "bin", "pulumi"), pulumi);
  keepNoLogs(join(folder.home, "logs"));
  writeFileSync(join(folder.project, "Pulumi.yaml"), stringify({ name: source.project, runtime: "nodejs" }));
  copyStackFile(folder.project, source);
  return { ...folder, passphrase: passphraseOf(directory) };
}

/** The Automation API wants a folder with `bin/pulumi` in it. */
function linkTool(link: string, pulumi: string): void {
  rmSync(link, { force: true });
  symlinkSync(pulumi, link);
}

/**
 * The engine writes all properties of all resources, several times and encrypted, into a log of each run, which takes
 * more than half of its processor time. No setting turns that off; without a folder it continues without the log.
 * Source: `StartLogging` in pkg/logging/encrypted.go of pulumi/pulumi 3.259.
 */
function keepNoLogs(path: string): void {
  if (existsSync(path) && !statSync(path).isDirectory()) return;
  rmSync(path, { recursive: true, force: true });
  writeFileSync(path, "The engine keeps no logs here.\n");
}

/** Made once: what the engine encrypts in its state stays readable. */
function passphraseOf(directory: string): string {
  const file = join(directory, "passphrase");
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString("base64url"), { mode: 0o600 });
  return readFileSync(file, "utf8");
}

/** The user's configuration over the salt that the engine wrote into its copy. */
function copyStackFile(folder: string, { stack, stackFile }: StackSource): void {
  const copy = join(folder, `Pulumi.${stack}.yaml`);
  const salt: unknown = existsSync(copy)
    ? record(parse(readFileSync(copy, "utf8")))["encryptionsalt"]
    : undefined;
  const user = stackFile === undefined ? {} : record(parse(readFileSync(stackFile, "utf8")));
  const config = Object.fromEntries(
    Object.entries(record(user["config"])).map(([key, value]) => [key, withoutSecrets(value, key)]),
  );
  writeFileSync(copy, stringify({ ...(salt === undefined ? {} : { encryptionsalt: salt }), config }));
}

/**
 * A configuration value with everything encrypted (`{secure: …}`, at any depth) replaced by a placeholder, which names the
 * path, is the same each time, and reveals nothing.
 */
export function withoutSecrets(value: unknown, path: string): unknown {
  if (Array.isArray(value)) return value.map((item, index) => withoutSecrets(item, `${path}[${index}]`));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  if (entries.length === 1 && entries[0]?.[0] === "secure") return placeholder(path);
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutSecrets(item, `${path}.${key}`)]));
}

function placeholder(path: string): string {
  return `placeholder-${createHash("sha256").update(path).digest("hex").slice(0, 12)}`;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}
