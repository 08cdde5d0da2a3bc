/** Compares a set's state with the cluster: what was deleted or changed manually. */
import type { SetTarget } from "./apply-object";
import { fieldManager } from "./identity";
import { Members } from "./members";
import type { LiveObject } from "./objects";
import { CHANGED, fieldsDigest } from "./state";
import type { AppliedObject, SetState } from "./state";

/** The actual state in the cluster. @throws ApiRefusal or NoAnswer */
export async function refreshed(target: SetTarget, state: SetState): Promise<SetState> {
  const members = new Members(target);
  await members.recorded();
  const listed = await members.list([...state.applied.keys(), ...state.kept]);
  const manager = fieldManager(target.set);
  const applied = [...state.applied].flatMap(([key, object]) => {
    const live = listed.get(key);
    return live === undefined || live.terminating ? [] : [[key, seen(object, live, manager)] as const];
  });
  return { applied: new Map(applied), kept: state.kept.filter((key) => listed.has(key)) };
}

/** Changing a field takes its ownership: the cluster's record of this set's fields then differs. */
function seen(object: AppliedObject, live: LiveObject, manager: string): AppliedObject {
  const fields = fieldsDigest(live, manager);
  const digest = fields === object.fields ? object.digest : CHANGED;
  return { digest, uid: live.uid, fields };
}
