/** A plan as a page of text: what a reviewer of a change wants to see, one line for each thing. */
import { findingText, type Finding } from "../../environment/findings";
import { lifetimeText, renewalText } from "../../environment/plan/expiries-text";
import type {
  AddressPlan,
  EnvironmentPlan,
  HostFirewallRulePlan,
  SecurityGroupRulePlan,
  TunnelRulePlan,
} from "../../environment/plan/types";
import { maskText } from "../../values";

export function summary(plan: EnvironmentPlan, findings: readonly Finding[]): string {
  const sections: readonly (readonly [title: string, lines: readonly (readonly string[])[]])[] = [
    ["environment", overview(plan)],
    ["findings", findings.map((each) => [each.severity, findingText(each)])],
    ["servers", plan.servers.map((each) => serverLine(plan, each.key))],
    ["volumes", volumeLines(plan)],
    ["ports", portLines(plan)],
    ["load balancers and VIPs", balancerLines(plan)],
    ["floating IPs", plan.floatingIps.map((each) => [each.key, each.pool])],
    [
      "security groups",
      plan.securityGroups.flatMap((group) => group.rules.map((rule) => ruleLine(group.key, rule))),
    ],
    ["host firewalls", firewallLines(plan)],
    ["tenants", tenantLines(plan)],
    ["secrets", plan.secrets.map((each) => [each.name, each.kind])],
    ["ends", plan.expiries.map((each) => [each.key, lifetimeText(each), renewalText(each)])],
    [
      "containers and credentials",
      [...plan.containers, ...plan.applicationCredentials].map((each) => [each.key, each.name]),
    ],
  ];
  return `${sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => `## ${title}\n${table(lines)}`)
    .join("\n\n")}\n`;
}

/** Columns as wide as their widest cell; a line of one cell is a heading. */
function table(lines: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const line of lines.filter((each) => each.length > 1))
    for (const [index, cell] of line.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  return lines
    .map((line) =>
      line.length === 1
        ? line.join("")
        : line
            .map((cell, index) => cell.padEnd(widths[index] ?? 0))
            .join("  ")
            .trimEnd(),
    )
    .join("\n");
}

const where = (address: AddressPlan) => (address.kind === "planned" ? address.ip : "(assigned)");
const groupsText = (list: readonly string[]) => list.join(",") || "-";

function overview(plan: EnvironmentPlan): readonly (readonly string[])[] {
  const { network, cluster, wireguard, keyPair } = plan;
  const { api } = cluster;
  return [
    [
      "network",
      `${network.kind} ${network.name} ${network.cidr} gateway ${network.gatewayIp} mtu ${network.mtu}`,
    ],
    ["Neutron's own", network.allocationPools.map(({ start, end }) => `${start}-${end}`).join(" ")],
    ["fixed addresses", String(network.fixedAddresses)],
    ["key pair", `${keyPair.kind} ${keyPair.name}`],
    [
      "cluster",
      `${cluster.name} of ${cluster.owner} ${cluster.version} pods ${cluster.podCidr} services ${cluster.serviceCidr}`,
    ],
    [
      "api",
      api === undefined
        ? "elsewhere"
        : `${where(api.address)}:${api.port} as ${api.serverName} ${api.floatingIp ?? "without a floating IP"}`,
    ],
    ...(wireguard === undefined
      ? []
      : [
          [
            "wireguard",
            `${wireguard.cidr} port ${wireguard.port} dial ${endpoint(wireguard.endpoint)} peers ${wireguard.peers.map((each) => `${each.name}=${each.address}`).join(" ")}`,
          ],
        ]),
    ["tags", plan.tags.join(" ")],
  ];
}

function endpoint(target: { kind: "vip"; vip: string } | { kind: "server"; server: string }): string {
  return target.kind === "vip" ? `vip/${target.vip}` : `server/${target.server}`;
}

function serverLine(plan: EnvironmentPlan, key: string): readonly string[] {
  const server = plan.servers.find((each) => each.key === key)!;
  const extras = [
    server.availabilityZone,
    server.bootVolume && `boot ${server.bootVolume.sizeGiB}G`,
    server.serverGroup && `spread ${server.serverGroup}`,
    server.gpu && `${server.gpu.resource}=${server.gpu.count}`,
    server.user && `user ${server.user.name}`,
    server.allowedAddressPairs.length > 0 ? `pairs ${server.allowedAddressPairs.join(",")}` : undefined,
    ...server.taints.map((taint) => `taint ${taint.key}=${taint.value}:${taint.effect}`),
    ...Object.entries(server.labels).map(([label, value]) => `${label}=${value}`),
  ];
  return [
    server.key,
    server.name,
    where(server.address),
    server.flavor,
    groupsText(server.securityGroups),
    `groups=${server.metadata["groups"] ?? ""}`,
    extras.filter(Boolean).join(" "),
  ];
}

function volumeLines(plan: EnvironmentPlan): readonly (readonly string[])[] {
  return plan.volumes.map(({ key, name, sizeGiB, use, protect }) => {
    const place =
      use.kind === "filesystem"
        ? `${use.type} ${use.mountPoint}`
        : use.kind === "raw"
          ? `raw ${use.device}`
          : "swap";
    return [key, name, `${sizeGiB}G`, place, protect ? "protected" : ""];
  });
}

function portLines(plan: EnvironmentPlan): readonly (readonly string[])[] {
  return plan.ports.map((port) => {
    const probe = port.probe.kind === "tcp" ? "tcp" : `${port.probe.kind} ${port.probe.path}`;
    const by = port.loadBalancer ?? "the nodes themselves";
    return [
      port.name,
      port.purpose,
      `${port.protocol} ${port.external} -> ${port.backend}`,
      `by ${by}`,
      `from ${port.admits.map(({ cidr, origin }) => (origin === "inside" ? `inside ${cidr}` : cidr)).join(",")}`,
      `probe ${probe}`,
    ];
  });
}

function balancerLines(plan: EnvironmentPlan): readonly (readonly string[])[] {
  const balancers = plan.loadBalancers.map(({ key, kind, vip, servers, frontends }) => {
    const backends = [...new Set(frontends.flatMap((front) => front.backends.map((each) => each.server)))];
    return [
      key,
      kind,
      `on ${groupsText(servers)}`,
      `vip ${vip}`,
      `${frontends.length} frontends -> ${groupsText(backends)}`,
    ];
  });
  const vips = plan.vips.map((vip) => [
    `vip/${vip.key}`,
    vip.holder,
    where(vip.address),
    vip.name,
    groupsText(vip.securityGroups),
  ]);
  return [...balancers, ...vips];
}

interface Ported {
  readonly portMin?: number;
  readonly portMax?: number;
}

function portsText({ portMin, portMax }: Ported): string {
  if (portMin === undefined) return "all";
  return portMin === portMax ? String(portMin) : `${portMin}-${String(portMax)}`;
}

function ruleLine(group: string, rule: SecurityGroupRulePlan): readonly string[] {
  const from = rule.remote.kind === "cidr" ? rule.remote.cidr : `group ${rule.remote.group}`;
  return [group, rule.protocol, portsText(rule), `from ${from}`, rule.reason];
}

/** Servers of one pool have one firewall, so each is printed once. */
function firewallLines(plan: EnvironmentPlan): readonly (readonly string[])[] {
  const byText = new Map<string, string[]>();
  const texts = new Map<string, readonly (readonly string[])[]>();
  for (const { server, accept, tunnel } of plan.hostFirewalls) {
    const lines = [...accept.map(acceptLine), ...(tunnel?.rules ?? []).map(tunnelLine)];
    const text = JSON.stringify(lines);
    byText.set(text, [...(byText.get(text) ?? []), server]);
    texts.set(text, lines);
  }
  return [...byText].flatMap(([text, servers]) => [[servers.join(" ")], ...(texts.get(text) ?? [])]);
}

function tunnelLine({ from, to, reason, ...flow }: TunnelRulePlan): readonly string[] {
  const what = flow.protocol === "icmp" ? "icmp all" : `${flow.protocol} ${flow.port}`;
  return ["", `tunnel ${what}`, `from ${from.join(",")} to ${maskText(to.join(","))}`, reason];
}

function acceptLine(rule: HostFirewallRulePlan): readonly string[] {
  return ["", `${rule.protocol} ${portsText(rule)}`, `from ${rule.from.join(",")}`, rule.reason];
}

function tenantLines(plan: EnvironmentPlan): readonly (readonly string[])[] {
  return plan.tenants.map((each) => [
    each.name,
    each.cidr,
    `http ${each.ingress.http} https ${each.ingress.https}`,
    each.window === undefined ? "no window" : `window ${each.window.from}-${each.window.to}`,
    each.namespaces.join(","),
    each.hosts.join(","),
  ]);
}
