/**
 * The server's own firewall: it drops all incoming traffic that the plan does not list. Only root can query the
 * metadata service, which exposes user data.
 *
 * Two files: the rules for operators are in user data and are loaded first; the full rule set, which changes with the
 * plan, is pushed. If the pushed file cannot be loaded, the first one stays in effect, and the server admits only SSH.
 * The lab has one table of its own, beside those of kube-proxy and the CNI.
 */
import type {
  EnvironmentPlan,
  HostFirewallPlan,
  HostFirewallRulePlan,
  ServerPlan,
  TunnelPassagePlan,
  TunnelRulePlan,
} from "../../../environment/plan/types";
import type { NonEmpty } from "../../../environment/non-empty";
import { assertNever } from "../../../errors/assert-never";
import { bootFile, sealedFile, type MachinePart } from "../config";
import { nftAddress, nftComment, nftInterface } from "../../formats/nftables";
import { SETTINGS } from "../paths";

const BOOT = `${SETTINGS}/firewall-boot.nft`;
export const FIREWALL = `${SETTINGS}/firewall.nft`;
export const FIREWALL_UNIT = "labstead-firewall.service";

/** Address of Nova's metadata service (link-local, the same on every OpenStack). */
const METADATA = { ipv4: "169.254.169.254", ipv6: "fe80::a9fe:a9fe" } as const;

/** @throws Error for a server without a firewall in the plan: a bug in the plan */
export function firewallPart(server: ServerPlan, plan: EnvironmentPlan): MachinePart {
  const firewall = plan.hostFirewalls.find((each) => each.server === server.key);
  if (firewall === undefined) throw new Error(`${server.key} has no firewall in the plan`);
  const { accept, tunnel } = firewall;
  const boot = { ...firewall, accept: accept.filter(isSsh), ...(tunnel && { tunnel: sshAlone(tunnel) }) };
  return {
    packages: [{ name: "nftables" }],
    files: [
      bootFile(BOOT, ruleset(boot, server, plan)),
      sealedFile(FIREWALL, ruleset(firewall, server, plan), {
        mode: "0644",
        validate: ["nft", "--check", "--file", "{}"],
        apply: { kind: "reload", unit: FIREWALL_UNIT },
      }),
      ...(tunnel === undefined
        ? []
        : [bootFile("/etc/sysctl.d/60-labstead-forward.conf", "net.ipv4.ip_forward = 1\n")]),
    ],
    units: [
      { name: FIREWALL_UNIT, content: UNIT, state: "enabled", needs: [] },
      // The distribution's own unit flushes all tables when it stops, including those of the cluster.
      { name: "nftables.service", state: "disabled", needs: [] },
    ],
    checks: [
      { name: "firewall", run: ["nft", "list", "chain", "inet", "labstead", "input"], timeoutSeconds: 10 },
    ],
  };
}

const UNIT = `[Unit]
Description=Firewall of the plan
DefaultDependencies=no
After=local-fs.target
Before=network-pre.target shutdown.target
Wants=network-pre.target
Conflicts=shutdown.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/nft --file ${BOOT}
ExecStart=-/bin/sh -c 'test ! -e ${FIREWALL} || exec /usr/sbin/nft --file ${FIREWALL}'
ExecReload=/usr/sbin/nft --file ${FIREWALL}

[Install]
WantedBy=sysinit.target
`;

function isSsh({ protocol, portMin, portMax }: HostFirewallRulePlan): boolean {
  return protocol === "icmp" || (protocol === "tcp" && portMin === 22 && portMax === 22);
}

/** Used until the pushed file exists: no peer is known yet, and servers' keys control SSH. */
function sshAlone(tunnel: TunnelPassagePlan): TunnelPassagePlan {
  const [from, to] = [[tunnel.from], [tunnel.to, tunnel.own]] as const;
  return {
    ...tunnel,
    rules: [
      { protocol: "icmp", from, to, reason: "ping" },
      { protocol: "tcp", port: 22, from, to, reason: "SSH of every server" },
    ],
  };
}

/** The table is replaced in one transaction; a missing one is created first, so that it can be deleted. */
function ruleset(firewall: HostFirewallPlan, server: ServerPlan, plan: EnvironmentPlan): string {
  const { tunnel } = firewall;
  const fromTunnel = tunnel === undefined ? [] : [`iifname ${nftInterface(tunnel.interface)} goto tunnel`];
  const chains = [
    ...(tunnel === undefined ? [] : [chain("tunnel", [...tunnel.rules.map(tunnelRule), "drop"])]),
    chain("allowed", firewall.accept.map(acceptRule)),
    chain("arriving", ARRIVING),
    chain("input", [
      "type filter hook input priority filter; policy drop;",
      "ct state established,related accept",
      "ct state invalid drop",
      ...fromTunnel,
      "goto arriving",
    ]),
    chain("output", [
      "type filter hook output priority filter; policy accept;",
      `ip daddr ${METADATA.ipv4} meta skuid != 0 reject with icmpx admin-prohibited`,
      `ip6 daddr ${METADATA.ipv6} meta skuid != 0 reject with icmpx admin-prohibited`,
    ]),
    ...(isNode(server) ? nodeChains(firewall, plan) : [forwardChain(fromTunnel)]),
    ...(tunnel === undefined ? [] : [masquerade(tunnel)]),
  ];
  return `table inet labstead\ndelete table inet labstead\ntable inet labstead {\n${chains.join("\n")}}\n`;
}

