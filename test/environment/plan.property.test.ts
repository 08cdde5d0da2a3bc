/** What holds for every environment that can be planned, and for every one that cannot. */
import { parseEnvironment, planEnvironment } from "../environments";
import fc from "fast-check";
import { contains, containsCidr, parseCidr, rangesOverlap, toNumber } from "../../environment/addresses";
import { isOwner, type EnvironmentConfig, type OwnerConfig } from "../../environment/config";
import { errorsOf } from "../../environment/findings";
import { allocationPools, plannedRanges } from "../../environment/plan/ranges";
import type { EnvironmentPlan, FrontendPlan, ServerPlan } from "../../environment/plan/types";
import { brokenValue, ownerValue, tenantValue } from "./arbitraries";
import { changed, configOf, planOf, type Changes, type Json } from "./configs";
import { groupsAdmit, serverAdmits } from "./reach";
import { expectSame } from "./same";

const RUNS = { numRuns: 40 };
const always = (check: (value: Json) => void) => fc.assert(fc.property(ownerValue, check), RUNS);

const ownerConfig = (value: Json): OwnerConfig => {
  const config = configOf("lab", value);
  if (!isOwner(config)) throw new Error("not an owner");
  return config;
};
const planned = (value: Json) => planOf(ownerConfig(value));
const duplicates = <T>(list: readonly T[]): readonly T[] => {
  const seen = new Set<T>();
  return list.filter((each) => seen.has(each) || !seen.add(each));
};
const ips = (plan: EnvironmentPlan) =>
  [...plan.servers, ...plan.vips].flatMap(({ address }) => (address.kind === "planned" ? [address.ip] : []));
const ipOf = ({ address }: ServerPlan) => (address.kind === "planned" ? address.ip : undefined);
const serverOf = (plan: EnvironmentPlan, key: string) => plan.servers.find((each) => each.key === key)!;

/** The owner and each of its tenants, planned. */
function family(value: Json): { owner: EnvironmentPlan; tenants: readonly EnvironmentPlan[] } {
  const config = ownerConfig(value);
  const tenants = Object.keys(config.tenants).map((name) =>
    planOf(configOf(name, tenantValue(name, value)), config),
  );
  return { owner: planOf(config), tenants };
}

describe("no two clash", () => {
  test("addresses, the tenants' included", () =>
    always((value) => {
      const { owner, tenants } = family(value);
      expect(duplicates([owner, ...tenants].flatMap(ips))).toEqual([]);
    }));

  test("names and keys", () =>
    always((value) => {
      const { owner, tenants } = family(value);
      for (const plan of [owner, ...tenants]) {
        const { servers, volumes, securityGroups, serverGroups, vips, loadBalancers, ports, floatingIps } =
          plan;
        for (const list of [servers, volumes, securityGroups, serverGroups, vips, loadBalancers, ports])
          expect(duplicates(list.map((each) => each.name))).toEqual([]);
        for (const list of [servers, volumes, securityGroups, serverGroups, vips, loadBalancers, floatingIps])
          expect(duplicates(list.map((each) => each.key))).toEqual([]);
        for (const group of securityGroups)
          expect(duplicates(group.rules.map((rule) => rule.key))).toEqual([]);
        for (const server of servers) {
          expect(server.name).toMatch(/^[a-z][a-z0-9-]{0,62}$/);
          expect(duplicates(server.securityGroups)).toEqual([]);
          expect(duplicates(server.tags)).toEqual([]);
        }
      }
      expect(
        duplicates([owner, ...tenants].flatMap((plan) => plan.servers.map((each) => each.name))),
      ).toEqual([]);
    }));

  test("NodePorts of a cluster, and ports of one address", () =>
    always((value) => {
      const { owner, tenants } = family(value);
      const all = [owner, ...tenants].flatMap((plan) => plan.ports.filter((port) => port.purpose !== "api"));
      expect(duplicates(all.map((port) => port.backend))).toEqual([]);
      for (const plan of [owner, ...tenants]) {
        const dialled = plan.loadBalancers.flatMap((each) =>
          each.frontends.map((front) => `${each.vip} ${front.protocol} ${front.listen}`),
        );
        expect(duplicates(dialled)).toEqual([]);
      }
    }));
});

