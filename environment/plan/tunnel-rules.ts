/** Traffic that a gateway forwards from the tunnel, derived from the destinations of its peers. */
import { addressText } from "../address-text";
import { isNonEmpty, type NonEmpty } from "../non-empty";
import { TUNNEL_INTERFACE } from "../tunnel";
import type {
  DestinationPlan,
  NetworkPlan,
  ReachPlan,
  TunnelFlow,
  TunnelPassagePlan,
  TunnelRulePlan,
  WireGuardPlan,
} from "./types";

/** A rule without its peers. */
type Way = TunnelFlow & Pick<TunnelRulePlan, "to" | "reason">;

export function tunnelPassage(
  { cidr, gatewayAddress, peers }: WireGuardPlan,
  network: NetworkPlan,
  reach: readonly ReachPlan[],
): TunnelPassagePlan {
  const inside: NonEmpty<string> = [network.cidr, gatewayAddress];
  const byName = new Map(reach.map((each) => [each.name, each]));
  const passes = peers.flatMap(({ name, address }) =>
    waysOf(byName.get(name), inside).map((way) => ({ way, address })),
  );
  return {
    interface: TUNNEL_INTERFACE,
    from: cidr,
    to: network.cidr,
    own: gatewayAddress,
    rules: joined(passes),
  };
}

function waysOf(reach: ReachPlan | undefined, inside: NonEmpty<string>): readonly Way[] {
  if (reach === undefined) return [];
  const ssh: Way = { protocol: "tcp", port: 22, to: inside, reason: "SSH of every server" };
  return [
    { protocol: "icmp", to: inside, reason: "ping" },
    ...(reach.ssh === "every server" ? [ssh] : []),
    ...reach.destinations.map(wayTo),
  ];
}

function wayTo({ what, protocol, port, at, range }: DestinationPlan): Way {
  const [first, ...others] = at;
  const to: NonEmpty<string> =
    range === undefined ? [addressText(first), ...others.map(addressText)] : [range];
  return { protocol, port, to, reason: what };
}

/** One rule for all peers with the same destination. */
function joined(
  passes: readonly { readonly way: Way; readonly address: string }[],
): readonly TunnelRulePlan[] {
  const ways = new Map(passes.map(({ way }) => [JSON.stringify(way), way]));
  return [...ways].flatMap(([key, way]) => {
    const addresses = passes.filter((pass) => JSON.stringify(pass.way) === key).map(({ address }) => address);
    const from = [...new Set(addresses)];
    return isNonEmpty(from) ? [{ ...way, from }] : [];
  });
}
