/** What people, machines and sites may connect to inside the lab, by the tunnel or through the bastion. */
import type { NonEmpty } from "../non-empty";
import type { AddressPlan } from "./types-traffic";

/** One port that somebody may connect to. */
export interface DestinationPlan {
  /** What answers, for the person who reviews it: `the Kubernetes API`. */
  readonly what: string;
  readonly protocol: "tcp" | "udp";
  readonly port: number;
  /** Addresses that answer. */
  readonly at: NonEmpty<AddressPlan>;
  /** Range of all addresses that may answer in future, where that is known: `10.0.0.112-10.0.0.207`. */
  readonly range?: string;
}

/** What one person, or one peer of `access.wireguard.peers`, may connect to. Whoever is not listed reaches nothing. */
export interface ReachPlan {
  readonly name: string;
  /** SSH by the tunnel: of every server, where keys decide, or of those among the destinations. */
  readonly ssh: "every server" | "destinations";
  readonly destinations: readonly DestinationPlan[];
}
