/** Who can log in: operators, with the key pair of the server, and the person to whom a desktop belongs. */
import { OPERATOR } from "../../../environment/accounts";
import type { ServerPlan } from "../../../environment/plan/types";
import type { MachinePart } from "../config";

export function accountsPart({ user }: ServerPlan): MachinePart {
  const operator = { name: OPERATOR, sshKeys: [], sudo: true };
  if (user === undefined) return { users: [operator] };
  const sshKeys = user.sshKey === undefined ? [] : [user.sshKey];
  return { users: [operator, { name: user.name, sshKeys, sudo: false }] };
}
