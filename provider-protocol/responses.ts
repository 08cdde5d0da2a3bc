/** Results of handlers as messages. */
import * as pb from "@pulumi/pulumi/proto/provider_pb";

import type {
  CheckFailure,
  CheckResult,
  DiffResult,
  InvokeResult,
  PropertyChange,
  PropertyDiff,
} from "./handler";
import { encodeStruct } from "./struct";

export function checkResponse(result: CheckResult): pb.CheckResponse {
  const response = new pb.CheckResponse();
  response.setInputs(encodeStruct(result.inputs));
  response.setFailuresList(failures(result.failures));
  return response;
}

export function invokeResponse(result: InvokeResult): pb.InvokeResponse {
  const response = new pb.InvokeResponse();
  response.setReturn(encodeStruct(result.result));
  response.setFailuresList(failures(result.failures));
  return response;
}

function failures(list: readonly CheckFailure[] = []): pb.CheckFailure[] {
  return list.map((failure) => {
    const message = new pb.CheckFailure();
    message.setProperty(failure.property);
    message.setReason(failure.reason);
    return message;
  });
}

export function diffResponse(result: DiffResult): pb.DiffResponse {
  const entries = Object.entries(result.changes);
  const response = new pb.DiffResponse();
  const { DIFF_NONE, DIFF_SOME } = pb.DiffResponse.DiffChanges;
  response.setChanges(entries.length === 0 ? DIFF_NONE : DIFF_SOME);
  response.setDiffsList([...new Set(entries.map(([path]) => topLevel(path)))]);
  response.setReplacesList([
    ...new Set(entries.filter(([, diff]) => diff.replace).map(([path]) => topLevel(path))),
  ]);
  response.setDeletebeforereplace(result.deleteBeforeReplace === true);
  response.setStablesList([...(result.stables ?? [])]);
  response.setHasdetaileddiff(true);
  const detailed = response.getDetaileddiffMap();
  for (const [path, diff] of entries) detailed.set(path, propertyDiff(diff));
  return response;
}

/** The first part of a property path: `networks[0].port` is a change of `networks`. */
function topLevel(path: string): string {
  return /^[^.[]*/.exec(path)?.[0] ?? path;
}

const Kind = pb.PropertyDiff.Kind;
const KINDS: Readonly<
  Record<PropertyChange, { readonly keep: pb.PropertyDiff.Kind; readonly replace: pb.PropertyDiff.Kind }>
> = {
  add: { keep: Kind.ADD, replace: Kind.ADD_REPLACE },
  update: { keep: Kind.UPDATE, replace: Kind.UPDATE_REPLACE },
  delete: { keep: Kind.DELETE, replace: Kind.DELETE_REPLACE },
};

function propertyDiff(diff: PropertyDiff): pb.PropertyDiff {
  const message = new pb.PropertyDiff();
  message.setKind(diff.replace ? KINDS[diff.change].replace : KINDS[diff.change].keep);
  message.setInputdiff(diff.against !== "state");
  return message;
}
