/**
 * People's keys, pushed: adding or removing a person changes a file and replaces no server. Operators log in with the
 * servers' own account. Others use an account on the bastion that can only forward connections to what the plan lists
 * for them; so do tenants' pushes.
 */
import { JUMP, OPERATOR } from "../../../environment/accounts";
import { addressText } from "../../../environment/address-text";
import { addressAt, parseCidr, type Cidr } from "../../../environment/addresses";
import { machineValues } from "../../../environment/machine-values";
import { mapNonEmpty, type NonEmpty } from "../../../environment/non-empty";
import type {
  EnvironmentPlan,
  PersonPlan,
  ReachPlan,
  ServerPlan,
  TenantPlan,
} from "../../../environment/plan/types";
import { authorizedKey, type AuthorizedKey } from "../../formats/ssh";
import { AUTHORIZED_KEYS } from "../base/ssh";
import { sealedFile, type FileConfig, type MachinePart } from "../config";

/**
 * Permits only forwarding (sshd's AUTHORIZED_KEYS FILE FORMAT). `restrict` alone permits commands, and through the
 * bastion's own programs a person could reach everything; so each session runs a program that ends it.
 */
const PASS_THROUGH = ["restrict", "port-forwarding", ["command", "/usr/sbin/nologin"]] as const;

/** The bastion's own sshd, the target of a connection check. */
const OWN_SSH = "localhost:22";

export function peoplePart(server: ServerPlan, plan: EnvironmentPlan): MachinePart {
  const { people, tenants, network } = plan;
  const operators = keysFile(
    OPERATOR,
    people.flatMap((person) => keyOf(person, "operator", [])),
  );
  if (server.role !== "bastion") return { files: [operators] };
  const passing = people.flatMap((person) =>
    keyOf(person, "jump", passThrough(permitted(person, plan.reach))),
  );
  const pushing = tenants.map((tenant) => tenantKey(tenant, network.cidr));
  return {
    users: [{ name: JUMP, sshKeys: [], sudo: false }],
    files: [operators, keysFile(JUMP, [...passing, ...pushing])],
  };
}

/** Options of a key for these `host:port`. Never empty: without `permitopen` sshd would permit everything. */
function passThrough(to: NonEmpty<string>): AuthorizedKey["options"] {
  return [...PASS_THROUGH, ...to.map((each) => ["permitopen", each] as const)];
}

/** sshd forwards TCP only. */
function permitted({ name }: PersonPlan, reach: readonly ReachPlan[]): NonEmpty<string> {
  const destinations = reach.filter((each) => each.name === name).flatMap((each) => each.destinations);
  return [
    OWN_SSH,
    ...destinations
      .filter(({ protocol }) => protocol === "tcp")
      .flatMap(({ at, port }) => at.map((address) => `${addressText(address)}:${port}`)),
  ];
}

/** To SSH of the tenant's own servers, or of any server if Neutron chooses their addresses. */
function tenantKey({ name, cidr }: TenantPlan, network: string): string {
  const own: NonEmpty<string> =
    cidr === network ? ["*:22"] : mapNonEmpty(addressesIn(parseCidr(cidr)), (ip) => `${ip}:22`);
  const key = machineValues.tenantKey(name).toString();
  return authorizedKey({ options: passThrough(own), key, comment: `tenant ${name}` });
}

function addressesIn(cidr: Cidr): NonEmpty<string> {
  const others = Array.from({ length: cidr.size - 1 }, (_, offset) => addressAt(cidr, offset + 1));
  return [addressAt(cidr, 0), ...others];
}

/** The key without its own comment, which may contain anything; the name from the configuration replaces it. */
function keyOf(
  { name, ssh }: PersonPlan,
  as: "jump" | "operator",
  options: AuthorizedKey["options"],
): readonly string[] {
  if (ssh?.as !== as) return [];
  const key = ssh.key.split(" ").slice(0, 2).join(" ");
  return [authorizedKey({ options, key, comment: name })];
}

/** sshd reads it at each login. */
function keysFile(account: string, keys: readonly string[]): FileConfig {
  return sealedFile(`${AUTHORIZED_KEYS}/${account}`, keys.map((key) => `${key}\n`).join(""), {
    mode: "0644",
  });
}