describe("addresses", () => {
  test("lie inside the subnet, in their role's range, and outside what Neutron hands out", () =>
    always((value) => {
      const config = ownerConfig(value);
      const plan = planOf(config);
      const subnet = parseCidr(plan.network.cidr);
      const ranges = plannedRanges(config.network);
      for (const ip of ips(plan)) {
        expect(contains(subnet, ip)).toBe(true);
        expect(ip).not.toBe(plan.network.gatewayIp);
        expect(plan.network.allocationPools.some((each) => rangesOverlap(each, { start: ip, end: ip }))).toBe(
          false,
        );
      }
      for (const server of plan.servers) {
        const ip = ipOf(server);
        if (ip !== undefined) expect(rangesOverlap(ranges[server.role], { start: ip, end: ip })).toBe(true);
      }
    }));

  test("of a network that another project shares are all Neutron's to choose, and no port needs address pairs", () =>
    always((value) => {
      const plan = planned(changed(value, SHARED));
      expect(ips(plan)).toEqual([]);
      expect(plan.servers.flatMap((each) => each.allowedAddressPairs)).toEqual([]);
    }));

  const SHARED: Changes = {
    network: { kind: "existing", cidr: "172.20.0.0/20", name: "campus", subnet: "campus", shared: true },
    "cluster.api": { kind: "octavia" },
    "cluster.cni": { kind: "weave" },
    edge: { kind: "octavia" },
    "storage.shared": { kind: "none" },
  };

  test("ranges are disjoint, inside the subnet, and leave Neutron some", () =>
    always((value) => {
      const { network } = ownerConfig(value);
      const ranges = Object.values(plannedRanges(network));
      const pools = allocationPools(network);
      const subnet = parseCidr(network.cidr);
      for (const [index, range] of ranges.entries()) {
        expect([...ranges.slice(index + 1), ...pools].filter((other) => rangesOverlap(range, other))).toEqual(
          [],
        );
        expect(contains(subnet, range.start) && contains(subnet, range.end)).toBe(true);
      }
      expect(pools.length).toBeGreaterThan(0);
    }));

  test("every CIDR lies inside its parent", () =>
    always((value) => {
      const config = ownerConfig(value);
      const { tenants, network, wireguard } = planOf(config);
      for (const tenant of tenants) {
        const [block, subnet] = [parseCidr(tenant.cidr), parseCidr(network.cidr)];
        expect(containsCidr(subnet, block)).toBe(true);
        if (config.tenants[tenant.name]?.edge === "haproxy") {
          const range = plannedRanges(config.network).tenants;
          expect(block.base).toBeGreaterThanOrEqual(toNumber(range.start));
          expect(block.base + block.size - 1).toBeLessThanOrEqual(toNumber(range.end));
        }
      }
      if (wireguard !== undefined)
        expect(contains(parseCidr(wireguard.cidr), wireguard.gatewayAddress)).toBe(true);
    }));

  test("of a tenant lie in its own block of the owner's network", () =>
    always((value) => {
      const { owner, tenants } = family(value);
      for (const plan of tenants) {
        const block = owner.tenants.find((each) => each.name === plan.environment)!.cidr;
        for (const ip of ips(plan)) expect(contains(parseCidr(block), ip)).toBe(true);
      }
    }));
});

