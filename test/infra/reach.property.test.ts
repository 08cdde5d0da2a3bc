/**
 * What a person may reach is planned once. The gateway's rules for the tunnel and the bastion's options of keys open just
 * that, and whatever they open is opened by the security groups and the firewalls at the other end.
 */
import fc from "fast-check";
import { addressText } from "../../environment/address-text";
import { contains, parseCidr, toNumber } from "../../environment/addresses";
import type {
  AddressPlan,
  EnvironmentPlan,
  ReachPlan,
  ServerPlan,
  TunnelRulePlan,
} from "../../environment/plan/types";
import { machines } from "../../platform/machines";
import { planEnvironment } from "../environments";
import { ownerValue } from "../environment/arbitraries";
import { changed, configOf, planOf } from "../environment/configs";
import { serverAdmits } from "../environment/reach";

const RUNS = { numRuns: 40 };

function always(check: (plan: EnvironmentPlan) => void): void {
  fc.assert(
    fc.property(ownerValue, (value) => check(planOf(configOf("lab", value)))),
    RUNS,
  );
}

/** Every port that something in a lab answers inside the network, and those of Kubernetes and etcd. */
function everyPort({ securityGroups }: EnvironmentPlan): readonly number[] {
  const ports = securityGroups.flatMap(({ rules }) =>
    rules.flatMap(({ portMin, portMax }) => [portMin, portMax].filter((port) => port !== undefined)),
  );
  return [...new Set([...ports, 22, 80, 443, 2049, 2379, 2380, 6443, 9100, 10250])];
}

/** Every address of the lab's own, each once. */
function everyAddress({ servers, vips, reach }: EnvironmentPlan): readonly AddressPlan[] {
  const listed = reach.flatMap(({ destinations }) => destinations.flatMap(({ at }) => at));
  const all = [...[...servers, ...vips].map(({ address }) => address), ...listed];
  return [...new Map(all.map((each) => [addressText(each), each])).values()];
}

/** `tcp <address> <port>`. */
type Way = string;
const way = (protocol: string, address: AddressPlan, port: number): Way =>
  `${protocol} ${addressText(address)} ${port}`;

/** What the plan lists for somebody. */
function planned(plan: EnvironmentPlan, { ssh, destinations }: ReachPlan, tunnel: boolean): ReadonlySet<Way> {
  return new Set([
    ...destinations.flatMap(({ protocol, port, at }) => at.map((each) => way(protocol, each, port))),
    ...(tunnel && ssh === "every server" ? everyAddress(plan).map((each) => way("tcp", each, 22)) : []),
  ]);
}

/** Whether a place of a rule has an address; one that Neutron chooses may be any of its network. */
function isAt(place: string, address: AddressPlan): boolean {
  if (place === addressText(address)) return true;
  if (/^[\d.]+\/\d+$/.test(place))
    return address.kind === "assigned" || contains(parseCidr(place), address.ip);
  const range = /^([\d.]+)-([\d.]+)$/.exec(place);
  if (range === null || address.kind === "assigned") return false;
  const [first, last] = range.slice(1).map(toNumber);
  return toNumber(address.ip) >= first! && toNumber(address.ip) <= last!;
}

function lets(rule: TunnelRulePlan, from: string, to: AddressPlan, port: number): boolean {
  return (
    rule.protocol !== "icmp" &&
    rule.port === port &&
    rule.from.includes(from) &&
    rule.to.some((place) => isAt(place, to))
  );
}

function gateways({ servers }: EnvironmentPlan): readonly ServerPlan[] {
  return servers.filter(({ role }) => role === "gateway");
}

function tunnelRules(plan: EnvironmentPlan): readonly TunnelRulePlan[] {
  const rules = gateways(plan).map(({ key }) => {
    const tunnel = plan.hostFirewalls.find(({ server }) => server === key)?.tunnel;
    if (tunnel === undefined) throw new Error(`${key} has no rules for the tunnel`);
    return tunnel.rules;
  });
  for (const each of rules) expect(each).toEqual(rules[0]);
  return rules[0] ?? [];
}

/** What the gateways let a peer reach, of everything that there is. */
function throughTunnel(plan: EnvironmentPlan, from: string): ReadonlySet<Way> {
  const rules = tunnelRules(plan);
  const open = everyAddress(plan).flatMap((to) =>
    everyPort(plan).flatMap((port) =>
      rules.filter((rule) => lets(rule, from, to, port)).map(({ protocol }) => way(protocol, to, port)),
    ),
  );
  return new Set(open);
}

