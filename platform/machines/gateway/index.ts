/** Servers that carry load balancers: HAProxy, and keepalived for the address that clients use. */
import type { EnvironmentPlan, ServerPlan } from "../../../environment/plan/types";
import { bootFile, sealedFile, type MachinePart } from "../config";
import { LIBRARY } from "../paths";
import { after } from "../units";
import { haproxyConfig, MONITOR_PATH, MONITOR_PORT, OPEN_FILES } from "./haproxy";
import { INTERFACE_FILE, keepalivedConfig, type HeldVip } from "./keepalived";

const HAPROXY_CONFIG = "/etc/haproxy/labstead.cfg";
const KEEPALIVED_CONFIG = "/etc/keepalived/keepalived.conf";
const INTERFACE_UNIT = "labstead-interface.service";
const INTERFACE_SCRIPT = `${LIBRARY}/interface`;
/**
 * As the first process of a namespace: keepalived 2.2 that only tests a file with scripts in it takes its parent for one
 * that has died, and ends by SIGTERM. There it has none.
 */
const ALONE = ["unshare", "--fork", "--pid"] as const;

/** Nothing for a server that carries no load balancer. */
export function balancerPart(server: ServerPlan, plan: EnvironmentPlan): MachinePart {
  const carried = plan.loadBalancers.filter(
    (each) => each.kind === "haproxy" && each.servers.includes(server.key),
  );
  if (carried.length === 0) return {};
  return {
    packages: [{ name: "haproxy" }, { name: "keepalived" }, { name: "curl" }],
    files: [
      bootFile(INTERFACE_SCRIPT, FIND_INTERFACE, "0755"),
      sealedFile(HAPROXY_CONFIG, haproxyConfig(carried, plan.cluster.api.serverName), {
        validate: ["haproxy", "-c", "-f", "{}"],
        apply: { kind: "reload", unit: "haproxy.service" },
      }),
      sealedFile(KEEPALIVED_CONFIG, keepalivedConfig(server, heldVips(server, plan)), {
        validate: [...ALONE, "keepalived", "--config-test", "--use-file", "{}"],
        apply: { kind: "reload", unit: "keepalived.service" },
      }),
    ],
    units: [
      { name: INTERFACE_UNIT, content: INTERFACE_SERVICE, state: "enabled", needs: [] },
      {
        name: "haproxy.service",
        // The package's own settings stay as they are, so that its updates never ask.
        dropIns: {
          "10-labstead": `[Service]\nEnvironment=CONFIG=${HAPROXY_CONFIG}\nLimitNOFILE=${OPEN_FILES}\n`,
        },
        state: "enabled",
        needs: [HAPROXY_CONFIG],
      },
      {
        name: "keepalived.service",
        dropIns: { "10-labstead": after([INTERFACE_UNIT]) },
        state: "enabled",
        needs: [KEEPALIVED_CONFIG],
      },
    ],
    checks: [
      {
        name: "haproxy",
        run: ["curl", "--silent", "--fail", `http://127.0.0.1:${MONITOR_PORT}${MONITOR_PATH}`],
        timeoutSeconds: 60,
      },
      { name: "keepalived", run: ["systemctl", "is-active", "keepalived.service"], timeoutSeconds: 60 },
    ],
  };
}

/** VIPs of the load balancers that this server carries; two of them may share one. */
function heldVips(server: ServerPlan, plan: EnvironmentPlan): readonly HeldVip[] {
  return plan.vips
    .filter(({ holder }) => holder === "keepalived")
    .flatMap((vip): readonly HeldVip[] => {
      const keys = new Set(
        plan.loadBalancers.filter((each) => each.vip === vip.key).flatMap(({ servers }) => servers),
      );
      const holders = plan.servers.filter(({ key }) => keys.has(key));
      return keys.has(server.key) ? [{ vip, holders }] : [];
    });
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
