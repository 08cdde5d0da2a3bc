/** The plan for people to read before `up`: servers, ports, rules and their purpose. */
import { addressText } from "../environment/address-text";
import { lifetimeText, renewalText } from "../environment/plan/expiries-text";
import { maskText } from "../values";
import { findingText, type Finding } from "../environment/findings";
import { printable } from "../environment/printable";
import type { Lab } from "../lab";
import type {
  AddressPlan,
  AdmissionPlan,
  EnvironmentPlan,
  HostFirewallRulePlan,
  RemotePlan,
} from "../environment/plan/types";
import type { QuotaReport, QuotaRow } from "../infra/quota";
import { spanText } from "./ports-text";
import { textTable } from "./table";
import { useText } from "./volume-use";

/** What the text is about. */
export type PlannedLab = Pick<Lab, "plan" | "quota" | "findings" | "accepted">;

export function planText({ plan, quota, findings, accepted }: PlannedLab): string {
  return [
    overview(plan),
    servers(plan),
    volumes(plan),
    ports(plan),
    addresses(plan),
    securityGroups(plan),
    hostFirewalls(plan),
    reach(plan),
    expiries(plan),
    quotaTable(quota),
    findingsText({ findings, accepted }),
  ].join("\n");
}

/** An address as text: that of the plan, or the name of the value that the cloud assigns. */
function maskedAddress(address: AddressPlan): string {
  return maskText(addressText(address));
}

/** Those that are accepted in a table of their own, with the reasons. */
export function findingsText({ findings, accepted }: Pick<PlannedLab, "findings" | "accepted">): string {
  const line = (each: Finding): string => `${findingText(each)} [${each.id}]`;
  const open = textTable(
    "Findings",
    ["severity", "what"],
    findings.map((each) => [each.severity, line(each)]),
  );
  if (accepted.length === 0) return open;
  const rows = accepted.map((each) => [printable(each.reason), line(each.finding)]);
  return `${open}\n${textTable("Accepted findings", ["reason", "what"], rows)}`;
}

function overview(plan: EnvironmentPlan): string {
  const { cluster, network } = plan;
  const pools = network.allocationPools.map(({ start, end }) => `${start}–${end}`).join(", ");
  return textTable(
    `Environment ${plan.environment}`,
    ["what", "value"],
    [
      ...(network.kind === "none"
        ? []
        : [
            ["network", `${network.name} ${network.cidr} (${network.kind}), MTU ${String(network.mtu)}`],
            ["left to Neutron", pools],
          ]),
      ["cluster", `${cluster.name}, Kubernetes ${cluster.version}, owned by ${cluster.owner}`],
      ["Kubernetes API", apiText(cluster)],
      ["pods, services", `${cluster.podCidr}, ${cluster.serviceCidr}`],
    ],
  );
}

function apiText({ api }: EnvironmentPlan["cluster"]): string {
  return api === undefined
    ? "from labstead:kubeconfig"
    : `${maskedAddress(api.address)}:${String(api.port)} as ${api.serverName}`;
}

function servers(plan: EnvironmentPlan): string {
  const rows = plan.servers.map((server) => [
    server.name,
    maskedAddress(server.address),
    server.flavor,
    server.availabilityZone ?? "any",
    server.image,
    server.securityGroups.join(","),
  ]);
  return textTable("Servers", ["name", "address", "flavor", "zone", "image", "security groups"], rows);
}

function volumes(plan: EnvironmentPlan): string {
  const rows = plan.volumes.map((volume) => [
    volume.name,
    `${String(volume.sizeGiB)} GiB`,
    useText(volume.use),
    volume.protect ? "protected" : "",
  ]);
  return textTable("Volumes", ["name", "size", "use", ""], rows);
}

function ports(plan: EnvironmentPlan): string {
  const rows = plan.ports.map((port) => [
    port.name,
    `${String(port.external)}/${port.protocol}`,
    String(port.backend),
    port.loadBalancer ?? "none",
    port.admits.map(admittedText).join(" "),
    port.probe.kind === "tcp" ? "tcp" : `${port.probe.kind} ${port.probe.path}`,
  ]);
  return textTable("Ports", ["name", "external", "backend", "load balancer", "from", "probe"], rows);
}

