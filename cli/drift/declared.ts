/** What a stack's state declares in OpenStack and in Kubernetes. */
import type { JsonObject } from "../../deploy/manifest";
import type { DeclaredResource } from "../../openstack-api/drift/compare";
import { entryKey, refOf } from "../../provider/apply-set/entries";
import type { SetIdentity } from "../../provider/apply-set/identity";
import { stateOf, type SetState } from "../../provider/apply-set/state";
import { APPLY_SET } from "../../provider/apply-set/token";
import type { PlainMap, PropertyMap } from "../../provider-protocol";
import { text } from "../../provider-protocol/plain";
import { isLive, nameOf, type ResourceState, type StackState } from "../shared/stack-state";

/** An apply set, and what its last run recorded. */
export interface DeclaredSet {
  readonly set: SetIdentity;
  readonly state: SetState;
}

export interface Declared {
  readonly resources: readonly DeclaredResource[];
  /** Manifests of the objects that are one resource each, by entry key. */
  readonly objects: ReadonlyMap<string, JsonObject>;
  readonly sets: readonly DeclaredSet[];
}

const OPENSTACK = "openstack:";
const KUBERNETES = "kubernetes:";

/** Without what another program owns (`external`), and what is waiting for its deletion. */
export function declaredIn({ deployment }: StackState): Declared {
  const live = deployment.resources.filter(
    (each) => isLive(each) && each.custom && each["external"] !== true,
  );
  const ofType = (prefix: string) => live.filter(({ type }) => type.startsWith(prefix));
  return {
    resources: ofType(OPENSTACK).map(resourceOf),
    objects: new Map(ofType(KUBERNETES).flatMap(objectOf)),
    sets: ofType(APPLY_SET).map(setOf),
  };
}

/** Ids of everything in a state, also of what is waiting for its deletion. */
export function idsIn({ deployment }: StackState): readonly string[] {
  return deployment.resources.flatMap(({ type, id }) =>
    type.startsWith(OPENSTACK) && id !== undefined ? [id] : [],
  );
}

/** Entry keys of all objects. */
export function keysIn({ objects, sets }: Declared): readonly string[] {
  return [...objects.keys(), ...sets.flatMap(({ state }) => [...state.applied.keys()])];
}

function resourceOf(resource: ResourceState): DeclaredResource {
  const { type, id = "", inputs } = resource;
  return { type, id, name: nameOf(resource), inputs: inputs as PlainMap };
}

function objectOf({ inputs }: ResourceState): readonly (readonly [string, JsonObject])[] {
  const ref = refOf(inputs as PlainMap);
  return ref === undefined ? [] : [[entryKey(ref), inputs]];
}

function setOf({ inputs, outputs = {} }: ResourceState): DeclaredSet {
  const given = inputs as PlainMap;
  return {
    set: { namespace: text(given, "namespace") || "default", name: text(given, "name") },
    state: stateOf(outputs as PropertyMap),
  };
}
