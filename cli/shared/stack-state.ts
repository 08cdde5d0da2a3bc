/**
 * A stack's state as `pulumi stack export` writes it, as far as recovery reads and writes it. The rest stays as it is.
 */
import { z } from "zod";

const resource = z.looseObject({
  urn: z.string(),
  type: z.string(),
  custom: z.boolean().default(false),
  id: z.string().optional(),
  inputs: z.record(z.string(), z.unknown()).default({}),
  outputs: z.record(z.string(), z.unknown()).optional(),
  provider: z.string().optional(),
  protect: z.boolean().optional(),
  retainOnDelete: z.boolean().optional(),
  delete: z.boolean().optional(),
  pendingReplacement: z.boolean().optional(),
  initErrors: z.array(z.string()).optional(),
});

const operation = z.looseObject({ type: z.string(), resource });

const exported = z.looseObject({
  version: z.number(),
  deployment: z.looseObject({
    resources: z.array(resource).default([]),
    pending_operations: z.array(operation).default([]),
  }),
});

export type ResourceState = z.output<typeof resource>;
/**
 * An operation that the engine had started and not finished: `creating`, `updating`, `deleting`, `reading`,
 * `importing`.
 */
export type PendingOperation = z.output<typeof operation>;
export type StackState = z.output<typeof exported>;

export function parseState(text: string): StackState {
  return exported.parse(JSON.parse(text));
}

/** The name in the program: last part of the URN. */
export function nameOf({ urn }: Pick<ResourceState, "urn">): string {
  return urn.split("::").at(-1) ?? urn;
}

/** Marks resources that recovery added to the state, until the provider has read them; no `up` runs before. */
export const UNREAD = "taken over by labstead recover and not read yet";

/** Resources that an earlier recovery added and did not refresh. */
export function unread({ deployment }: StackState): readonly ResourceState[] {
  return deployment.resources.filter((each) => each.initErrors?.includes(UNREAD));
}

/** Not one that is pending deletion. */
export function isLive(each: ResourceState): boolean {
  return each.delete !== true;
}
