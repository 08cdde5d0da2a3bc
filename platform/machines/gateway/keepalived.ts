/** keepalived of a server: it holds its VIPs while its own health check passes. */
import { addressText } from "../../../environment/address-text";
import type { ServerPlan, VipPlan } from "../../../environment/plan/types";
import { secretValue, vrrpPassword } from "../../../environment/secrets";
import { keepalivedCommand, keepalivedWord } from "../../formats/keepalived";
import { STORAGE_VIP } from "../../../environment/shared-storage";

/** Defines `$LAN`, the name of the interface, which depends on image and flavor. */
export const INTERFACE_FILE = "/run/labstead/keepalived-interface.conf";

/** Virtual router ids by VIP: 47 is MK's. */
const ROUTER_IDS: Readonly<Record<string, number>> = { api: 47, edge: 48, [STORAGE_VIP]: 49 };
/** MK's priorities by slot; further slots follow, each with a lower priority than the previous one. */
const PRIORITIES = [150, 100, 80] as const;

export interface HeldVip {
  readonly vip: VipPlan;
  /** The servers that may hold the VIP. */
  readonly holders: readonly ServerPlan[];
}

/** The check that decides whether a server may hold its VIPs. */
export interface HolderCheck {
  readonly name: string;
  /** Run as user nobody every two seconds; fails unless it exits with 0 within two seconds. */
  readonly command: string;
}

export function keepalivedConfig(server: ServerPlan, held: readonly HeldVip[], check: HolderCheck): string {
  return [preamble(server, check), ...held.map((each) => instance(server, each, check))].join("\n");
}

/** Interval, fall and rise are MK's. A holder whose check fails releases its VIPs at once. */
function preamble(server: ServerPlan, { name, command }: HolderCheck): string {
  return `global_defs {
    router_id ${keepalivedWord(server.name)}
    enable_script_security
    script_user nobody
}

include ${INTERFACE_FILE}

vrrp_script ${keepalivedWord(name)} {
    script ${keepalivedCommand(command)}
    interval 2
    timeout 2
    fall 2
    rise 2
}
`;
}

/**
 * Unicast, because Neutron drops multicast and because firewall rules list the holders. All servers start as backup,
 * and none takes an address back from a healthy holder: each move breaks the sessions through it.
 */
function instance(server: ServerPlan, { vip, holders }: HeldVip, check: HolderCheck): string {
  const peers = holders.filter(({ key }) => key !== server.key);
  return `vrrp_instance ${keepalivedWord(vip.key)} {
    state BACKUP
    nopreempt
    interface $LAN
    virtual_router_id ${routerId(vip)}
    priority ${priority(server)}
    advert_int 1
${unicast(server, peers)}    authentication {
        auth_type PASS
        auth_pass ${keepalivedWord(secretValue(vrrpPassword(vip.key)).toString())}
    }
    virtual_ipaddress {
        ${keepalivedWord(addressText(vip.address))}/32 dev $LAN
    }
    track_script {
        ${keepalivedWord(check.name)}
    }
}
`;
}

/** A single holder has no peers but still holds the VIP. */
function unicast({ address }: ServerPlan, peers: readonly ServerPlan[]): string {
  if (peers.length === 0) return "";
  const addresses = peers.map((peer) => `        ${keepalivedWord(addressText(peer.address))}\n`);
  return `    unicast_src_ip ${keepalivedWord(addressText(address))}\n    unicast_peer {\n${addresses.join("")}    }\n`;
}

/** @throws Error for a VIP without an id: a bug in the program, because two such VIPs would conflict */
function routerId({ key }: VipPlan): number {
  const id = ROUTER_IDS[key];
  if (id === undefined) throw new Error(`VIP ${key} has no virtual router id`);
  return id;
}

function priority({ slot }: ServerPlan): number {
  return PRIORITIES[slot] ?? Math.max(1, 80 - slot);
}
