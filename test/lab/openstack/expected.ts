/** What an inventory should hold, by the plan alone: not from the description that was registered. */
import { NamedValue, parseText } from "../../../values";
import type {
  AddressPlan,
  EnvironmentPlan,
  FrontendPlan,
  LoadBalancerPlan,
  SecurityGroupRulePlan,
  ServerPlan,
} from "../../../environment/plan/types";
import { userDataOf } from "./environment";
import type { Inventory, ListenerFacts, PortFacts, RuleFacts, ServerFacts } from "./inventory";

/** Addresses that were assigned, by server key; a planned one is itself. */
export type Assigned = Readonly<Record<string, string>>;

/** Facts that the plan decides. A host is Nova's choice, and so are some zones. */
type PlannedServer = Omit<ServerFacts, "host" | "zone"> & { readonly zone: unknown; readonly host: unknown };

/** Jest's matchers have type any. */
const ANY_TEXT = expect.any(String) as string;

export class Expected {
  constructor(
    private readonly plan: EnvironmentPlan,
    private readonly assigned: Assigned = {},
  ) {}

  servers(): Readonly<Record<string, PlannedServer>> {
    return byName(this.plan.servers, (server) => ({
      status: "ACTIVE",
      flavor: server.flavor,
      image: server.bootVolume === undefined ? server.image : "",
      addresses: [this.addressOf(server)],
      metadata: { ...server.metadata, generation: String(server.generation) },
      tags: this.tags(server.tags),
      key_pair: server.keyPair,
      zone: server.availabilityZone ?? ANY_TEXT,
      host: ANY_TEXT,
      config_drive: true,
      user_data: userDataOf(server),
      volumes: this.volumesOf(server),
      boot_volumes: server.bootVolume === undefined ? [] : [server.bootVolume.sizeGiB],
    }));
  }

  /** Of servers and of keepalived's VIPs; Octavia's and the router's are the cloud's own. */
  ports(): Readonly<Record<string, Omit<PortFacts, "owner" | "status">>> {
    const servers = byName(this.plan.servers, (server) => ({
      addresses: [this.addressOf(server)],
      groups: this.groupNames(server.securityGroups),
      pairs: server.allowedAddressPairs.map((each) => this.textOf(each)).sort(),
      port_security: true,
      tags: this.tags(server.tags),
    }));
    const vips = this.plan.vips.filter(({ holder }) => holder === "keepalived");
    return {
      ...servers,
      ...byName(vips, (vip) => ({
        addresses: [vip.address.kind === "planned" ? vip.address.ip : ANY_TEXT],
        groups: this.groupNames(vip.securityGroups),
        pairs: [],
        port_security: true,
        tags: this.tags([]),
      })),
    };
  }

  groups(): Readonly<Record<string, readonly RuleFacts[]>> {
    return byName(this.plan.securityGroups, (group) =>
      sorted([EGRESS, ...group.rules.map((rule) => this.rule(rule))]),
    );
  }

  serverGroups(): Inventory["server_groups"] {
    return byName(this.plan.serverGroups, (group) => ({
      policies: [group.policy],
      members: this.plan.servers
        .filter(({ serverGroup }) => serverGroup === group.key)
        .map(({ name }) => name)
        .sort(),
    }));
  }

  volumes(): Readonly<Record<string, object>> {
    return byName(this.plan.volumes, (volume) => ({
      status: "in-use",
      size: volume.sizeGiB,
      type: volume.volumeType ?? ANY_TEXT,
      metadata: volume.metadata,
      zone: volume.availabilityZone ?? "nova",
      server: this.plan.servers.filter(({ key }) => key === volume.server).map(({ name }) => name),
    }));
  }

  floatingIps(): Readonly<Record<string, object>> {
    return Object.fromEntries(
      this.plan.floatingIps.map(({ key, pool, target }) => [
        `${this.plan.environment} ${key}`,
        {
          address: ANY_TEXT,
          status: "ACTIVE",
          network: pool,
          fixed:
            target.kind === "server"
              ? this.addressOf(this.server(target.server))
              : this.vip(target.vip).fixed,
          port: target.kind === "server" ? this.server(target.server).name : this.vip(target.vip).port,
          tags: this.tags([]),
        },
      ]),
    );
  }

  balancers(): Readonly<Record<string, object>> {
    const octavia = this.plan.loadBalancers.filter(({ kind }) => kind === "octavia");
    return byName(octavia, (balancer) => ({
      status: "ACTIVE",
      vip: this.vip(balancer.vip).fixed,
      groups: this.groupNames(this.vip(balancer.vip).groups),
      listeners: Object.fromEntries(
        balancer.frontends.map((frontend) => [String(frontend.listen), this.listener(frontend)]),
      ),
    }));
  }

  /** By name, which ends in a digest of what it grants. */
  credentials(): readonly unknown[] {
    const planned = [...this.plan.applicationCredentials].sort((a, b) => (a.name < b.name ? -1 : 1));
    return planned.map(({ name, roles, unrestricted }) => [
      expect.stringMatching(new RegExp(`^${name}-[0-9a-f]{8}$`)) as string,
      { roles: [...roles].sort(), unrestricted, expires: null },
    ]);
  }