describe("nobody moves", () => {
  /** Everything about the servers of `before` that `after` still has is as it was. */
  function expectStill(
    before: EnvironmentPlan,
    after: EnvironmentPlan,
    firewalls: (server: ServerPlan) => boolean,
  ) {
    const kept = before.servers.filter((each) => after.servers.some((other) => other.key === each.key));
    for (const server of kept) {
      expectSame(serverOf(after, server.key), server);
      const volumes = (plan: EnvironmentPlan) => plan.volumes.filter((each) => each.server === server.key);
      expectSame(volumes(after), volumes(before));
      const firewall = (plan: EnvironmentPlan) =>
        plan.hostFirewalls.find((each) => each.server === server.key);
      if (firewalls(server)) expectSame(firewall(after), firewall(before));
    }
    for (const vip of before.vips) expect(after.vips).toContainEqual(vip);
    return kept.length;
  }

  /** Gateways pass people on to nodes that answer a port by themselves, so theirs follow the nodes. */
  const butGateways = ({ role }: ServerPlan): boolean => role !== "gateway";

  const pools = ["bastion", "gateway", "loadBalancer", "gluster", "workers.pool-0"] as const;
  const settings = (value: Json, pool: string) =>
    pool.split(".").reduce<Json>((at, key) => at[key] as Json, value["servers"] as Json);
  const room: Readonly<Record<string, number>> = { bastion: 2, gateway: 6, loadBalancer: 8, gluster: 12 };

  test("when a pool grows by one", () =>
    fc.assert(
      fc.property(ownerValue, fc.constantFrom(...pools), (value, pool) => {
        const { min, range } = settings(value, pool) as { min: number; range?: { size: number } };
        fc.pre(min < (range?.size ?? room[pool]!));
        const grown = {
          [`servers.${pool}.min`]: min + 1,
          ...(range && { [`servers.${pool}.max`]: range.size }),
        };
        const [before, after] = [planned(value), planned(changed(value, grown))];
        expect(after.servers.length).toBe(before.servers.length + 1);
        expect(expectStill(before, after, butGateways)).toBe(before.servers.length);
      }),
      RUNS,
    ));

  test("when one in the middle of a pool goes", () =>
    fc.assert(
      fc.property(ownerValue, fc.constantFrom(...pools), fc.nat(30), (value, pool, choice) => {
        const { min, removed = [] } = settings(value, pool) as { min: number; removed?: number[] };
        const slots = Array.from({ length: min }, (_, slot) => slot).filter(
          (slot) => !removed.includes(slot),
        );
        fc.pre(slots.length > (pool === "gluster" ? 3 : 1));
        const gone = slots[choice % slots.length]!;
        // The first set of three storage servers stays full.
        fc.pre(pool !== "gluster" || gone > 2);
        const [before, after] = [
          planned(value),
          planned(changed(value, { [`servers.${pool}.removed`]: [...removed, gone] })),
        ];
        expect(after.servers.length).toBe(before.servers.length - 1);
        expect(expectStill(before, after, butGateways)).toBe(after.servers.length);
      }),
      RUNS,
    ));

  test("when a pool, a desktop or an application server comes", () =>
    always((value) => {
      const all = (
        value["servers"] as { workers: Record<string, { range: { start: number; size: number } }> }
      ).workers;
      const end = Math.max(...Object.values(all).map(({ range }) => range.start + range.size));
      const applications = Object.keys((value["servers"] as Json)["applicationServers"] as Json);
      fc.pre(end < 96 && !applications.includes("app-31"));
      const news: readonly Changes[] = [
        { "servers.workers.new": { flavor: "large", min: 1, range: { start: end, size: 96 - end } } },
        { "servers.workers.new": { flavor: "large", min: 0, max: 1, range: { start: end, size: 96 - end } } },
        {
          "servers.applicationServers.new": {
            slot: 31,
            flavor: "s",
            applications: ["nexus"],
            publicApplications: ["nexus"],
          },
        },
        {
          "servers.desktops": {
            flavor: "large",
            users: { ...usersOf(value), "user-new": { slot: freeDesktop(value) } },
          },
        },
      ];
      const before = planned(value);
      for (const change of news) expectStill(before, planned(changed(value, change)), butGateways);
    }));

  const usersOf = (value: Json) =>
    ((value["servers"] as Json)["desktops"] as { users: Record<string, { slot: number }> }).users;
  const freeDesktop = (value: Json) => {
    const taken = Object.values(usersOf(value)).map(({ slot }) => slot);
    return Array.from({ length: 32 }, (_, slot) => slot).find((slot) => !taken.includes(slot))!;
  };

  test("when the first worker joins a control plane that ran the pods", () =>
    always((value) => {
      const none = changed(value, { "servers.controlPlane.schedulable": true, "servers.workers": {} });
      const one = changed(none, { "servers.workers": { general: { flavor: "large", min: 1 } } });
      expectStill(planned(none), planned(one), butGateways);
    }));

  test("when a single pool without a range is given one, for a second beside it", () =>
    always((value) => {
      const single = { flavor: "large", min: 3, volumes: {} };
      const before = planned(changed(value, { "servers.workers": { general: single } }));
      const workers = {
        general: { ...single, range: { start: 0, size: 10 } },
        gpu: { flavor: "g", min: 2, range: { start: 10, size: 4 } },
      };
      const after = planned(changed(value, { "servers.workers": workers }));
      expect(expectStill(before, after, butGateways)).toBe(before.servers.length);
    }));

  test("when a tenant comes: only the firewalls of who answers its NodePorts open", () =>
    always((value) => {
      const before = planned(value);
      const free = [0, 1, 2, 3].find(
        (slot) => !before.tenants.some((each) => each.name === `tenant-${slot}`),
      );
      fc.pre(free !== undefined);
      const tenant = {
        slot: free,
        edge: "octavia",
        ingress: { http: 32000, https: 32001 },
        namespaces: ["new"],
      };
      const after = planned(changed(value, { "tenants.new": tenant }));
      expectStill(before, after, (server) => !server.securityGroups.includes("workers"));
      for (const each of before.tenants) expect(after.tenants).toContainEqual(each);
    }));
});