/** Rules that are in no plan: loopback, the server's own address (DHCP), and what IPv6 requires. */
const ARRIVING = [
  'iifname "lo" accept',
  "udp sport 67 udp dport 68 accept",
  "ip6 saddr fe80::/10 udp sport 547 udp dport 546 accept",
  "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert, mld-listener-query } accept",
  "jump allowed",
  "drop",
] as const;

function isNode({ role }: ServerPlan): boolean {
  return role === "controlPlane" || role === "workers";
}

/**
 * A NodePort or hostPort is redirected to its pod before any input chain, so new connections are filtered in
 * prerouting, before that. Only the cluster's own servers and pods may connect to pods and Services. Forwarded traffic
 * was admitted there or comes from a pod; NetworkPolicies decide which pods may connect to each other.
 */
function nodeChains(firewall: HostFirewallPlan, { cluster }: EnvironmentPlan): readonly string[] {
  const { podCidr, serviceCidr } = cluster;
  const members = firewall.accept.filter(({ protocol }) => protocol === "any").flatMap(({ from }) => from);
  const inside = addressSet([podCidr, ...new Set(members.filter((each) => each !== podCidr))]);
  return [
    chain("cluster", ['iifname "lo" accept', `ip saddr ${inside} accept`, "drop"]),
    chain("prerouting", [
      "type filter hook prerouting priority mangle; policy accept;",
      "ct state != new accept",
      // kube-proxy sends these to pods although no interface of the node has them.
      ...(firewall.addresses === undefined
        ? []
        : [`ip daddr ${addressSet(firewall.addresses)} meta l4proto { tcp, udp } goto arriving`]),
      `ip daddr ${addressSet([podCidr, serviceCidr])} goto cluster`,
      "meta l4proto { tcp, udp, sctp } fib daddr type local goto arriving",
    ]),
    forwardChain([`ip saddr ${inside} accept`, "ct status dnat accept"]),
  ];
}

function forwardChain(rules: readonly string[]): string {
  return chain("forward", [
    "type filter hook forward priority filter; policy drop;",
    `ip daddr ${METADATA.ipv4} drop`,
    `ip6 daddr ${METADATA.ipv6} drop`,
    "ct state established,related accept",
    ...rules,
  ]);
}

/** For traffic to the gateway itself and for forwarded traffic: the destination address tells them apart. */
function tunnelRule({ from, to, reason, ...flow }: TunnelRulePlan): string {
  const what = flow.protocol === "icmp" ? "meta l4proto icmp" : `${flow.protocol} dport ${flow.port}`;
  return `ip saddr ${addressSet(from)} ip daddr ${addressSet(to)} ${what} accept ${nftComment(reason)}`;
}

/** Tunnel clients appear with the gateway's address, as the rules of all other servers expect. */
function masquerade({ from, to }: TunnelPassagePlan): string {
  return chain("postrouting", [
    "type nat hook postrouting priority srcnat; policy accept;",
    `ip saddr ${nftAddress(from)} ip daddr ${nftAddress(to)} masquerade`,
  ]);
}

function acceptRule(rule: HostFirewallRulePlan): string {
  const parts = [source(rule.from), match(rule), "accept", nftComment(rule.reason)];
  return parts.filter((part) => part !== "").join(" ");
}

function source(from: NonEmpty<string>): string {
  return from.includes("0.0.0.0/0") ? "meta nfproto ipv4" : `ip saddr ${addressSet(from)}`;
}

function addressSet(addresses: NonEmpty<string>): string {
  const [only, ...rest] = addresses;
  return rest.length === 0 ? nftAddress(only) : `{ ${addresses.map(nftAddress).join(", ")} }`;
}

function match({ protocol, portMin, portMax }: HostFirewallRulePlan): string {
  switch (protocol) {
    case "tcp":
    case "udp":
      if (portMin === undefined || portMax === undefined) return `meta l4proto ${protocol}`;
      return `${protocol} dport ${portMin === portMax ? portMin : `${portMin}-${portMax}`}`;
    case "icmp":
      return "meta l4proto icmp";
    case "vrrp":
      // IANA protocol numbers: 112 is VRRP, 4 is IP in IP.
      return "meta l4proto 112";
    case "ipip":
      return "meta l4proto 4";
    case "any":
      return "";
    default:
      return assertNever(protocol);
  }
}

function chain(name: string, rules: readonly string[]): string {
  return `  chain ${name} {\n${rules.map((rule) => `    ${rule}\n`).join("")}  }\n`;
}
