/** Servers that carry load balancers: HAProxy, and keepalived for the address that clients use. */
import { apiOf } from "../../../environment/plan/api";
import { MONITOR_PORT } from "../../../environment/plan/listeners";
import type { EnvironmentPlan, ServerPlan } from "../../../environment/plan/types";
import { sealedFile, type MachinePart } from "../config";
import { haproxyConfig, MONITOR_PATH, OPEN_FILES } from "./haproxy";
import type { HeldVip, HolderCheck } from "./keepalived";
import { vipPart } from "./vip";

const HAPROXY_CONFIG = "/etc/haproxy/labstead.cfg";
const MONITOR = `http://127.0.0.1:${MONITOR_PORT}${MONITOR_PATH}`;
const HAPROXY_HEALTHY: HolderCheck = {
  name: "haproxy",
  command: `/usr/bin/curl --silent --fail --max-time 1 --output /dev/null ${MONITOR}`,
};

/** Nothing for a server that carries no load balancer. */
export function balancerParts(server: ServerPlan, plan: EnvironmentPlan): readonly MachinePart[] {
  const carried = plan.loadBalancers.filter(
    (each) => each.kind === "haproxy" && each.servers.includes(server.key),
  );
  if (carried.length === 0) return [];
  const haproxy: MachinePart = {
    packages: [{ name: "haproxy" }, { name: "curl" }],
    files: [
      sealedFile(HAPROXY_CONFIG, haproxyConfig(carried, apiOf(plan.cluster).serverName), {
        validate: ["haproxy", "-c", "-f", "{}"],
        apply: { kind: "reload", unit: "haproxy.service" },
      }),
    ],
    units: [
      {
        name: "haproxy.service",
        // The package's own settings stay unchanged, so that its updates never prompt.
        dropIns: {
          "10-labstead": `[Service]\nEnvironment=CONFIG=${HAPROXY_CONFIG}\nLimitNOFILE=${OPEN_FILES}\n`,
        },
        state: "enabled",
        needs: [HAPROXY_CONFIG],
      },
    ],
    checks: [{ name: "haproxy", run: ["curl", "--silent", "--fail", MONITOR], timeoutSeconds: 60 }],
  };
  return [haproxy, vipPart(server, heldVips(server, plan), HAPROXY_HEALTHY)];
}

/** VIPs of the load balancers on this server; two load balancers may share a VIP. */
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
