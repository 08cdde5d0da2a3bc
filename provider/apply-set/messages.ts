/** Messages of a set for users. */
import { routeAdvice } from "../kubernetes-api/api-route";
import type { ApiRoute } from "../kubernetes-api/api-route";
import type { ClusterAccess } from "../kubernetes-api/kubeconfig";
import { stackOf } from "../urn";
import { parseEntryKey } from "./entries";
import type { FieldConflict, NoAnswer } from "./objects";

/** Lines of one message; further ones are counted. */
export const SHOWN = 20;

/** The lines, and the number of those that do not fit. */
export function listed(lines: readonly string[]): string {
  const more = lines.length - SHOWN;
  const shown = lines.slice(0, SHOWN).map((line) => `\n  ${line}`);
  return more > 0 ? `${shown.join("")}\n  and ${more} more` : shown.join("");
}

/** `1 object`, `2 objects` */
export function counted(count: number): string {
  return count === 1 ? "1 object" : `${count} objects`;
}

export function conflictMessage(conflicts: readonly FieldConflict[]): string {
  const fields = new Map<string, string[]>();
  for (const { manager, field } of conflicts) {
    const of = fields.get(manager) ?? [];
    of.push(field);
    fields.set(manager, of);
  }
  const owned = [...fields].map(([manager, names]) => `"${manager}" owns ${names.join(", ")}`);
  return `${owned.join("; ")}: leave these fields out of the manifest, or set conflicts: "overwrite"`;
}

/** @param failures message by entry key */
export function failedMessage(failures: ReadonlyMap<string, string>, total: number): string {
  const lines = [...failures].map(([key, message]) => `${key}: ${message}`);
  return `${failures.size} of ${counted(total)} could not be applied, so nothing was deleted:${listed(lines)}`;
}

/** @param failures message by entry key */
export function notDeletedMessage(failures: ReadonlyMap<string, string>): string {
  const lines = [...failures].map(([key, message]) => `${key}: ${message}`);
  return `${counted(failures.size)} could not be deleted:${listed(lines)}`;
}

/** @param left reason by entry key */
export function leftMessage(left: ReadonlyMap<string, string>): string {
  const lines = [...left].map(([key, reason]) => `${key}: ${reason}`);
  return `${counted(left.size)} left as ${left.size === 1 ? "it is" : "they are"}:${listed(lines)}`;
}

export function terminatingMessage(keys: readonly string[]): string {
  return `${counted(keys.length)} deleted, but still there; see metadata.finalizers of:${listed(keys)}`;
}

/** @param reasons by entry key */
export function notReadyMessage(
  reasons: ReadonlyMap<string, string>,
  total: number,
  seconds: number,
): string {
  const lines = [...reasons].map(([key, reason]) => `${key} ${reason}`);
  return `${reasons.size} of ${counted(total)} not ready after ${seconds} s:${listed(lines)}`;
}

export function stoppedMessage(done: number, total: number, reason: string): string {
  return `stopped after ${done} of ${counted(total)}: ${reason}`;
}

export function noAnswerMessage(
  error: NoAnswer,
  { access, how }: { readonly access: ClusterAccess; readonly how: ApiRoute },
): string {
  const check = error.check ?? routeAdvice(how, access, "run up again");
  return `the Kubernetes API at ${access.server} does not answer: ${error.message}; check ${check}`;
}

/** Objects that were kept because they have data, with the command that deletes each. */
export function keptMessage(keys: readonly string[]): string {
  const commands = keys.map((key) => {
    const { group, kind, namespace, name } = parseEntryKey(key);
    const resource = `${kind.toLowerCase()}${group === "" ? "" : `.${group}`}/${name}`;
    return `kubectl delete ${resource}${namespace === "" ? "" : ` --namespace ${namespace}`}`;
  });
  const what =
    keys.length === 1 ? "1 object that holds data stays" : `${keys.length} objects that hold data stay`;
  return `${what} in the cluster; to remove:${listed(commands)}`;
}

export function digestsOnlyMessage(reason: string): string {
  return `only digests were compared, so it is not shown which fields change: ${reason}`;
}

export function notReadMessage(name: string, reason: string): string {
  return `the objects of ${name} could not be looked at, so the state stays as it is: ${reason}`;
}

/** How to continue when the cluster no longer exists. */
export function lostMessage(urn: string): string {
  return `If the cluster is gone for good, its objects are too: pulumi state delete '${urn}' -s ${stackOf(urn)}`;
}
