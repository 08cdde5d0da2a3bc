/** One side of a comparison: the files of base or head, and the program that renders them. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { extname, join } from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { environments as OUR_ENVIRONMENTS } from "../../catalog";
import type { EnvironmentConfig } from "../../environment/config";
import { isFields } from "../../environment/fields";
import { FindingsError, type Finding } from "../../environment/findings";
import { ENVIRONMENT_KEY, stackFile, type EnvironmentPair } from "../../environment/stack-file";
import { readText } from "../../environment/text-file";
import { parseYaml } from "../../environment/yaml-text";
import { lab as ourLab, type Lab } from "../../lab";
import { UserError } from "../shared/failure";

/** How one side is composed: by the installed program, or by the program in the repository. */
export interface Composer {
  readonly environments: typeof OUR_ENVIRONMENTS;
  readonly lab: typeof ourLab;
}

export const INSTALLED: Composer = { environments: OUR_ENVIRONMENTS, lab: ourLab };

/** A stack as one side has it. */
export interface StackSide {
  /** Undefined if there is no file, or if it cannot be read. */
  readonly pair?: EnvironmentPair;
  /** Undefined if there are errors. */
  readonly lab?: Lab;
  /** The lab of the cluster's owner, whose nodes people's servers run on; undefined if there are errors. */
  readonly cluster?: () => Lab | undefined;
  readonly findings: readonly Finding[];
  /** `labstead:environment` as it is written, and everything else below `config`. */
  readonly written: unknown;
  readonly others: Readonly<Record<string, unknown>>;
}

/** Undefined if the folder has no such stack. @throws Error for a fault of the program */
export function readSide(
  directory: string,
  stack: string,
  { environments, lab }: Composer,
): StackSide | undefined {
  const file = stackFile(directory, stack);
  if (!existsSync(file)) return undefined;
  const { [ENVIRONMENT_KEY]: written, ...others } = configIn(file);
  try {
    const pair = environments.read(file);
    return { written, others, ...planned(pair, lab) };
  } catch (error) {
    return { written, others, findings: findingsIn(error) };
  }
}

function planned(
  pair: EnvironmentPair,
  lab: Composer["lab"],
): Pick<StackSide, "pair" | "lab" | "cluster" | "findings"> {
  try {
    const composed = lab(pair);
    const { owner } = pair;
    const cluster = () => (owner === undefined ? composed : planned({ config: owner }, lab).lab);
    return { pair, lab: composed, cluster, findings: composed.findings };
  } catch (error) {
    return { pair, findings: findingsIn(error) };
  }
}

/** By name: classes of another copy of the program are others. */
function findingsIn(error: unknown): readonly Finding[] {
  if (error instanceof Error && error.name === FindingsError.name && "findings" in error)
    return error.findings as readonly Finding[];
  throw error;
}

function configIn(file: string): Readonly<Record<string, unknown>> {
  const { config } = fieldsIn(file);
  return isFields(config) ? config : {};
}

/** Of a file that is there and can be read; else none. */
function fieldsIn(file: string): Readonly<Record<string, unknown>> {
  const read = readText(file, "create it");
  const yaml = read.ok ? parseYaml(read.text) : undefined;
  return yaml?.ok === true && isFields(yaml.content) ? yaml.content : {};
}

/** Of a stack that can be read, on either side. */
export function configOf(...sides: readonly (StackSide | undefined)[]): EnvironmentConfig | undefined {
  return sides.find((side) => side?.pair !== undefined)?.pair?.config;
}

/**
 * The program's own catalog and layers, where the project contains them; else the installed ones.
 * @param directory a copy of the project with another version of them
 */
export function composerIn(directory: string): Composer {
  if (!existsSync(join(directory, "catalog.ts")) || !existsSync(join(directory, "lab.ts"))) return INSTALLED;
  const load = loader(directory);
  return {
    environments: (load(join(directory, "catalog.ts")) as Pick<Composer, "environments">).environments,
    lab: (load(join(directory, "lab.ts")) as Pick<Composer, "lab">).lab,
  };
}

/**
 * The Pulumi program of a folder, as `pulumi up` runs it.
 * @throws UserError if its main file exports no function
 */
export function programIn(directory: string): PulumiFn {
  const main = mainFile(directory);
  const loaded = loader(directory)(join(directory, main));
  const exported = isFields(loaded) && "default" in loaded ? loaded["default"] : loaded;
  if (typeof exported === "function") return exported as PulumiFn;
  throw new UserError(`${main} exports no function; write: export = () => program();`);
}

/** `main` of Pulumi.yaml, else of package.json. */
function mainFile(directory: string): string {
  for (const name of ["Pulumi.yaml", "package.json"]) {
    const { main } = fieldsIn(join(directory, name));
    if (typeof main === "string" && existsSync(join(directory, main))) return main;
  }
  return existsSync(join(directory, "index.ts")) ? "index.ts" : "index.js";
}

/** TypeScript is loaded by tsx, as the project's own runtime does. */
function loader(directory: string): (path: string) => unknown {
  const load = createRequire(join(directory, "package.json"));
  return (path) => {
    if (extname(path) === ".ts") registerTsx();
    const loaded: unknown = load(path);
    return loaded;
  };
}

let registered = false;

function registerTsx(): void {
  if (registered) return;
  registered = true;
  const api = createRequire(__filename)("tsx/cjs/api") as { readonly register: () => unknown };
  api.register();
}