/** What the bastion's sshd lets somebody reach, beside itself: the options of the key. */
function throughBastion(plan: EnvironmentPlan, name: string): ReadonlySet<Way> | undefined {
  const bastion = plan.servers.find(({ role }) => role === "bastion");
  const file = machines(plan)
    .get(bastion?.key ?? "")
    ?.files.find(({ path }) => path === "/etc/ssh/authorized_keys/jump");
  const line = file?.content.split("\n").find((each) => each.endsWith(` ${name}`));
  if (line === undefined) return undefined;
  expect(line).toMatch(/^restrict,port-forwarding,permitopen="/);
  const opened = [...line.matchAll(/permitopen="(.+?):(\d+)"/g)];
  return new Set(
    opened.filter(([, host]) => host !== "localhost").map(([, host, port]) => `tcp ${host!} ${port!}`),
  );
}

const sorted = (ways: ReadonlySet<Way> | undefined) => [...(ways ?? [])].sort();

describe("what a peer of the tunnel reaches", () => {
  it("is what the plan lists for it, and nothing else", () =>
    always((plan) => {
      for (const { name, address } of plan.wireguard?.peers ?? []) {
        const reach = plan.reach.find((each) => each.name === name)!;
        expect(sorted(throughTunnel(plan, address))).toEqual(sorted(planned(plan, reach, true)));
      }
    }));

  it("is nothing for an address that is no peer's", () =>
    always((plan) => {
      if (plan.wireguard !== undefined) expect(sorted(throughTunnel(plan, "192.168.99.200"))).toEqual([]);
    }));
});

describe("what a person reaches who passes the bastion", () => {
  it("is what the plan lists for them by TCP, and nothing else", () =>
    always((plan) => {
      if (!plan.servers.some(({ role }) => role === "bastion")) return;
      for (const { name, ssh } of plan.people) {
        const reach = plan.reach.find((each) => each.name === name);
        const listed = reach === undefined ? [] : sorted(planned(plan, reach, false));
        expect(throughBastion(plan, name) !== undefined).toBe(ssh?.as === "jump");
        if (ssh?.as === "jump")
          expect(sorted(throughBastion(plan, name))).toEqual(
            listed.filter((each) => each.startsWith("tcp ")),
          );
      }
    }));
});

describe("what people reach", () => {
  /** Ports of the servers among themselves. */
  const SERVERS_OWN = [2049, 2379, 2380, 10250, 24007, 8080];

  it("never has a port that servers answer each other", () =>
    always((plan) => {
      const inner = plan.securityGroups
        .find(({ key }) => key === "workers")
        ?.rules.filter(({ reason }) => reason.startsWith("internal NodePort"))
        .map(({ portMin }) => portMin!);
      const ports = plan.reach.flatMap(({ destinations }) => destinations.map(({ port }) => port));
      expect(ports.filter((port) => [...SERVERS_OWN, ...(inner ?? [])].includes(port))).toEqual([]);
    }));

  it("is answered at the other end, whose groups and firewall admit gateway and bastion", () =>
    always((plan) => {
      if (!plan.network.fixedAddresses) return;
      const ways = plan.servers.filter(({ role }) => role === "gateway" || role === "bastion");
      for (const { destinations } of plan.reach)
        for (const { protocol, port, at } of destinations)
          for (const address of at)
            for (const server of plan.servers.filter(
              (each) => addressText(each.address) === addressText(address),
            ))
              for (const from of ways.filter((each) => each.key !== server.key && comes(plan, each)))
                expect({
                  to: `${server.key} ${port}`,
                  from: from.key,
                  admitted: serverAdmits(plan, server, {
                    protocol,
                    port,
                    from: addressText(from.address),
                    fromGroups: from.securityGroups,
                  }),
                }).toEqual({ to: `${server.key} ${port}`, from: from.key, admitted: true });
    }));

  /** Whether people come from a server: the bastion, or a gateway of the tunnel. */
  function comes(plan: EnvironmentPlan, { role }: ServerPlan): boolean {
    return role === "bastion" ? plan.access?.sshFrom !== undefined : plan.wireguard !== undefined;
  }
});

describe("an operator's own way in", () => {
  it("by the tunnel is SSH of every server and the API, also with a key pair and no word on SSH", () =>
    always((plan) => {
      const { wireguard, cluster } = plan;
      const jumping = new Set(plan.people.filter(({ ssh }) => ssh?.as === "jump").map(({ name }) => name));
      for (const { name, address } of wireguard?.peers ?? []) {
        const open = throughTunnel(plan, address);
        expect(open).toContain(way("tcp", cluster.api!.address, cluster.api!.port));
        if (!jumping.has(name))
          for (const server of plan.servers) expect(open).toContain(way("tcp", server.address, 22));
      }
    }));
});

describe("an edge that is to have no floating IP", () => {
  it("admits the whole internet nowhere where a public address leads to it", () =>
    fc.assert(
      fc.property(ownerValue, fc.boolean(), (value, own) => {
        const edge = value["edge"] as { kind: string; on?: string };
        fc.pre(edge.kind === "haproxy");
        const changes = { "edge.floatingIp": false, [`servers.${edge.on!}.floatingIp`]: own };
        const result = planEnvironment(configOf("lab", changed(value, changes)));
        // A gateway without any address is refused where it has a tunnel.
        fc.pre(result.ok);
        const { plan } = result;
        const [balancer] = plan.loadBalancers.filter(({ key }) => key === "edge");
        const carriers = plan.servers.filter(({ key }) => balancer!.servers.includes(key));
        const vip = plan.vips.find(({ key }) => key === balancer!.vip)!;
        const isPublic = vip.floatingIp || carriers.some(({ floatingIp }) => floatingIp);
        const world = balancer!.frontends.filter(({ admits }) =>
          admits.some(({ cidr }) => cidr === "0.0.0.0/0"),
        );
        if (isPublic) expect(world.filter(({ port }) => port !== "api")).toEqual([]);
        else expect(world.map(({ port }) => port)).toEqual(expect.arrayContaining(["http", "https"]));
      }),
      RUNS,
    ));
});
