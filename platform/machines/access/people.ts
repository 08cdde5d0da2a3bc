/**
 * The keys of people, pushed: joining and leaving change a file and no server. Operators log in with the servers' own
 * account; the others with an account of the bastion that can only forward connections, as do tenants' pushes.
 */
import { JUMP, OPERATOR } from "../../../environment/accounts";
import { addressAt, parseCidr, type Cidr } from "../../../environment/addresses";
import { machineValues } from "../../../environment/machine-values";
import type { EnvironmentPlan, PersonPlan, ServerPlan, TenantPlan } from "../../../environment/plan/types";
import { AUTHORIZED_KEYS } from "../base/ssh";
import { sealedFile, type FileConfig, type MachinePart } from "../config";

/** Nothing but a connection onwards: no shell, no terminal, no command (sshd's AUTHORIZED_KEYS FILE FORMAT). */
const PASS_THROUGH = "restrict,port-forwarding";

export function peoplePart(server: ServerPlan, { people, tenants, network }: EnvironmentPlan): MachinePart {
  const operators = keysFile(
    OPERATOR,
    people.flatMap((person) => keyOf(person, "operator")),
  );
  if (server.role !== "bastion") return { files: [operators] };
  const passing = people.flatMap((person) => keyOf(person, "jump")).map((key) => `${PASS_THROUGH} ${key}`);
  const pushing = tenants.map((tenant) => tenantKey(tenant, network.cidr));
  return {
    users: [{ name: JUMP, sshKeys: [], sudo: false }],
    files: [operators, keysFile(JUMP, [...passing, ...pushing])],
  };
}

/** To SSH of the tenant's own servers and nowhere else, where their addresses are known. */
function tenantKey({ name, cidr }: TenantPlan, network: string): string {
  const own = cidr === network ? [] : addressesIn(parseCidr(cidr)).map((ip) => `permitopen="${ip}:22"`);
  return `${[PASS_THROUGH, ...own].join(",")} ${machineValues.tenantKey(name).toString()} tenant ${name}`;
}

function addressesIn(cidr: Cidr): readonly string[] {
  return Array.from({ length: cidr.size }, (_, offset) => addressAt(cidr, offset));
}

/** The key without its own comment, which may hold anything; the name from the configuration stands there instead. */
function keyOf({ name, ssh }: PersonPlan, as: "jump" | "operator"): readonly string[] {
  if (ssh?.as !== as) return [];
  const [type = "", key = ""] = ssh.key.split(" ");
  return [`${type} ${key} ${name}`];
}

/** sshd reads it again at each login. */
function keysFile(account: string, keys: readonly string[]): FileConfig {
  return sealedFile(`${AUTHORIZED_KEYS}/${account}`, keys.map((key) => `${key}\n`).join(""), {
    mode: "0644",
  });
}
