/** Who comes in, and what stands that they come to. */
import type { PersonPlan, WireGuardPeerPlan } from "../../environment/plan/types";
import type { HostKeys, ServerAddresses } from "./ssh";

/** What is only known once an environment stands. */
export interface ClientFacts {
  readonly addresses: ServerAddresses;
  readonly hostKeys: HostKeys;
  /** What the client dials, and the key of what answers; absent where there is no tunnel. */
  readonly gateway?: { readonly address: string; readonly publicKey: string };
  /** The person's own; absent for one without rights in the cluster. */
  readonly kubeconfig?: string;
}

/** Somebody who comes in: a person, or a machine or site that is a peer of the tunnel. */
export interface Client extends PersonPlan {
  readonly peer?: WireGuardPeerPlan;
}
