/** Octavia load balancers: one listener, pool and monitor for each port, one member for each server behind it. */
import { assertNever } from "../errors/assert-never";
import { distinctSorted, mapNonEmpty, type NonEmpty } from "../environment/non-empty";
import type {
  BackendPlan,
  FrontendPlan,
  LoadBalancerPlan,
  ProbePlan,
  VipPlan,
} from "../environment/plan/types";
import type { Context } from "./context";
import { keys } from "./keys";
import { ref, resource } from "./resource";
import { securityGroupId } from "./security-groups";
import type { InfraResource, Inputs, Ref } from "./types";

const COMPONENT = "loadBalancers";
const BALANCER = "openstack:loadbalancer/loadBalancer:LoadBalancer";
const LISTENER = "openstack:loadbalancer/listener:Listener";
const MONITOR = "openstack:loadbalancer/monitor:Monitor";
const POOL = "openstack:loadbalancer/pool:Pool";

/** In milliseconds; the same 600 s and 10 s as in HAProxy (MK). Only TCP listeners support them. */
const TCP_TIMEOUTS = {
  timeoutClientData: 600_000,
  timeoutMemberData: 600_000,
  timeoutMemberConnect: 10_000,
} as const;

/** In seconds: a server is out after 2 failures, back after 2 successes; Octavia requires a timeout below the delay. */
const MONITORING = { delay: 5, timeout: 3, maxRetries: 2, maxRetriesDown: 2 } as const;

export function describeLoadBalancers(context: Context): readonly InfraResource[] {
  return context.plan.loadBalancers
    .filter((each) => each.kind === "octavia")
    .flatMap((each) => [
      loadBalancer(each, context),
      ...each.frontends.flatMap((frontend) => frontendResources(each, frontend, context)),
    ]);
}

function frontendResources(
  balancer: LoadBalancerPlan,
  frontend: FrontendPlan,
  context: Context,
): readonly InfraResource[] {
  return [
    listener(balancer, frontend, context),
    pool(balancer, frontend),
    monitor(balancer, frontend),
    ...frontend.backends.map((backend) => member(balancer, frontend, backend, context)),
  ];
}

/** Octavia creates the VIP's port; a planned address is requested, an assigned one is from the subnet's pools. */
function loadBalancer(balancer: LoadBalancerPlan, context: Context): InfraResource {
  const vip = vipOf(balancer, context);
  return resource(
    COMPONENT,
    BALANCER,
    keys.loadBalancer(balancer.key),
    {
      name: balancer.name,
      description: `Load balancer ${balancer.key} of the lab environment ${context.plan.environment}`,
      adminStateUp: true,
      vipSubnetId: context.subnetId,
      vipAddress: vip.address.kind === "planned" ? vip.address.ip : undefined,
      securityGroupIds: vip.securityGroups.length === 0 ? undefined : vip.securityGroups.map(securityGroupId),
      tags: context.tags,
    },
    { deleteBeforeReplace: true, dependsOn: context.routed },
  );
}

function vipOf(balancer: LoadBalancerPlan, { plan }: Context): VipPlan {
  const vip = plan.vips.find((each) => each.key === balancer.vip);
  if (vip === undefined)
    throw new Error(`load balancer ${balancer.key}: VIP ${balancer.vip} is not in the plan`);
  return vip;
}

function listener(balancer: LoadBalancerPlan, frontend: FrontendPlan, { tags }: Context): InfraResource {
  return resource(
    COMPONENT,
    LISTENER,
    keys.listener(balancer.key, frontend.port),
    {
      name: `${balancer.name}-${frontend.port}`,
      loadbalancerId: ref(BALANCER, keys.loadBalancer(balancer.key), "id"),
      protocol: octaviaProtocol(frontend),
      protocolPort: frontend.listen,
      allowedCidrs: allowedCidrs(frontend),
      ...(frontend.protocol === "tcp" ? TCP_TIMEOUTS : {}),
      tags,
    },
    { deleteBeforeReplace: true },
  );
}

/** Octavia accepts each once. Sorted, so that reordering the configuration is not a change. */
function allowedCidrs({ admits }: FrontendPlan): NonEmpty<string> {
  return distinctSorted(mapNonEmpty(admits, ({ cidr }) => cidr));
}

function pool(balancer: LoadBalancerPlan, frontend: FrontendPlan): InfraResource {
  return resource(
    COMPONENT,
    POOL,
    keys.pool(balancer.key, frontend.port),
    {
      name: `${balancer.name}-${frontend.port}`,
      listenerId: ref(LISTENER, keys.listener(balancer.key, frontend.port), "id"),
      protocol: frontend.proxyProtocol ? "PROXYV2" : octaviaProtocol(frontend),
      lbMethod: "ROUND_ROBIN",
    },
    { deleteBeforeReplace: true },
  );
}

function member(
  balancer: LoadBalancerPlan,
  frontend: FrontendPlan,
  backend: BackendPlan,
  context: Context,
): InfraResource {
  return resource(
    COMPONENT,
    "openstack:loadbalancer/member:Member",
    keys.member(balancer.key, frontend.port, backend.server),
    {
      name: backend.server.replaceAll("/", "-"),
      poolId: poolId(balancer, frontend),
      address: context.address(backend.address),
      protocolPort: backend.port,
      subnetId: context.subnetId,
      weight: 1,
      monitorPort: frontend.probe.kind === "tcp" ? undefined : frontend.probe.port,
    },
    { deleteBeforeReplace: true, leadsTo: backend.server },
  );
}

function monitor(balancer: LoadBalancerPlan, frontend: FrontendPlan): InfraResource {
  return resource(
    COMPONENT,
    MONITOR,
    keys.monitor(balancer.key, frontend.port),
    {
      name: `${balancer.name}-${frontend.port}`,
      poolId: poolId(balancer, frontend),
      ...probe(frontend.probe, frontend.protocol),
      ...MONITORING,
    },
    { deleteBeforeReplace: true },
  );
}

function poolId(balancer: LoadBalancerPlan, frontend: FrontendPlan): Ref {
  return ref(POOL, keys.pool(balancer.key, frontend.port), "id");
}

function octaviaProtocol({ protocol }: FrontendPlan): "TCP" | "UDP" {
  return protocol === "tcp" ? "TCP" : "UDP";
}

type ProbeInputs = Pick<Inputs<typeof MONITOR>, "type" | "httpMethod" | "urlPath" | "expectedCodes">;

/** Octavia accepts a TCP probe only for TCP: for UDP the server must not refuse the packet. */
function probe(plan: ProbePlan, protocol: FrontendPlan["protocol"]): ProbeInputs {
  switch (plan.kind) {
    case "tcp":
      return { type: protocol === "tcp" ? "TCP" : "UDP-CONNECT" };
    case "http":
      return { type: "HTTP", httpMethod: "GET", urlPath: plan.path, expectedCodes: "200" };
    case "https":
      return { type: "HTTPS", httpMethod: "GET", urlPath: plan.path, expectedCodes: "200" };
    default:
      return assertNever(plan);
  }
}
