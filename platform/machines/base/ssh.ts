/** sshd: keys only, no root, few attempts; only the bastion forwards, to other servers. */
import { JUMP, OPERATOR } from "../../../environment/accounts";
import type { ServerPlan } from "../../../environment/plan/types";
import { sshWord } from "../../formats/ssh";
import { bootFile, type MachinePart } from "../config";

/** Sorts first to take precedence: sshd uses the first value that it finds. */
const FILE = "/etc/ssh/sshd_config.d/10-labstead.conf";
/** Pushed keys of an account, in addition to those that it was created with. */
export const AUTHORIZED_KEYS = "/etc/ssh/authorized_keys";

export function sshPart(server: ServerPlan): MachinePart {
  return {
    packages: [{ name: "openssh-server" }],
    files: [bootFile(FILE, settings(server))],
    units: [{ name: "ssh.service", state: "enabled", needs: [] }],
    checks: [{ name: "sshd settings", run: ["sshd", "-t"], timeoutSeconds: 10 }],
  };
}

function settings(server: ServerPlan): string {
  return [
    "PermitRootLogin no",
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "AuthenticationMethods publickey",
    `AuthorizedKeysFile .ssh/authorized_keys ${AUTHORIZED_KEYS}/%u`,
    `AllowUsers ${[OPERATOR, ...users(server)].map(sshWord).join(" ")}`,
    "LoginGraceTime 30",
    "MaxAuthTries 4",
    // Pushes to a group of servers share this path with people: one connection each, with several channels.
    "MaxSessions 20",
    "MaxStartups 30:50:100",
    "ClientAliveInterval 60",
    "ClientAliveCountMax 5",
    "X11Forwarding no",
    "AllowAgentForwarding no",
    "PermitTunnel no",
    "GatewayPorts no",
    // A jump host and a tunnel to the API need `local`.
    `AllowTcpForwarding ${server.role === "bastion" ? "local" : "no"}`,
    // People who only pass through must not reach sockets of services on the bastion.
    ...(server.role === "bastion" ? ["AllowStreamLocalForwarding no"] : []),
    "",
  ].join("\n");
}

function users({ role, user }: ServerPlan): readonly string[] {
  return [...(role === "bastion" ? [JUMP] : []), ...(user?.sshKey === undefined ? [] : [user.name])];
}
