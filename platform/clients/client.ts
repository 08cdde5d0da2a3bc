/** Clients, and the facts of a running environment that their files need. */
import type { PersonPlan, WireGuardPeerPlan } from "../../environment/plan/types";
import type { HostKeys, ServerAddresses } from "./ssh";

/** Values that are known only after `up`. */
export interface ClientFacts {
  readonly addresses: ServerAddresses;
  readonly hostKeys: HostKeys;
  /** Endpoint and public key of the gateway; absent where there is no tunnel. */
  readonly gateway?: { readonly address: string; readonly publicKey: string };
  /** The person's own; absent for a person without rights in the cluster. */
  readonly kubeconfig?: string;
}

/** A client: a person, or a machine or site that is a peer of the tunnel. */
export interface Client extends PersonPlan {
  readonly peer?: WireGuardPeerPlan;
}
