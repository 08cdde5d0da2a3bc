/** Adds resources to the state that exist in the cloud and that a killed run did not record. */
import { isLive, UNREAD } from "../shared/stack-state";
import type { PendingOperation, ResourceState, StackState } from "../shared/stack-state";

/** One resource that is in the cloud and not in the state. */
export interface Take {
  readonly operation: PendingOperation;
  readonly id: string;
  /** It is unusable, because it failed or lost its secret: the next `up` recreates it. */
  readonly recreate: boolean;
  /** Its secret was returned to the killed run only: it is removed, since no second one of its name can be created. */
  readonly lost: boolean;
}

/**
 * The state with these resources and without pending operations. A resource gets the record that the engine would have
 * written, with its inputs as outputs: a provider also starts from those before it reads.
 */
export function withTaken(state: StackState, takes: readonly Take[]): StackState {
  const { deployment } = state;
  const resources = takes.reduce<readonly ResourceState[]>(
    (all, take) => placed(all, take),
    deployment.resources,
  );
  return { ...state, deployment: { ...deployment, resources: [...resources], pending_operations: [] } };
}

/** At the place of the one it replaces, whose dependents follow it; else at the end, after all it depends on. */
function placed(resources: readonly ResourceState[], take: Take): readonly ResourceState[] {
  const fresh = recorded(take);
  const replaced = resources.findIndex((each) => each.urn === fresh.urn && isLive(each));
  if (replaced < 0) return [...resources, fresh];
  const old = resources[replaced];
  const rest = [...resources.slice(0, replaced), fresh, ...resources.slice(replaced + 1)];
  return old === undefined || old.pendingReplacement === true ? rest : [...rest, { ...old, delete: true }];
}

function recorded({ operation, id, recreate }: Take): ResourceState {
  const { inputs } = operation.resource;
  const outputs = Object.fromEntries(Object.entries(inputs).filter(([name]) => !name.startsWith("__")));
  // A protected resource would not be replaced, and this one has no data to protect.
  const taint = recreate ? { taint: true, protect: false } : {};
  return { ...operation.resource, id, outputs, initErrors: [UNREAD], ...taint };
}
