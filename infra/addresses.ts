/** VIP ports, and floating IPs with their targets. */
import type { InfraPlan } from "../environment/plan/infra-plan";
import { assertNever } from "../errors/assert-never";
import type { FloatingIpPlan, VipPlan } from "../environment/plan/types";
import type { Context } from "./context";
import { keys } from "./keys";
import { ref, resource } from "./resource";
import { securityGroupId } from "./security-groups";
import { fixedIps, portSecurity } from "./servers";
import type { InfraResource, Ref } from "./types";

const COMPONENT = "addresses";
const FLOATING_IP = "openstack:networking/floatingIp:FloatingIp";
const PORT = "openstack:networking/port:Port";

export function describeAddresses(context: Context): readonly InfraResource[] {
  return [
    ...context.plan.vips.filter(hasOwnPort).map((vip) => vipPort(vip, context)),
    ...context.plan.floatingIps.flatMap((each) => [floatingIp(each, context), association(each, context)]),
  ];
}

const DESCRIPTIONS: Readonly<Record<Exclude<VipPlan["holder"], "octavia">, (key: string) => string>> = {
  keepalived: (key) => `Virtual address ${key}, moved between its servers by keepalived`,
  metallb: (key) => `Virtual address ${key}, moved between nodes by MetalLB`,
  octaviaService: (key) => `Virtual address ${key}, of the load balancer of a Service`,
};

/** Its port in Neutron is one of this program. */
type OwnPortVip = VipPlan & { readonly holder: keyof typeof DESCRIPTIONS };

function hasOwnPort(vip: VipPlan): vip is OwnPortVip {
  return vip.holder !== "octavia";
}

/**
 * Reserves the address. It is bound to no server: the holders' ports may use it by their allowed address pairs, and
 * Octavia takes the port of a Service's load balancer over.
 */
function vipPort(vip: OwnPortVip, context: Context): InfraResource {
  return resource(
    COMPONENT,
    PORT,
    keys.vipPort(vip.key),
    {
      name: vip.name,
      description: DESCRIPTIONS[vip.holder](vip.key),
      networkId: context.networkId,
      adminStateUp: true,
      ...portSecurity(context),
      fixedIps: fixedIps(vip.address, context),
      securityGroupIds: vip.securityGroups.map(securityGroupId),
      tags: context.tags,
    },
    { deleteBeforeReplace: true },
  );
}

/** People and DNS use this address, so it is protected, and separate from its target. */
function floatingIp(each: FloatingIpPlan, { plan, tags }: Context): InfraResource {
  return resource(
    COMPONENT,
    FLOATING_IP,
    keys.floatingIp(each.key),
    { pool: each.pool, description: `${plan.environment} ${each.key}`, tags },
    { protect: true },
  );
}

/** Neutron associates only if a router connects the external network to the port's subnet. */
function association(each: FloatingIpPlan, context: Context): InfraResource {
  return resource(
    COMPONENT,
    "openstack:networking/floatingIpAssociate:FloatingIpAssociate",
    keys.association(each.key),
    {
      floatingIp: ref(FLOATING_IP, keys.floatingIp(each.key), "address"),
      portId: targetPort(each.target, context.plan),
    },
    { deleteBeforeReplace: true, dependsOn: context.routed },
  );
}

function targetPort(target: FloatingIpPlan["target"], plan: InfraPlan): Ref {
  switch (target.kind) {
    case "server":
      return ref(PORT, keys.serverPort(target.server), "id");
    case "vip": {
      const octavia = plan.loadBalancers.find((each) => each.kind === "octavia" && each.vip === target.vip);
      return octavia === undefined
        ? ref(PORT, keys.vipPort(target.vip), "id")
        : ref(
            "openstack:loadbalancer/loadBalancer:LoadBalancer",
            keys.loadBalancer(octavia.key),
            "vipPortId",
          );
    }
    default:
      return assertNever(target);
  }
}