function admittedText({ cidr, origin }: AdmissionPlan): string {
  return origin === "inside" ? `inside (${cidr})` : cidr;
}

function addresses(plan: EnvironmentPlan): string {
  const vips = plan.vips.map((vip) => [vip.name, maskedAddress(vip.address), vip.holder]);
  const floating = plan.floatingIps.map((each) => [each.key, "floating IP", `pool ${each.pool}`]);
  return textTable("VIPs and floating IPs", ["name", "address", "held by"], [...vips, ...floating]);
}

function securityGroups(plan: EnvironmentPlan): string {
  const rows = plan.securityGroups.flatMap((group) =>
    group.rules.map((rule) => [
      group.key,
      rule.protocol,
      spanText(rule.portMin, rule.portMax),
      remoteText(rule.remote),
      rule.reason,
    ]),
  );
  return textTable("Security-group rules", ["group", "protocol", "ports", "from", "why"], rows);
}

function remoteText(remote: RemotePlan): string {
  return remote.kind === "cidr" ? remote.cidr : `group ${remote.group}`;
}

/** One row for all servers with the same firewall. */
function hostFirewalls(plan: EnvironmentPlan): string {
  const serversByRules = new Map<string, string[]>();
  const rules = new Map<string, readonly HostFirewallRulePlan[]>();
  for (const each of plan.hostFirewalls) {
    const key = JSON.stringify(each.accept);
    rules.set(key, each.accept);
    serversByRules.set(key, [...(serversByRules.get(key) ?? []), each.server]);
  }
  const rows = [...serversByRules].flatMap(([key, names]) =>
    (rules.get(key) ?? []).map((rule) => [
      names.join(" "),
      rule.protocol,
      spanText(rule.portMin, rule.portMax),
      rule.from.join(" "),
      rule.reason,
    ]),
  );
  return textTable("Host firewalls (default drop)", ["servers", "protocol", "ports", "from", "why"], rows);
}

/** What people and peers may connect to inside, by the tunnel and through the bastion. */
function reach(plan: EnvironmentPlan): string {
  const rows = plan.reach.flatMap(({ name, ssh, destinations }) => [
    ...(ssh === "every server" ? [[name, "SSH of every server", "22/tcp", "every server"]] : []),
    ...destinations.map(({ what, protocol, port, at }) => [
      name,
      what,
      `${String(port)}/${protocol}`,
      at.map(maskedAddress).join(" "),
    ]),
  ]);
  return textTable("What people and peers reach inside", ["who", "what", "port", "where"], rows);
}

/** One row for all of a kind with the same lifetime and renewal. */
function expiries(plan: EnvironmentPlan): string {
  const rows = new Map<string, readonly [what: string, keys: readonly string[], ...rest: string[]]>();
  for (const each of plan.expiries) {
    const rest = [lifetimeText(each), renewalText(each)];
    const row = JSON.stringify([each.what, ...rest]);
    rows.set(row, [each.what, [...(rows.get(row)?.[1] ?? []), each.key], ...rest]);
  }
  return textTable(
    "Expiry and renewal",
    ["kind", "keys", "lifetime", "renewal"],
    [...rows.values()].map(([what, keys, ...rest]) => [what, keys.join(" "), ...rest]),
  );
}

function neededText({ needed, partial }: QuotaRow): string {
  if (partial === undefined) return String(needed);
  return needed === 0 ? "unknown" : `${String(needed)} or more`;
}

function quotaTable(quota: QuotaReport): string {
  const rows = quota.rows.map((row) => [
    row.name,
    neededText(row),
    row.limit === undefined ? "unknown" : String(row.limit),
    row.ok ? "" : "TOO LITTLE",
  ]);
  return textTable("Quota", ["what", "needed", "limit", ""], rows);
}