describe("every port reaches who answers it", () => {
  function edgeFront(plan: EnvironmentPlan, name: string): FrontendPlan {
    const fronts = plan.loadBalancers
      .flatMap((each) => each.frontends)
      .filter((front) => front.port === name);
    expect(fronts).toHaveLength(1);
    return fronts[0]!;
  }

  /** An address from which the load balancer's servers may ask: their own, or any that Neutron hands to Octavia. */
  function carriers(plan: EnvironmentPlan, balancer: string) {
    const { servers } = plan.loadBalancers.find((each) => each.key === balancer)!;
    const own = servers.map((key) => serverOf(plan, key));
    if (servers.length === 0) return [{ from: plan.network.allocationPools.at(-1)!.end }];
    return own.map((server) => ({ from: ipOf(server)!, fromGroups: server.securityGroups }));
  }

  test("frontend, backends and probe; security groups and host firewalls all the way", () =>
    always((value) => {
      expectCarried(planned(value));
      expectCarried(
        planned(changed(value, { "servers.controlPlane.schedulable": true, "servers.workers": {} })),
      );
    }));

  function expectCarried(plan: EnvironmentPlan) {
    const carried = plan.ports.filter((port) => port.loadBalancer !== undefined);
    for (const port of carried) {
      const front = edgeFront(plan, port.name);
      expect(front).toMatchObject({
        listen: port.external,
        protocol: port.protocol,
        admits: port.admits,
        probe: port.probe,
      });
      const answering = port.purpose === "api" ? ["controlPlane"] : ["workers", "controlPlane"];
      expect(front.backends.length).toBeGreaterThan(0);
      for (const backend of front.backends) {
        const server = serverOf(plan, backend.server);
        expect(answering).toContain(server.role);
        expect(backend).toEqual({ server: server.key, address: server.address, port: port.backend });
        const probed = "port" in port.probe && port.probe.port !== undefined ? [port.probe.port] : [];
        for (const carrier of carriers(plan, port.loadBalancer!)) {
          const flow = { ...carrier, protocol: port.protocol, port: port.backend };
          if (!serverAdmits(plan, server, flow))
            throw new Error(`${server.key} refuses ${JSON.stringify(flow)}`);
          for (const other of probed)
            expect(serverAdmits(plan, server, { ...carrier, protocol: "tcp", port: other })).toBe(true);
        }
      }
    }
  }

  test("clients reach the VIP from everywhere they may, and the servers that hold it", () =>
    always((value) => {
      const { owner, tenants } = family(value);
      for (const plan of [owner, ...tenants])
        for (const balancer of plan.loadBalancers)
          for (const front of balancer.frontends)
            for (const { cidr } of front.admits) {
              const flow = { protocol: front.protocol, port: front.listen, from: cidr.split("/")[0]! };
              const vip = plan.vips.find((each) => each.key === balancer.vip)!;
              expect(groupsAdmit(plan, vip.securityGroups, flow)).toBe(true);
              for (const key of balancer.servers)
                expect(serverAdmits(plan, serverOf(plan, key), flow)).toBe(true);
            }
    }));

  test("without a load balancer clients reach every node that answers", () =>
    always((value) => {
      const plan = planned(changed(value, { edge: { kind: "none" } }));
      const nodes = plan.servers.filter((each) => each.securityGroups.includes("workers"));
      expect(nodes.length).toBeGreaterThan(0);
      for (const port of plan.ports.filter((each) => each.purpose !== "api"))
        for (const { cidr } of port.admits) {
          const flow = { protocol: port.protocol, port: port.backend, from: cidr.split("/")[0]! };
          for (const node of nodes) expect(serverAdmits(plan, node, flow)).toBe(true);
        }
    }));

  test("a tenant's load balancer reaches the owner's nodes on what it was given, and on nothing else", () =>
    always((value) => {
      const { owner, tenants } = family(value);
      for (const plan of tenants.filter((each) => each.servers.length > 0))
        for (const { backends } of plan.loadBalancers.flatMap((each) => each.frontends))
          for (const backend of backends)
            for (const balancer of plan.servers) {
              const node = serverOf(owner, backend.server);
              const flow = { protocol: "tcp", port: backend.port, from: ipOf(balancer)! } as const;
              expect(backend.address).toEqual(node.address);
              expect(serverAdmits(owner, node, flow)).toBe(true);
              expect(serverAdmits(owner, node, { ...flow, port: 30998 })).toBe(false);
            }
    }));

  test("who holds a VIP of keepalived may use its address; a node without encapsulation its pods'", () =>
    always((value) => {
      const config = ownerConfig(value);
      const plan = planOf(config);
      for (const vip of plan.vips.filter((each) => each.holder === "keepalived")) {
        const ip = vip.address.kind === "planned" ? vip.address.ip : "";
        const holders = plan.servers.filter((each) =>
          each.securityGroups.some((key) => vip.securityGroups.includes(key)),
        );
        expect(holders.length).toBeGreaterThan(0);
        for (const holder of holders) expect(holder.allowedAddressPairs).toContain(ip);
      }
      const { cni, podCidr } = config.cluster;
      const bare =
        cni.kind === "kube-router" ||
        (cni.kind === "flannel" && cni.backend === "host-gw") ||
        (cni.kind === "calico" && cni.encapsulation === "none");
      for (const node of plan.servers.filter((each) => each.securityGroups.includes("nodes")))
        expect(node.allowedAddressPairs.includes(podCidr)).toBe(bare);
    }));
});

