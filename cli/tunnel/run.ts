/** `labstead tunnel`: the route of `access.operator: tunnel`, by which kubectl and the program connect to the API. */
import { basename } from "node:path";
import { JUMP, OPERATOR } from "../../environment/accounts";
import type { EnvironmentPlan, ServerPlan } from "../../environment/plan/types";
import { stackFile } from "../../environment/stack-file";
import { clientOf, ownersPlan } from "../shared/client";
import { innerAddresses, stackFacts, outerAddresses, type StackFacts } from "../shared/stack-facts";
import { UserError } from "../shared/failure";
import { interrupted } from "../shared/interrupted";
import { stackOutputs } from "../shared/stack-outputs";
import { tunnel, type TunnelEnd } from "./ssh-tunnel";

export interface TunnelOptions {
  /** Logs in as a person of `people`. @default the operator whose key pair the servers have */
  readonly as?: string;
  /** File of the private key. @default what ssh takes */
  readonly identity?: string;
}

export async function runTunnel(stack: string, options: TunnelOptions): Promise<void> {
  const directory = process.cwd();
  const plan = ownersPlan(directory, stack, "tunnel");
  const { bastion, from } = tunnelRoute(plan);
  const account = accountOf(plan, basename(stackFile(directory, stack)), options.as);
  const known = stackFacts(stack, await stackOutputs(stack, {}));
  await tunnel(
    { ...bastionEndpoint(bastion, known, stack), environment: stack, account, from, ...keyOf(options) },
    interrupted(),
  );
}

/** @throws UserError if the API has another route */
export function tunnelRoute({ access, servers, environment }: EnvironmentPlan): {
  readonly bastion: ServerPlan;
  readonly from: readonly string[];
} {
  const bastion = servers.find(({ role }) => role === "bastion");
  if (access?.operator.kind === "tunnel" && access.sshFrom !== undefined && bastion)
    return { bastion, from: access.sshFrom };
  const kind = access?.operator.kind ?? "direct";
  throw new UserError(
    `the kubeconfig of ${environment} goes through no tunnel: access.operator is ${kind}; write kind: tunnel there, or use kubectl as it is`,
  );
}

/** @throws UserError for a person without SSH */
export function accountOf(plan: EnvironmentPlan, file: string, person: string | undefined): string {
  if (person === undefined) return OPERATOR;
  const { ssh } = clientOf(plan, person, file);
  if (ssh === undefined)
    throw new UserError(
      `people.${person} of ${file} has no ssh, which the tunnel needs; give it, or leave out --as`,
    );
  return ssh.as === "operator" ? OPERATOR : JUMP;
}

function bastionEndpoint(
  { key, name }: ServerPlan,
  known: StackFacts,
  stack: string,
): Pick<TunnelEnd, "name" | "address" | "hostKey"> {
  const address = outerAddresses(known).get(key) ?? innerAddresses(known).get(key);
  const hostKey = known.sshHostKeys[key];
  if (address === undefined || hostKey === undefined)
    throw new UserError(`${name} does not exist yet; first run: labstead up ${stack}`);
  return { name, address, hostKey };
}

function keyOf({ identity }: TunnelOptions): Pick<TunnelEnd, "identity"> {
  return identity === undefined ? {} : { identity };
}
