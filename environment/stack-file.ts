/** Reads environments from `Pulumi.<stack>.yaml` files: the same files that Pulumi reads, without Pulumi. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isTenant, type EnvironmentConfig } from "./config";
import { finding, FindingsError, type Finding } from "./findings";
import type { ParseResult } from "./parse";
import { parseYaml } from "./yaml-text";

/** The key under `config` that holds the whole environment. */
export const ENVIRONMENT_KEY = "labstead:environment";

/** An environment and, for a tenant, the one whose cluster it shares. */
export interface EnvironmentPair {
  readonly config: EnvironmentConfig;
  readonly owner?: EnvironmentConfig;
}

/** Where the file of a stack lies: `Pulumi.prod.yaml`, or `prod.yaml` in a folder of examples. */
export function stackFile(directory: string, stack: string): string {
  const candidates = [`Pulumi.${stack}.yaml`, `${stack}.yaml`].map((name) => join(directory, name));
  return candidates.find((file) => existsSync(file)) ?? join(directory, `Pulumi.${stack}.yaml`);
}

/** Stacks that have a file in a folder, by name. */
export function stacksIn(directory: string): readonly string[] {
  return readdirSync(directory)
    .flatMap((name) => /^Pulumi\.([a-z0-9-]+)\.yaml$/.exec(name)?.[1] ?? [])
    .sort();
}

/** From a stack's name and its `labstead:environment` to a configuration, or to what is wrong with it. */
export type Parse = (name: string, value: unknown) => ParseResult;

/**
 * An environment from its file, with its owner's from beside it where it is a tenant.
 * @throws FindingsError with everything that is wrong in the file
 */
export function readEnvironment(parse: Parse, file: string): EnvironmentPair {
  return withOwner(parse, configOf(stackName(file), readStackFile(parse, file)), dirname(file));
}

/**
 * An environment with its owner's, read from beside it. A missing file is no error here: the checks report it in the
 * tenant's own words.
 * @throws FindingsError with everything that is wrong in the owner's file
 */
export function withOwner(parse: Parse, config: EnvironmentConfig, directory: string): EnvironmentPair {
  if (!isTenant(config)) return { config };
  const file = stackFile(directory, config.cluster.owner);
  return existsSync(file)
    ? { config, owner: configOf(config.cluster.owner, readStackFile(parse, file)) }
    : { config };
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

/** Parses one file; what is wrong with it comes back as findings. */
export function readStackFile(parse: Parse, file: string): ParseResult {
  const name = stackName(file);
  if (!existsSync(file))
    return invalid(
      file,
      "does not exist",
      `create it; Pulumi.prod.yaml and examples/ show how an environment is written`,
    );
  const read = parseYaml(readFileSync(file, "utf8"));
  if (!read.ok) return invalid(file, `is not YAML: ${read.problem}`, "correct it");
  return parse(name, environmentIn(read.content));
}

function environmentIn(content: unknown): unknown {
  const config = isRecord(content) ? content["config"] : undefined;
  return isRecord(config) ? config[ENVIRONMENT_KEY] : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function invalid(file: string, explanation: string, fix: string): ParseResult {
  const findings: readonly Finding[] = [finding("config.invalid", basename(file), explanation, fix)];
  return { ok: false, findings };
}
