/** An adopted lab: its resources stay as they were found until a person lets the program change them. */
import type { Adopted } from "../environment/adopted";
import type { InfraPlan } from "../environment/plan/infra-plan";
import { keys } from "./keys";
import type { InfraResource } from "./types";

/** The description without what the lab does not have, and with what it keeps. */
export function withAdopted(
  resources: readonly InfraResource[],
  { kept, later }: Adopted,
): readonly InfraResource[] {
  const left = new Set(later);
  return resources
    .filter(({ key }) => !left.has(key))
    .map((each) => withoutWaits(withKept(each, kept[each.key] ?? {}), left));
}

/** @param kept replaces inputs; null removes one */
function withKept(resource: InfraResource, kept: Readonly<Record<string, unknown>>): InfraResource {
  const inputs = Object.entries({ ...resource.inputs, ...kept }).filter(([, value]) => value !== null);
  return { ...resource, inputs: Object.fromEntries(inputs) };
}

function withoutWaits(resource: InfraResource, left: ReadonlySet<string>): InfraResource {
  const { dependsOn } = resource.options;
  if (dependsOn === undefined) return resource;
  return {
    ...resource,
    options: { ...resource.options, dependsOn: dependsOn.filter((key) => !left.has(key)) },
  };
}

/** The plan of those resources that are described: outputs and values of others do not exist. */
export function describedPlan(plan: InfraPlan, described: readonly InfraResource[]): InfraPlan {
  const known = new Set(described.map(({ key }) => key));
  const of =
    (key: (own: string) => string) =>
    (each: { readonly key: string }): boolean =>
      known.has(key(each.key));
  const isVip = ({ key, holder }: InfraPlan["vips"][number]): boolean =>
    holder === "keepalived"
      ? known.has(keys.vipPort(key))
      : known.has(keys.loadBalancer(balancerOf(plan, key)));
  return {
    ...plan,
    servers: plan.servers.filter(of(keys.server)),
    serverGroups: plan.serverGroups.filter(of(keys.serverGroup)),
    volumes: plan.volumes.filter(of(keys.volume)),
    containers: plan.containers.filter(of(keys.container)),
    applicationCredentials: plan.applicationCredentials.filter(of(keys.applicationCredential)),
    securityGroups: plan.securityGroups.filter(of(keys.securityGroup)),
    vips: plan.vips.filter(isVip),
    floatingIps: plan.floatingIps.filter(of(keys.floatingIp)),
    loadBalancers: plan.loadBalancers.filter(of(keys.loadBalancer)),
  };
}

function balancerOf({ loadBalancers }: InfraPlan, vip: string): string {
  return loadBalancers.find((each) => each.vip === vip)?.key ?? "";
}
