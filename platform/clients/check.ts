/**
 * `check`: a person runs it and reads, line by line, which kinds of access work, and how to fix each one that does not.
 * It changes nothing.
 */
import { TUNNEL_PORT } from "../../environment/accounts";
import { assertNever } from "../../errors/assert-never";
import type { EnvironmentPlan } from "../../environment/plan/types";
import { singleQuoted } from "../formats/shell";
import type { Client, ClientFacts } from "./client";
import { reachableServers, type ReachableServer } from "./ssh";

/** Time-out of each check, in seconds. */
const TIMEOUT_SECONDS = 10;

interface Check {
  /** The access that is checked. */
  readonly what: string;
  readonly fix: string;
  readonly program: keyof typeof PROGRAMS;
  /** Its arguments, as bash words. */
  readonly args: string;
}

export function connectionCheck(plan: EnvironmentPlan, client: Client, facts: ClientFacts): string {
  const checks = [...tunnel(plan, client), ...ssh(plan, client), ...cluster(plan, client, facts)];
  return `#!/usr/bin/env bash
# Checks the access of ${client.name} to ${plan.environment}; exits with 1 if a check fails.
set -uo pipefail
folder=$(cd "$(dirname "$0")" && pwd)
failed=0

# attempt WHAT FIX COMMAND…: one line, with the last words of a command that failed.
attempt() {
  local what=$1 fix=$2 said
  shift 2
  if ! command -v "$1" >/dev/null; then
    echo "no     $what: there is no $1 here; install it"
    failed=1
  elif said=$("$@" 2>&1 </dev/null); then
    echo "works  $what"
  else
    echo "no     $what: $(printf '%s\\n' "$said" | grep -Ev '^($|Connection closed by UNKNOWN)' | tail -n 1); $fix"
    failed=1
  fi
}
${programs(checks)}
${checks.map(line).join("\n")}
exit "$failed"
`;
}

/** Only the programs that are used, each with its fixed arguments. */
function programs(checks: readonly Check[]): string {
  const used = new Set(checks.map(({ program }) => program));
  return [...used].map((program) => `\n${PROGRAMS[program]}`).join("");
}

const PROGRAMS = {
  ping: `# macOS counts the wait in milliseconds.
wait=3
[ "$(uname)" != Darwin ] || wait=3000
ping=(ping -c 2 -W "$wait")
`,
  ssh: `ssh=(ssh -F "$folder/ssh_config" -o BatchMode=yes -o ConnectTimeout=${TIMEOUT_SECONDS})
`,
  kubectl: `kubectl=(kubectl --kubeconfig "$folder/kubeconfig" --request-timeout ${TIMEOUT_SECONDS}s)
`,
} as const;

function line({ what, fix, program, args }: Check): string {
  return `attempt ${singleQuoted(what)} ${singleQuoted(fix)} "\${${program}[@]}" ${args}`;
}

function tunnel({ wireguard }: EnvironmentPlan, { peer }: Client): readonly Check[] {
  if (wireguard === undefined || peer === undefined) return [];
  return [
    {
      what: "WireGuard tunnel",
      fix: `bring it up by ./wg-up; if it is up, your network has to let UDP ${wireguard.port} out`,
      program: "ping",
      args: wireguard.gatewayAddress,
    },
  ];
}

/** The bastion, and one server behind it. */
function ssh(plan: EnvironmentPlan, client: Client): readonly Check[] {
  return reachableServers(plan, client)
    .slice(0, 2)
    .map((reached) => ({
      what: `SSH ${reached.through === undefined ? "to" : `through ${reached.through.name} to`} ${reached.server.name}`,
      fix: sshFix(plan, client),
      program: "ssh",
      args: target(reached, client),
    }));
}

/** A person who only passes through has no shell there: the check connects to the server's own sshd from inside. */
function target({ server, through }: ReachableServer, { ssh: given }: Client): string {
  const passes = given?.as === "jump" && through === undefined;
  return passes ? `-W localhost:22 ${server.name}` : `${server.name} true`;
}

function sshFix({ access }: EnvironmentPlan, { name, ssh: given }: Client): string {
  const [type = "", key = ""] = given?.key.split(" ") ?? [];
  const known = `your key has to be the one that the lab has for you, ${type} …${key.slice(-12)} (ssh-add -l, or ssh -i)`;
  if (access === undefined) return known;
  return access.sshFrom === undefined
    ? `${known}, and the tunnel up (people.${name}.wireguard)`
    : `${known}, and your address in ${access.sshFrom.join(" or ")}`;
}

function cluster(plan: EnvironmentPlan, client: Client, { kubeconfig }: ClientFacts): readonly Check[] {
  if (kubeconfig === undefined) return [];
  const { everywhere, namespaces, identity } = client.kubernetes;
  const renewal =
    identity.kind === "oidc"
      ? `sign in as ${identity.principal.replace(/^oidc:/, "")}`
      : `if it says Unauthorized the certificate has expired: ask for a new kubeconfig`;
  const asked = (what: string, where: string): Check => ({
    what: `${what} in the cluster`,
    fix: `${renewal}; if it says no, the lab has not given you this`,
    program: "kubectl",
    args: `auth can-i list pods ${where}`,
  });
  return [
    { what: "Kubernetes API", fix: apiFix(plan, client), program: "kubectl", args: "get --raw /readyz" },
    ...(everywhere === undefined ? [] : [asked(`${everywhere} everywhere`, "--all-namespaces")]),
    ...Object.entries(namespaces).map(([namespace, role]) =>
      asked(`${role} of namespace ${namespace}`, `--namespace ${namespace}`),
    ),
  ];
}

function apiFix({ access, servers }: EnvironmentPlan, { peer }: Client): string {
  if (peer !== undefined || access === undefined) return "it is reached by the WireGuard tunnel: ./wg-up";
  const { operator } = access;
  switch (operator.kind) {
    case "allowlist":
      return `your address has to be in ${operator.from.join(" or ")}`;
    case "tunnel": {
      const bastion = servers.find(({ role }) => role === "bastion")?.name ?? "the bastion";
      return `it is reached through ${bastion}: ssh -F ssh_config -N -D ${TUNNEL_PORT} ${bastion}`;
    }
    case "wireguard":
      return "it is reached by the WireGuard tunnel, and you have no peer of it; ask the lab for one";
    default:
      return assertNever(operator);
  }
}
