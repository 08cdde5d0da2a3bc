/** Effects of `access` and `people`. */
import type { AccessConfig, OwnerConfig } from "../config";
import type { Effects } from "../parts/effects";
import { inPlace, inTurns, stopped } from "./words";

const RULES = inPlace("rules change at once; connections that are open stay until they end");
const PEERS = inPlace("gateways take it at once; a peer that is gone is refused at once");
const KEYS = inPlace("servers take it at the next login");
const REACH = inPlace("gateways and bastion take it at once; connections that are open stay until they end");
const RIGHTS = inPlace("rights change at once");

const TUNNEL = stopped({
  would: "ends the tunnel of every client, whose files have the old value",
  instead:
    "count up servers.gateway.generation in the same up, reach the environment by another way than the tunnel, and hand out new client files",
  allowedAs: "interrupt",
  free: [""],
});

export const ACCESS_EFFECTS: Effects<AccessConfig> = {
  kind: inTurns(
    "what is added is opened, and what is left out is closed; rules that hold while a server boots follow when the `generation` of its pool is counted up, and servers whose programs are missing stop the run until then",
  ),
  operator: {
    kind: inPlace(
      "listener and rules of the API change; an address that is no longer needed is protected, see [below](#restrict-access-to-the-api)",
    ),
    from: RULES,
  },
  ssh: {
    from: inTurns(
      "rules change at once; those that hold while a server boots follow when the `generation` of its pool is counted up",
    ),
  },
  wireguard: {
    cidr: TUNNEL,
    port: TUNNEL,
    from: RULES,
    peers: {
      kind: "entries",
      name: "<peer>",
      entry: PEERS,
      each: { publicKey: PEERS, address: PEERS, applications: REACH },
    },
  },
};

export const PEOPLE_EFFECTS: Effects<Pick<OwnerConfig, "people">>["people"] = {
  kind: "entries",
  name: "<person>",
  entry: inPlace(
    "access is given at once; of one who is removed it is taken at once, and connections that are open stay until they end",
  ),
  each: {
    ssh: { key: KEYS, as: KEYS },
    wireguard: { publicKey: PEERS, address: PEERS },
    applications: REACH,
    kubernetes: { everywhere: RIGHTS, namespaces: RIGHTS, user: RIGHTS },
  },
};
