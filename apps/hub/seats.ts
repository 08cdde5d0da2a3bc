/** People's servers as seats: each choice at its guaranteed size. */
import type { SeatClaim } from "../../environment/parts/seats";
import type { HubConfig } from "./configuration";
import { DEDICATED_TAINTS, NODE_PURPOSE_LABEL, NODE_PURPOSES } from "./names";
import { resourcesOf, serverOf } from "./plan";

export function hubSeats(name: string, hub: HubConfig, path: string): readonly SeatClaim[] {
  const common = {
    nodes: hub.nodePurpose === "require" ? { [NODE_PURPOSE_LABEL]: NODE_PURPOSES.user } : {},
    tolerates: DEDICATED_TAINTS.map((key) => ({ key, value: NODE_PURPOSES.user })),
    atMost: { count: hub.activeServerLimit, path: `${path}.activeServerLimit` },
  };
  const profiles = Object.entries(hub.profiles);
  if (profiles.length === 0)
    return [{ path: `${path}.server`, name, ...resourcesOf(hub.server).request, ...common }];
  return profiles.map(([slug, profile]) => ({
    path: `${path}.profiles.${slug}`,
    name: `${name}: ${slug}`,
    ...resourcesOf(serverOf(profile, hub.server)).request,
    ...(profile.gpu === undefined ? {} : { device: profile.gpu }),
    ...common,
  }));
}