  containers(): Inventory["containers"] {
    const { environment } = this.plan;
    return byName(this.plan.containers, ({ purpose }) => ({ environment, purpose }));
  }

  private listener(frontend: FrontendPlan): ListenerFacts {
    const { probe, backends } = frontend;
    const protocol = frontend.protocol.toUpperCase();
    const monitorPort = probe.kind === "tcp" ? null : (probe.port ?? null);
    const members = backends.map(({ server, address, port }) => ({
      name: server.replaceAll("/", "-"),
      address: address.kind === "planned" ? address.ip : this.addressOf(this.server(server)),
      port,
      monitor: monitorPort,
    }));
    return {
      protocol,
      from: [...new Set(frontend.admits.map(({ cidr }) => cidr))].sort(),
      status: "ACTIVE",
      timeouts: frontend.protocol === "tcp" ? [600_000, 600_000, 10_000] : [50_000, 50_000, 5_000],
      pool: {
        protocol,
        algorithm: "ROUND_ROBIN",
        members: members.sort((a, b) => (a.name < b.name ? -1 : 1)),
        monitor: {
          type:
            probe.kind === "tcp" ? (protocol === "TCP" ? "TCP" : "UDP-CONNECT") : probe.kind.toUpperCase(),
          path: probe.kind === "tcp" ? null : probe.path,
          delay: 5,
          timeout: 3,
          retries: 2,
        },
      },
    };
  }

  private rule(rule: SecurityGroupRulePlan): RuleFacts {
    const whole = rule.portMin === undefined || (rule.portMin <= 1 && rule.portMax === 65535);
    return {
      direction: "ingress",
      ethertype: "IPv4",
      protocol: PROTOCOLS[rule.protocol],
      min: whole ? null : rule.portMin,
      max: whole ? null : (rule.portMax ?? rule.portMin),
      cidr: rule.remote.kind === "cidr" ? rule.remote.cidr : "",
      group: rule.remote.kind === "group" ? this.groupNames([rule.remote.group]).join() : "",
      description: rule.reason,
    };
  }

  private addressOf({ key, address }: ServerPlan): string {
    return address.kind === "planned" ? address.ip : (this.assigned[key] ?? "");
  }

  private server(key: string): ServerPlan {
    return only(this.plan.servers.filter((each) => each.key === key));
  }

  private vip(key: string): {
    readonly fixed: unknown;
    readonly port: unknown;
    readonly groups: readonly string[];
  } {
    const vip = only(this.plan.vips.filter((each) => each.key === key));
    const balancer = this.plan.loadBalancers.find(
      (each: LoadBalancerPlan) => each.kind === "octavia" && each.vip === key,
    );
    const fixed = vip.address.kind === "planned" ? vip.address.ip : ANY_TEXT;
    return {
      fixed,
      port: balancer === undefined ? vip.name : expect.stringMatching(/^octavia-lb-/),
      groups: vip.securityGroups,
    };
  }

  /** A pair may name an address that is assigned. */
  private textOf(text: string): string {
    const named = parseText(text).some((part) => part instanceof NamedValue);
    if (!named) return text;
    const isMeant = ({ address }: { readonly address: AddressPlan }): boolean =>
      address.kind === "assigned" && address.value.toString() === text;
    return this.addressOf(only(this.plan.servers.filter(isMeant)));
  }

  private volumesOf(server: ServerPlan): readonly string[] {
    return this.plan.volumes
      .filter((volume) => volume.server === server.key)
      .map(({ name }) => name)
      .sort();
  }

  private groupNames(keys: readonly string[]): readonly string[] {
    return keys.map((key) => only(this.plan.securityGroups.filter((each) => each.key === key)).name).sort();
  }

  private tags(own: readonly string[]): readonly string[] {
    return [...new Set([...this.plan.tags, ...own])].sort();
  }
}

/** IANA's numbers where Neutron's releases know no common name. */
const PROTOCOLS = { tcp: "tcp", udp: "udp", icmp: "icmp", vrrp: "112", ipip: "4", any: "" } as const;

const EGRESS: RuleFacts = {
  direction: "egress",
  ethertype: "IPv4",
  protocol: "",
  min: null,
  max: null,
  cidr: "0.0.0.0/0",
  group: "",
  description: "Servers may open connections to anywhere",
};

/** In an order that does not depend on who made the list. */
export function sorted<Thing>(things: readonly Thing[]): readonly Thing[] {
  const text = (thing: Thing): string => JSON.stringify(thing, Object.keys(thing as object).sort());
  return [...things].sort((a, b) => (text(a) < text(b) ? -1 : 1));
}

function byName<P extends { readonly name: string }, V>(
  plans: readonly P[],
  value: (plan: P) => V,
): Readonly<Record<string, V>> {
  return Object.fromEntries(plans.map((each) => [each.name, value(each)]));
}

function only<Thing>(found: readonly Thing[]): Thing {
  const [first] = found;
  if (first === undefined) throw new Error("the plan refers to something that it does not have");
  return first;
}
