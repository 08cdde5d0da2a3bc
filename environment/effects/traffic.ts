/** Effects of `edge` and `ports`: what clients connect to. */
import type { EdgeConfig, PortsConfig } from "../config";
import type { Effects } from "../parts/effects";
import { guarded, inPlace, stopped } from "./words";

const RULES = inPlace("rules change at once; connections that are open stay until they end");
const FORWARDS = inPlace(
  "Service, rules and load balancers change, and connections through the old port end",
);

const ENTRANCE = stopped({
  would: "ends every connection through the load balancer, and its address may become another one",
  instead: "choose a time at which nobody works, and allow it",
  allowedAs: "interrupt",
  free: ["", "none"],
});

export const EDGE_EFFECTS: Effects<EdgeConfig> = {
  kind: ENTRANCE,
  on: ENTRANCE,
  floatingIp: inPlace("the address is made; one less is protected"),
};

const STREAM = inPlace(
  "the ingress controller forwards new connections there; connections that are open stay until they end",
);

export const PORTS_EFFECTS: Effects<PortsConfig> = {
  published: {
    kind: "entries",
    name: "<port>",
    entry: inPlace("it is opened; one that is left out is closed"),
    each: {
      external: FORWARDS,
      nodePort: FORWARDS,
      protocol: guarded("closes every connection through Octavia's listener", "allow it"),
      from: RULES,
      probe: {
        kind: inPlace("load balancers check by it from then on"),
        path: inPlace("load balancers check by it from then on"),
        port: inPlace("load balancers check by it from then on"),
      },
      service: { namespace: STREAM, name: STREAM, port: STREAM },
    },
  },
  internal: RULES,
  window: { from: RULES, to: RULES, open: RULES },
};
