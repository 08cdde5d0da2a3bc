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
    ...context.plan.vips.filter((vip) => vip.holder === "keepalived").map((vip) => vipPort(vip, context)),
    ...context.plan.floatingIps.flatMap((each) => [floatingIp(each, context), association(each, context)]),
  ];
}

/** Reserves the address. It is bound to no server; the holders' ports may use it by their allowed address pairs. */
function vipPort(vip: VipPlan, context: Context): InfraResource {
  return resource(
    COMPONENT,
    PORT,
    keys.vipPort(vip.key),
    {
      name: vip.name,
      description: `Virtual address ${vip.key}, moved between its servers by keepalived`,
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
