/** Reads environments from `Pulumi.<stack>.yaml` files: the same files that Pulumi reads, without Pulumi. */
import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { readAdopted, type Adopted } from "./adopted";
import { isOwner, isTenant, type EnvironmentConfig } from "./config";
import { isEncrypted, isFields } from "./fields";
import { finding, FindingsError, type Finding } from "./findings";
import { nearest } from "./nearest";
import type { ParseResult } from "./parse";
import { shown } from "./printable";
import { readText } from "./text-file";
import { parseYaml } from "./yaml-text";

/** The key under `config` that holds the whole environment. */
export const ENVIRONMENT_KEY = "labstead:environment";

/** An environment and, for a tenant, the one whose cluster it shares. */
export interface EnvironmentPair {
  readonly config: EnvironmentConfig;
  readonly owner?: EnvironmentConfig;
  /** Of a lab that existed before its environment. */
  readonly adopted?: Adopted;
}

/** Path of a stack's file: `Pulumi.prod.yaml`, or `prod.yaml` in a folder of examples. */
export function stackFile(directory: string, stack: string): string {
  const candidates = [`Pulumi.${stack}.yaml`, `${stack}.yaml`].map((name) => join(directory, name));
  return candidates.find((file) => existsSync(file)) ?? join(directory, `Pulumi.${stack}.yaml`);
}

/** Stacks that have a file in a folder, by name; names are checked when the file is read. */
export function stacksIn(directory: string): readonly string[] {
  return readdirSync(directory)
    .flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? [])
    .sort();
}

/** A finding for each file of a folder that resembles a stack's, but that neither Pulumi nor Labstead reads. */
export function unreadStackFiles(directory: string): readonly Finding[] {
  return readdirSync(directory)
    .filter((name) => /^pulumi\..+\.(ya?ml|json)$/i.test(name) && !/^Pulumi\..+\.yaml$/.test(name))
    .sort()
    .map((name) => {
      const stack = name.slice("Pulumi.".length, name.lastIndexOf("."));
      return finding(
        "config.invalid",
        name,
        "is not read",
        `rename it to Pulumi.${stack}.yaml, or remove it`,
      );
    });
}

/** From a stack's name and its `labstead:environment` to a configuration, or to its findings. */
export type Parse = (name: string, value: unknown) => ParseResult;

/**
 * An environment from its file, with its owner's from beside it where it is a tenant.
 * @throws FindingsError with everything that is wrong in the file
 */
export function readEnvironment(parse: Parse, file: string): EnvironmentPair {
  return withOwner(parse, configOf(stackName(file), readStackFile(parse, file)), dirname(file));
}

/**
 * An environment with its owner's, read from beside it. A missing file is not an error here: the tenant's checks report
 * it.
 * @throws FindingsError with everything that is wrong in the owner's file
 */
export function withOwner(parse: Parse, config: EnvironmentConfig, directory: string): EnvironmentPair {
  if (!isTenant(config)) return withAdopted(config, directory);
  const file = stackFile(directory, config.cluster.owner);
  return existsSync(file)
    ? { config, owner: configOf(config.cluster.owner, readStackFile(parse, file)) }
    : { config };
}

function withAdopted(config: EnvironmentConfig, directory: string): EnvironmentPair {
  const adopted = isOwner(config) ? readAdopted(directory, config.name) : undefined;
  return adopted === undefined ? { config } : { config, adopted };
}

function stackName(file: string): string {
  return basename(file)
    .replace(/^Pulumi\./, "")
    .replace(/\.ya?ml$/, "");
}

/** The environment of a parsed file. @throws FindingsError */
export function configOf(name: string, result: ParseResult): EnvironmentConfig {
  if (result.ok) return result.config;
  throw new FindingsError(name, result.findings);
}

/** Parses one file; problems are returned as findings. */
export function readStackFile(parse: Parse, file: string): ParseResult {
  const read = readText(file, "create it; Pulumi.prod.yaml and examples/ show how an environment is written");
  if (!read.ok) return invalid(file, read.explanation, read.fix);
  const yaml = parseYaml(read.text);
  if (!yaml.ok) return invalid(file, `is not YAML: ${yaml.problem}`, "correct it");
  const found = environmentIn(yaml.content);
  return found.ok ? parse(stackName(file), found.value) : invalid(file, found.explanation, found.fix);
}

type Found =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly explanation: string; readonly fix: string };

const WRITE_CONFIG = `write config: and, indented below it, ${ENVIRONMENT_KEY}:`;

function environmentIn(content: unknown): Found {
  if (content === null || content === undefined)
    return { ok: false, explanation: "is empty", fix: WRITE_CONFIG };
  if (!isFields(content))
    return { ok: false, explanation: `holds ${shown(content)}, which is no mapping`, fix: WRITE_CONFIG };
  const { config } = content;
  if (!isFields(config)) return { ok: false, explanation: "has no mapping config", fix: WRITE_CONFIG };
  return environmentOf(config);
}

function environmentOf(config: Readonly<Record<string, unknown>>): Found {
  const value = config[ENVIRONMENT_KEY];
  if (value === undefined && !Object.hasOwn(config, ENVIRONMENT_KEY)) return { ok: false, ...absent(config) };
  if (isEncrypted(value))
    return {
      ok: false,
      explanation: `has an encrypted ${ENVIRONMENT_KEY}, which only Pulumi can read`,
      fix: "write it as plain text; it holds no secret, those are settings of their own (docs/environment.md)",
    };
  return { ok: true, value };
}

function absent(
  config: Readonly<Record<string, unknown>>,
): Pick<Found & { ok: false }, "explanation" | "fix"> {
  const near = Object.keys(config).find((key) => nearest(key, [ENVIRONMENT_KEY]) !== undefined);
  return near === undefined
    ? {
        explanation: `has no ${ENVIRONMENT_KEY} below config`,
        fix: `${WRITE_CONFIG}; examples/ has one for each kind of lab`,
      }
    : {
        explanation: `has ${shown(near)} below config, and no ${ENVIRONMENT_KEY}`,
        fix: `rename it to ${ENVIRONMENT_KEY}`,
      };
}

function invalid(file: string, explanation: string, fix: string): ParseResult {
  const findings: readonly Finding[] = [finding("config.invalid", basename(file), explanation, fix)];
  return { ok: false, findings };
}
