/** What the ingress controllers of a cluster share: the class that they serve, and their default certificate. */
import { ownersComponent } from "../../../environment/parts/part";
import { certificateHosts } from "../../../environment/secrets";
import type * as Charts from "./chart";

export const ingress = ownersComponent({
  key: "ingress",
  title: "the ingress class and its default certificate",
  plan: (config, { environment, hosts }) => {
    const { certificate, issuer } = config.ingress;
    // The checks refuse "issuer" without one.
    if (certificate !== "issuer" || issuer === undefined)
      return { environment, certificate: { kind: "program" as const } };
    const ordered = { kind: "issuer" as const, issuer, hosts: certificateHosts(config, hosts) };
    return { environment, certificate: ordered };
  },
  charts: () => (require("./chart") as typeof Charts).ingressCharts,
});
