/** The secrets of stacks: how each is generated, and what a new value does. */
import type { PasswordPlan } from "../../environment/plan/types-secrets";
import { isCluster } from "./stacks/kinds";
import type { StackConfig } from "./stacks/configuration";
import { STACKS } from "./stacks/table";

/** A value of a stack's Secret. */
export function stackSecret(project: string, stack: string, key: string, length: number): PasswordPlan {
  return {
    kind: "password",
    name: `projects.${project}.${stack}.${secretWord(key)}`,
    length,
    rotation: {
      kind: "rotate",
      does: "the stack takes it when you restart its Deployment; people who are signed in sign in again",
    },
  };
}

/** Of one stack, by the keys of its Secret. */
export function stackSecrets(
  project: string,
  stack: string,
  { kind }: Pick<StackConfig, "kind">,
): ReadonlyMap<string, PasswordPlan> {
  if (isCluster(kind)) return new Map();
  const values = STACKS[kind].secret?.values ?? {};
  return new Map(
    Object.entries(values).map(([key, length]) => [key, stackSecret(project, stack, key, length)]),
  );
}

/** `accessKey` → `access-key`. */
function secretWord(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
