/** Which stacks a change can affect, and in which order they are brought up. */
import { isTenant, type EnvironmentConfig } from "../../environment/config";

/** Files that neither the program nor an environment reads. */
const WITHOUT_EFFECT = /(^|\/)(\.github|\.gitlab|docs)\/|\.md$|(^|\/)(\.gitignore|\.gitlab-ci\.yml|LICENSE)$/;

const STACK_FILE = /^Pulumi\.(.+)\.yaml$/;

export interface Affecting {
  /** Stacks whose files differ. */
  readonly stacks: readonly string[];
  /** Whether another file differs that the program may read. */
  readonly program: boolean;
}

/** @param files that differ, relative to the project's folder */
export function affecting(files: readonly string[]): Affecting {
  const stacks = files.flatMap((file) => STACK_FILE.exec(file)?.[1] ?? []);
  return {
    stacks,
    program: files.some((file) => !STACK_FILE.test(file) && !WITHOUT_EFFECT.test(file)),
  };
}

/** Every stack with a changed program, else those whose own file or owner's differs. */
export function affectedStacks(
  all: readonly string[],
  { stacks, program }: Affecting,
  ownerOf: (stack: string) => string | undefined,
): readonly string[] {
  return all.filter(
    (stack) => program || [stack, ownerOf(stack)].some((each) => each !== undefined && stacks.includes(each)),
  );
}

/** The owner's stack, for a tenant. */
export function ownerName(config: EnvironmentConfig | undefined): string | undefined {
  return config !== undefined && isTenant(config) ? config.cluster.owner : undefined;
}

/** With their owners, which come first. */
export function withOwners(
  stacks: readonly string[],
  ownerOf: (stack: string) => string | undefined,
): readonly string[] {
  return [
    ...new Set([
      ...stacks.flatMap((stack) => ownerOf(stack) ?? []),
      ...stacks.filter((stack) => ownerOf(stack) === undefined),
      ...stacks,
    ]),
  ];
}
