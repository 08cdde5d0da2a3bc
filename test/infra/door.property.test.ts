/**
 * Who may come to a load balancer is said once, and everybody who lets in or keeps out says the same: security group,
 * Octavia's listener, the host firewalls of HAProxy's servers. What nobody from outside may reach has no public address.
 */
import fc from "fast-check";
import { isOwner } from "../../environment/config";
import type { EnvironmentPlan, FrontendPlan, LoadBalancerPlan } from "../../environment/plan/types";
import { describe as describeInfra } from "../../infra/describe";
import type { Inputs } from "../../infra/types";
import { ownerValue, tenantValue } from "../environment/arbitraries";
import { changed, configOf, ownerOf, planOf, type Json } from "../environment/configs";

const RUNS = { numRuns: 25 };
const OUTSIDE = "198.51.100.0/24";
const LISTENER = "openstack:loadbalancer/listener:Listener";

/** The owner and each of its tenants. */
function family(value: Json): readonly EnvironmentPlan[] {
  const owner = configOf("lab", value);
  const tenants = isOwner(owner) ? Object.keys(owner.tenants) : [];
  return [owner, ...tenants.map((name) => configOf(name, tenantValue(name, value)))].map((config) =>
    planOf(config, owner),
  );
}

interface Door {
  readonly plan: EnvironmentPlan;
  readonly balancer: LoadBalancerPlan;
  readonly front: FrontendPlan;
  /** What the plan says. */
  readonly admitted: readonly string[];
}

function doors(plan: EnvironmentPlan): readonly Door[] {
  return plan.loadBalancers.flatMap((balancer) =>
    balancer.frontends.map((front) => ({
      plan,
      balancer,
      front,
      admitted: distinct(front.admits.map(({ cidr }) => cidr)),
    })),
  );
}

function distinct(list: readonly string[]): readonly string[] {
  return [...new Set(list)].sort();
}

interface Ported {
  readonly protocol: string;
  readonly portMin?: number;
  readonly portMax?: number;
}

function covers({ protocol, portMin, portMax }: Ported, front: FrontendPlan): boolean {
  if (protocol !== "any" && protocol !== front.protocol) return false;
  return portMin === undefined || (portMin <= front.listen && front.listen <= (portMax ?? portMin));
}

/** Sources that the groups of the VIP's port let in. */
function bySecurityGroup({ plan, balancer, front }: Door): readonly string[] {
  const worn = plan.vips.find((each) => each.key === balancer.vip)!.securityGroups;
  const rules = plan.securityGroups.filter(({ key }) => worn.includes(key)).flatMap((each) => each.rules);
  return distinct(
    rules
      .filter((rule) => covers(rule, front))
      .map(({ remote }) => (remote.kind === "cidr" ? remote.cidr : `group ${remote.group}`)),
  );
}

type AllowedCidrs = Inputs<typeof LISTENER>["allowedCidrs"];

/** What each listener lets in, by the key of its balancer and the name of its port. */
function listeners(plan: EnvironmentPlan): Readonly<Record<string, AllowedCidrs>> {
  if (!plan.loadBalancers.some(({ kind }) => kind === "octavia")) return {};
  return Object.fromEntries(
    describeInfra(plan)
      .filter(({ type }) => type === LISTENER)
      .map(({ key, inputs }) => [
        key.replace("listener/", ""),
        (inputs as Inputs<typeof LISTENER>).allowedCidrs,
      ]),
  );
}

/** Sources that a server's own firewall lets in. */
function byHost({ plan, front }: Door, server: string): readonly string[] {
  const { accept } = plan.hostFirewalls.find((each) => each.server === server)!;
  return distinct(accept.filter((rule) => covers(rule, front)).flatMap((rule) => rule.from));
}

function always(check: (plan: EnvironmentPlan, value: Json) => void): void {
  fc.assert(
    fc.property(ownerValue, (value) => {
      for (const plan of family(value)) check(plan, value);
    }),
    RUNS,
  );
}

describe("who may come to a load balancer", () => {
  it("is the same for security group, Octavia's listener and host firewalls, and never nobody", () =>
    always((plan) => {
      const lists = new Map(Object.entries(listeners(plan)));
      for (const door of doors(plan)) {
        expect(door.admitted.length).toBeGreaterThan(0);
        expect(bySecurityGroup(door)).toEqual(door.admitted);
        const key = `${door.balancer.key}/${door.front.port}`;
        expect(lists.get(key)).toEqual(door.balancer.kind === "octavia" ? door.admitted : undefined);
        lists.delete(key);
        for (const server of door.balancer.servers) expect(byHost(door, server)).toEqual(door.admitted);
      }
      expect([...lists.keys()]).toEqual([]);
    }));

  it("is the servers' network for the API, and besides it the operators of an allow-list alone", () =>
    always((plan, value) => {
      const { operator } = value["access"] as { operator: { kind: string } };
      const outside = operator.kind === "allowlist" ? [OUTSIDE] : [];
      for (const { balancer, admitted } of doors(plan).filter((each) => each.front.port === "api")) {
        expect(balancer.key).toBe("api");
        expect(admitted).toEqual(distinct([plan.network.cidr, ...outside]));
      }
    }));

  it("is what the configuration lists for everything else", () =>
    always((plan, value) => {
      const { ingress } = ownerOf("lab", value);
      for (const { front, admitted } of doors(plan).filter(({ front }) => /^https?$/.test(front.port))) {
        expect(front.admits.map(({ origin }) => origin)).toEqual(ingress.from.map(() => "clients"));
        expect(admitted).toEqual(distinct(ingress.from));
      }
    }));
});

describe("the API's VIP", () => {
  /** Without a word about its address. */
  const silent = (value: Json) => changed(value, { "cluster.api.floatingIp": undefined });

  it("has a floating IP only where somebody from outside comes to it", () =>
    always((_plan, value) => {
      const plan = planOf(configOf("lab", silent(value)));
      const vip = plan.vips.find(({ key }) => key === "api");
      if (vip === undefined) return;
      const { operator } = value["access"] as { operator: { kind: string } };
      const tunnel = vip.holder === "keepalived" && plan.wireguard !== undefined;
      const published = plan.loadBalancers.some((each) => each.vip === "api" && each.key === "edge");
      const wanted = operator.kind === "allowlist" || tunnel || published;
      expect(vip.floatingIp).toBe(wanted);
      expect(plan.floatingIps.some(({ key }) => key === "vip/api")).toBe(wanted);
    }));
});

describe("addresses that are listed twice, or in another order", () => {
  it("are one entry, and no change, of a listener", () => {
    const lists = [
      ["203.0.113.0/24", "198.51.100.0/24", "203.0.113.0/24", "10.0.0.0/24"],
      ["10.0.0.0/24", "198.51.100.0/24", "203.0.113.0/24"],
    ];
    const made = lists.map((from) => {
      const value = fc.sample(ownerValue, { numRuns: 1, seed: 1 })[0]!;
      const octavia = { edge: { kind: "octavia" }, "ingress.from": from };
      const plan = planOf(configOf("lab", changed(value, octavia)));
      return listeners(plan)["edge/http"];
    });
    expect(made).toEqual([lists[1], lists[1]]);
  });
});
