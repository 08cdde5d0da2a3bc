/** Failover of a VIP between servers: keepalived, and the name of its interface. */
import type { ServerPlan } from "../../../environment/plan/types";
import { bootFile, sealedFile, type MachinePart } from "../config";
import { LIBRARY } from "../paths";
import { after } from "../units";
import { INTERFACE_FILE, keepalivedConfig, type HeldVip, type HolderCheck } from "./keepalived";

const KEEPALIVED_CONFIG = "/etc/keepalived/keepalived.conf";
const INTERFACE_UNIT = "labstead-interface.service";
const INTERFACE_SCRIPT = `${LIBRARY}/interface`;
/**
 * Runs as the first process of a PID namespace, which has no parent: keepalived 2.2, when it only tests a file that
 * contains scripts, assumes that its parent has died and exits by SIGTERM.
 */
const ALONE = ["unshare", "--fork", "--pid"] as const;

export function vipPart(server: ServerPlan, held: readonly HeldVip[], check: HolderCheck): MachinePart {
  return {
    packages: [{ name: "keepalived" }],
    files: [
      bootFile(INTERFACE_SCRIPT, FIND_INTERFACE, "0755"),
      sealedFile(KEEPALIVED_CONFIG, keepalivedConfig(server, held, check), {
        validate: [...ALONE, "keepalived", "--config-test", "--use-file", "{}"],
        apply: { kind: "reload", unit: "keepalived.service" },
      }),
    ],
    units: [
      { name: INTERFACE_UNIT, content: INTERFACE_SERVICE, state: "enabled", needs: [] },
      {
        name: "keepalived.service",
        dropIns: { "10-labstead": after([INTERFACE_UNIT]) },
        state: "enabled",
        needs: [KEEPALIVED_CONFIG],
      },
    ],
    checks: [
      { name: "keepalived", run: ["systemctl", "is-active", "keepalived.service"], timeoutSeconds: 60 },
    ],
  };
}

const INTERFACE_SERVICE = `[Unit]
Description=Name of the interface that holds the VIP
After=network-online.target
Wants=network-online.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=${INTERFACE_SCRIPT}

[Install]
WantedBy=multi-user.target
`;

const FIND_INTERFACE = `#!/bin/sh
# Writes the name of the interface of the default route for keepalived.
set -eu
until name=$(ip -4 route show default | sed -n 's/.* dev \\([^ ]*\\).*/\\1/p' | head -n 1) && [ -n "$name" ]; do
  sleep 1
done
mkdir -p $(dirname ${INTERFACE_FILE})
echo "\\$LAN=$name" > ${INTERFACE_FILE}
`;
