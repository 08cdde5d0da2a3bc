/**
 * The control planes of a cluster as etcd's members: exists in the state only. It gives the SSH connection to each of
 * them to the gates behind their servers, which remove a member before its server is deleted.
 */
import type {
  CheckRequest,
  CheckResult,
  ReadRequest,
  ReadResult,
  ResourceHandler,
} from "../../provider-protocol";
import { refuseImport } from "../inputs";
import { controlPlanes, memberFailures, sealedMembers } from "./inputs";
import type { Membership } from "./membership";

const ID = "etcd";

/** @param membership of the same phase as the gates behind the control planes */
export function etcdMembersHandler(membership: Membership): ResourceHandler {
  return {
    check: (request) => Promise.resolve(check(request, membership)),
    // Members and their connections are no change by themselves: the engine keeps the newest inputs.
    diff: () => Promise.resolve({ changes: {} }),
    create: () => Promise.resolve({ id: ID, outputs: {} }),
    read: (request) => Promise.resolve(read(request)),
    update: ({ oldState }) => Promise.resolve(oldState),
    // The members are deleted with their servers.
    delete: () => Promise.resolve(),
  };
}

function check({ oldInputs, newInputs }: CheckRequest, membership: Membership): CheckResult {
  const failures = memberFailures(newInputs);
  if (failures.length > 0) return { inputs: newInputs, failures };
  membership.remember(controlPlanes(newInputs), controlPlanes(oldInputs));
  return { inputs: sealedMembers(newInputs) };
}

function read({ id, inputs, state }: ReadRequest): ReadResult {
  refuseImport("EtcdMembers", { inputs });
  return { id, inputs, outputs: state };
}
