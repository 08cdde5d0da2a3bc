/** What to do about each operation that a crash left open. */
import { isDeepStrictEqual } from "node:util";
import { derivedId, existsOnlyInState } from "./derived-id";
import { criteriaOf, type Finder, losesSecret, type CloudResource } from "./lookup";
import {
  isLive,
  nameOf,
  type PendingOperation,
  type ResourceState,
  type StackState,
} from "../shared/stack-state";
import type { Take } from "./take-over";

export type Verdict =
  /** Added to the state, then refreshed. */
  | { readonly kind: "take"; readonly operation: PendingOperation; readonly take: Take }
  /** Created again by the next `up`, if the program still wants it. */
  | { readonly kind: "drop"; readonly operation: PendingOperation }
  /** It is in the state; it is refreshed from the cloud. */
  | { readonly kind: "read"; readonly operation: PendingOperation }
  /** For the user to decide. */
  | { readonly kind: "doubtful"; readonly operation: PendingOperation; readonly why: string };

/** What the user decided, by the resource's name in the program. */
export interface Decisions {
  /** The id in the cloud that a resource has. */
  readonly take: ReadonlyMap<string, string>;
  /** Resources that do not exist. */
  readonly drop: ReadonlySet<string>;
}

export async function judge(
  operation: PendingOperation,
  state: StackState,
  finder: Finder,
  decisions: Decisions,
): Promise<Verdict> {
  const { resource, type } = operation;
  if (type === "updating" || type === "deleting") return { kind: "read", operation };
  if (type !== "creating" || existsOnlyInState(resource.type)) return { kind: "drop", operation };
  const name = nameOf(resource);
  const given = decisions.take.get(name);
  if (given !== undefined) return taken(operation, { id: given });
  if (decisions.drop.has(name)) return { kind: "drop", operation };
  const seen = await candidates(resource, state, finder);
  if (seen === undefined)
    return { kind: "doubtful", operation, why: `${resource.type} cannot be looked for` };
  return chosen(operation, seen, state);
}

function taken(operation: PendingOperation, { id, broken }: CloudResource): Verdict {
  const lost = losesSecret(operation.resource);
  return { kind: "take", operation, take: { operation, id, recreate: broken === true || lost, lost } };
}

/** Resources in the cloud that are not in the state. */
async function candidates(
  resource: ResourceState,
  state: StackState,
  finder: Finder,
): Promise<readonly CloudResource[] | undefined> {
  const derived = derivedId(resource, state);
  const criteria = criteriaOf(resource);
  const found =
    derived === undefined
      ? criteria === undefined
        ? undefined
        : await finder.find(resource.type, criteria)
      : [{ id: derived }];
  const known = new Set(
    state.deployment.resources.filter(({ type }) => type === resource.type).map(({ id }) => id),
  );
  return found?.filter(({ id }) => !known.has(id));
}

function chosen(operation: PendingOperation, seen: readonly CloudResource[], state: StackState): Verdict {
  const [first, ...more] = seen;
  if (first === undefined) return { kind: "drop", operation };
  const there = seen.map(({ id }) => id).join(", ");
  if (more.length > 0) return { kind: "doubtful", operation, why: `the cloud has several: ${there}` };
  const recorded = state.deployment.resources.find(
    (each) => each.urn === operation.resource.urn && isLive(each) && each.pendingReplacement !== true,
  );
  if (recorded === undefined || isAnother(recorded, operation.resource, state))
    return taken(operation, first);
  const why = `the state has ${recorded.id ?? ""}, the cloud also has ${there}: a copy, or its replacement`;
  return { kind: "doubtful", operation, why };
}

/** A resource with other identifying inputs is not a copy: the new one was to replace it. */
function isAnother(recorded: ResourceState, wanted: ResourceState, state: StackState): boolean {
  return (
    derivedId(recorded, state) !== derivedId(wanted, state) ||
    !isDeepStrictEqual(criteriaOf(recorded), criteriaOf(wanted))
  );
}
