/** Nodes that a person has excluded from a step, by an environment variable. */
import { SKIP_DRAIN } from "./messages";

/** Names in an environment variable, separated by commas. */
export function namesByEnvironment(variable: string): readonly string[] {
  return (process.env[variable] ?? "").split(",").map((name) => name.trim());
}

/** Nodes that this process does not drain. */
export function skipsDrainByEnvironment(): readonly string[] {
  return namesByEnvironment(SKIP_DRAIN);
}
