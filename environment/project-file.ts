/** The project in Pulumi.yaml: its name, and the location of its state. */
import { join } from "node:path";
import { z } from "zod";
import { finding, type Finding } from "./findings";
import { schemaFindings } from "./parse";
import { state, type StateConfig } from "./schema/state";
import { readText } from "./text-file";
import { parseYaml } from "./yaml-text";

export const PROJECT_FILE = "Pulumi.yaml";

export interface Project {
  readonly name: string;
  /** The choice of `labstead.state`. */
  readonly state?: StateConfig;
  /** The setting of the Pulumi CLI: `backend.url`. */
  readonly backendUrl?: string;
}

export type ProjectResult =
  | { readonly ok: true; readonly project: Project }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** Only our own part is checked: the rest is Pulumi's. */
const ours = z.strictObject({ labstead: z.strictObject({ state: state.optional() }).optional() });
const theirs = z.looseObject({
  name: z.string().catch("labstead"),
  backend: z.looseObject({ url: z.string().optional() }).optional().catch(undefined),
});

/** A folder without a project file has no own state. */
export function readProject(directory: string): ProjectResult {
  const read = readText(join(directory, PROJECT_FILE), "run labstead in the project's folder");
  if (!read.ok) return invalid(read.explanation, read.fix);
  const yaml = parseYaml(read.text);
  return yaml.ok ? parseProject(yaml.content) : invalid(`is not YAML: ${yaml.problem}`, "correct it");
}

export function parseProject(content: unknown): ProjectResult {
  const outer = theirs.safeParse(content);
  if (!outer.success) return invalid("is not a mapping", "write a project's name and runtime");
  const own = ours.safeParse("labstead" in outer.data ? { labstead: outer.data["labstead"] } : {}, {
    reportInput: true,
  });
  if (!own.success) return { ok: false, findings: schemaFindings(ours, own.error) };
  const { name, backend } = outer.data;
  const chosen = own.data.labstead?.state;
  return {
    ok: true,
    project: {
      name,
      ...(chosen === undefined ? {} : { state: chosen }),
      ...(backend?.url === undefined ? {} : { backendUrl: backend.url }),
    },
  };
}

function invalid(explanation: string, fix: string): ProjectResult {
  return { ok: false, findings: [finding("config.invalid", PROJECT_FILE, explanation, fix)] };
}
