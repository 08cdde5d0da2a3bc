/** The rights of the cluster's tenants. */
import { ownersComponent } from "../../../environment/parts/part";
import type * as Charts from "./chart";

export const tenants = ownersComponent({
  key: "tenants",
  title: "tenants' rights",
  plan: (_, { environment, tenants: list, cluster: { version, ingress } }) =>
    list.length === 0 || ingress.entry === undefined
      ? undefined
      : { environment, tenants: list, version, controller: ingress.entry },
  charts: () => (require("./chart") as typeof Charts).tenantsCharts,
});