describe("ways in", () => {
  test("operators reach the bastion, the bastion every server, and a WireGuard client the gateway", () =>
    always((value) => {
      const plan = planned(value);
      const config = ownerConfig(value);
      if (config.access.kind !== "wireguard") {
        for (const bastion of plan.servers.filter((each) => each.role === "bastion")) {
          expect(serverAdmits(plan, bastion, { protocol: "tcp", port: 22, from: "198.51.100.7" })).toBe(true);
          expect(serverAdmits(plan, bastion, { protocol: "tcp", port: 22, from: "203.0.113.7" })).toBe(false);
          const from = ipOf(bastion) ?? "172.20.0.250";
          for (const server of plan.servers)
            expect(
              serverAdmits(plan, server, {
                protocol: "tcp",
                port: 22,
                from,
                fromGroups: bastion.securityGroups,
              }),
            ).toBe(true);
        }
      }
      const { wireguard } = plan;
      if (wireguard === undefined) return;
      const target =
        wireguard.endpoint.kind === "vip"
          ? `vip/${wireguard.endpoint.vip}`
          : `server/${wireguard.endpoint.server}`;
      expect(plan.floatingIps.map((each) => each.key)).toContain(target);
      for (const gateway of plan.servers.filter((each) => each.role === "gateway")) {
        expect(serverAdmits(plan, gateway, { protocol: "udp", port: 7777, from: "203.0.113.7" })).toBe(true);
      }
    }));

  test("a VIP that API and edge share has a floating IP if either asks for one", () =>
    always((value) => {
      const network = { kind: "managed", cidr: "172.20.0.0/20" };
      const access = {
        kind: "wireguard",
        operator: { kind: "wireguard" },
        wireguard: { cidr: "192.168.99.0/24" },
      };
      const none = {
        network,
        access,
        people: {},
        "servers.gateway.floatingIp": false,
        "ports.published": {},
        "storage.shared": { kind: "none" },
      };
      for (const [api, edge] of [
        [true, false],
        [false, true],
      ]) {
        const kinds = {
          "cluster.api": { kind: "haproxy", floatingIp: api },
          edge: { kind: "haproxy", on: "gateway", floatingIp: edge },
        };
        const plan = planned(changed(value, { ...none, ...kinds, "servers.controlPlane.floatingIp": false }));
        expect(plan.vips.map((each) => [each.key, each.floatingIp])).toEqual([["api", true]]);
        expect(plan.wireguard?.endpoint).toEqual({ kind: "vip", vip: "api" });
        expect(plan.floatingIps.map((each) => each.key)).toContain("vip/api");
      }
    }));

  test("nothing but published ports, SSH, WireGuard and public applications is open to the world", () =>
    always((value) => {
      const plan = planned(changed(value, { edge: { kind: "octavia" } }));
      const world = plan.securityGroups.flatMap((group) =>
        group.rules
          .filter(({ remote }) => remote.kind === "cidr" && remote.cidr === "0.0.0.0/0")
          .map(() => group.key),
      );
      for (const key of world) expect(key).toMatch(/^(edge|gateway|application-.*-public)$/);
    }));
});

