/** A stack's state as `pulumi stack export` writes it, as far as recovery reads and writes it. The rest is kept as it is. */
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
/** What the engine had begun and nobody ended: `creating`, `updating`, `deleting`, `reading`, `importing`. */
export type PendingOperation = z.output<typeof operation>;
export type StackState = z.output<typeof exported>;

export function parseState(text: string): StackState {
  return exported.parse(JSON.parse(text));
}

/** The name in the program: last part of the URN. */
export function nameOf({ urn }: Pick<ResourceState, "urn">): string {
  return urn.split("::").at(-1) ?? urn;
}

/** Stands in the state of what recovery took over, until the provider has read it. With it, no `up` takes it for done. */
const UNREAD = "taken over by labstead recover and not read yet";

/** Resources that an earlier recovery took over without coming to their reading. */
export function unread({ deployment }: StackState): readonly ResourceState[] {
  return deployment.resources.filter((each) => each.initErrors?.includes(UNREAD));
}

/** One resource that the cloud has and the state has not. */
export interface Take {
  readonly operation: PendingOperation;
  readonly id: string;
  /** It is of no use, it has failed or lost its secret: the next `up` makes it anew. */
  readonly anew: boolean;
  /** Its secret was told to the dead run alone: it is removed, since another one of its name could not be made beside it. */
  readonly lost: boolean;
}

/**
 * The state with these resources in it and without any pending operation. A resource gets what the engine would have
 * recorded of it, with its inputs for outputs: a provider's creation begins from those, too, before it reads.
 */
export function withTaken(state: StackState, takes: readonly Take[]): StackState {
  const { deployment } = state;
  const resources = takes.reduce<readonly ResourceState[]>(
    (all, take) => placed(all, take),
    deployment.resources,
  );
  return { ...state, deployment: { ...deployment, resources: [...resources], pending_operations: [] } };
}

/** At the place of the one it replaces, whose dependents stand behind it; else at the end, behind all it depends on. */
function placed(resources: readonly ResourceState[], take: Take): readonly ResourceState[] {
  const fresh = recorded(take);
  const replaced = resources.findIndex((each) => each.urn === fresh.urn && isLive(each));
  if (replaced < 0) return [...resources, fresh];
  const old = resources[replaced];
  const rest = [...resources.slice(0, replaced), fresh, ...resources.slice(replaced + 1)];
  return old === undefined || old.pendingReplacement === true ? rest : [...rest, { ...old, delete: true }];
}

function recorded({ operation, id, anew }: Take): ResourceState {
  const { inputs } = operation.resource;
  const outputs = Object.fromEntries(Object.entries(inputs).filter(([name]) => !name.startsWith("__")));
  // What is protected is not replaced, and there is nothing in it to protect.
  const taint = anew ? { taint: true, protect: false } : {};
  return { ...operation.resource, id, outputs, initErrors: [UNREAD], ...taint };
}

/** Not one that only waits for its deletion. */
export function isLive(each: ResourceState): boolean {
  return each.delete !== true;
}
