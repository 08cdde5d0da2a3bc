/** Context of a description: ids of the network, addresses as inputs, common tags. */
import type { InfraPlan } from "../environment/plan/infra-plan";
import type { AddressPlan } from "../environment/plan/types";
import { NamedValue, parseText, referenceKey } from "../values";
import { keys } from "./keys";
import { boundValueMap } from "./named-values";
import { networkIds, type NetworkIds } from "./network-ids";
import type { Deferred } from "./types";

export interface Context extends NetworkIds {
  readonly plan: InfraPlan;
  /** An address as an input: a literal, or a reference to the port that gets it. */
  readonly address: (address: AddressPlan) => Deferred | string;
  /** The same for an address or CIDR as text, which may contain a named value. */
  readonly boundAddress: (text: string) => Deferred | string;
  readonly tags: readonly string[];
  /** The router's interface: servers need it to boot, floating IPs to reach ports. Empty on an existing network. */
  readonly routed: readonly string[];
}

export function contextOf(plan: InfraPlan): Context {
  const bound = boundValueMap(plan);
  const boundAddress = (text: string): Deferred | string => {
    const [only, ...rest] = parseText(text);
    if (!(only instanceof NamedValue) || rest.length > 0 || only.encoders.length > 0) return text;
    return (only.source.kind === "text" ? undefined : bound.get(referenceKey(only.source))) ?? text;
  };
  return {
    plan,
    ...networkIds(plan),
    address: (address) => (address.kind === "planned" ? address.ip : boundAddress(address.value.toString())),
    boundAddress,
    tags: plan.tags,
    routed: plan.network.kind === "managed" ? [keys.routerInterface] : [],
  };
}
