/** Effects of `edge`, `ingress` and `ports`: what clients connect to. */
import type { EdgeConfig, OwnerConfig, PortsConfig, TenantEnvironmentConfig } from "../config";
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

const NODE_PORT = inPlace(
  "the ingress controller's Service and the load balancers take it, and requests between the two changes fail",
);

export const TENANT_INGRESS_EFFECTS: Effects<TenantEnvironmentConfig["ingress"]> = {
  http: NODE_PORT,
  https: NODE_PORT,
  from: RULES,
};

export const INGRESS_EFFECTS: Effects<OwnerConfig["ingress"]> = {
  kind: stopped({
    would:
      "deletes the ingress controller and makes another one, of which the old one's annotations mean nothing",
    instead: "choose a time at which nobody works, and allow it",
    allowedAs: "interrupt",
  }),
  ...TENANT_INGRESS_EFFECTS,
  proxyProtocol: inPlace(
    "requests fail between the change of the load balancers and that of the ingress controller",
  ),
  certificate: inPlace("the ingress controller serves the other certificate at once"),
};

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
    },
  },
  internal: RULES,
  window: { from: RULES, to: RULES, open: RULES },
};