describe("rules", () => {
  test("each has a reason, and names groups and servers that are planned", () =>
    always((value) => {
      const { owner, tenants } = family(value);
      for (const plan of [owner, ...tenants]) {
        const groups = new Set(plan.securityGroups.map((each) => each.key));
        const rules = plan.securityGroups.flatMap((each) => each.rules);
        const accepted = plan.hostFirewalls.flatMap((each) => each.accept);
        expect([...rules, ...accepted].filter(({ reason }) => reason.trim() === "")).toEqual([]);
        expect(accepted.filter(({ from }) => from.length === 0)).toEqual([]);
        const named = rules.flatMap(({ remote }) => (remote.kind === "group" ? [remote.group] : []));
        const worn = [...plan.servers, ...plan.vips].flatMap((each) => each.securityGroups);
        expect([...named, ...worn].filter((key) => !groups.has(key))).toEqual([]);
        const spread = new Set(plan.serverGroups.map((each) => each.key));
        expect(plan.servers.filter(({ serverGroup: key }) => key !== undefined && !spread.has(key))).toEqual(
          [],
        );
        expect(plan.hostFirewalls.map((each) => each.server)).toEqual(plan.servers.map((each) => each.key));
        expect(plan.servers.flatMap((each) => each.volumes)).toEqual(plan.volumes.map((each) => each.key));
      }
    }));
});

describe("planning", () => {
  function deepFreeze<T>(value: T): T {
    if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
      Object.freeze(value);
      Object.values(value).forEach(deepFreeze);
    }
    return value;
  }

  test("is pure: a frozen configuration, twice the same", () =>
    always((value) => {
      const config = deepFreeze(ownerConfig(value));
      expectSame(planEnvironment(config), planEnvironment(config));
      for (const name of Object.keys(config.tenants)) {
        const tenant = deepFreeze(configOf(name, tenantValue(name, value)));
        expectSame(planEnvironment(tenant, config), planEnvironment(tenant, config));
      }
    }));

  test("is total: whatever the schema accepts gives a plan or errors, never an exception", () => {
    let refused = 0;
    fc.assert(
      fc.property(brokenValue, (value) => {
        const parsed = parseEnvironment("lab", value);
        fc.pre(parsed.ok);
        const config = deepFreeze((parsed as { config: EnvironmentConfig }).config);
        const result = planEnvironment(config);
        if (result.ok) expect(duplicates(ips(result.plan))).toEqual([]);
        else expect(errorsOf(result.findings).length).toBeGreaterThan(0);
        refused += result.ok ? 0 : 1;
        for (const name of ["a", "tenant-0", "stranger"]) {
          const tenant = configOf(name, {
            domain: "lab.example.org",
            cluster: { kind: "shared", owner: "lab" },
          });
          expect(planEnvironment(tenant, config).ok).toBe(false);
          expectSame(planEnvironment(config, tenant), result);
        }
      }),
      { numRuns: 200 },
    );
    expect(refused).toBeGreaterThan(100);
  });
});
