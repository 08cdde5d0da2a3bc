/** The only server with SSH from outside: it bans addresses after repeated failures. */
import type { EnvironmentPlan } from "../../../environment/plan/types";
import { plainWord } from "../../formats/strings";
import { bootFile, type MachinePart } from "../config";

const JAIL = "/etc/fail2ban/jail.d/labstead.conf";
const UNIT = "fail2ban.service";

/**
 * Ten failures in ten minutes are more than typing errors or an agent with several keys; a ban of ten minutes is short
 * enough for a legitimate user. Inside addresses are never banned: pushes to the bastion itself come from them too.
 */
const LIMITS = { maxretry: 10, findtime: "10m", bantime: "10m" } as const;

export function bastionPart({ network, wireguard }: EnvironmentPlan): MachinePart {
  const inside = ["127.0.0.1/8", "::1", network.cidr, ...(wireguard === undefined ? [] : [wireguard.cidr])];
  const limits = Object.entries(LIMITS).map(([name, value]) => `${name} = ${value}\n`);
  return {
    // The journal is read with Python's systemd library, which the package only recommends.
    packages: [{ name: "fail2ban" }, { name: "python3-systemd" }],
    files: [
      bootFile(
        JAIL,
        `[DEFAULT]
banaction = nftables-multiport
ignoreip = ${inside.map((each) => plainWord("fail2ban", each)).join(" ")}
${limits.join("")}
[sshd]
enabled = true
backend = systemd
`,
      ),
    ],
    units: [{ name: UNIT, state: "enabled", needs: [] }],
    checks: [{ name: "fail2ban", run: ["fail2ban-client", "status", "sshd"], timeoutSeconds: 30 }],
  };
}
