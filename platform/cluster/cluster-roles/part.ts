/** Cluster roles that parts need, made once by the cluster's owner. */
import { ownersComponent } from "../../../environment/parts/part";
import type * as Charts from "./chart";

export const clusterRoles = ownersComponent({
  key: "cluster-roles",
  title: "the cluster's roles",
  plan: (_, { environment, clusterRoles: roles }) => ({ environment, roles }),
  charts: () => (require("./chart") as typeof Charts).clusterRolesCharts,
});
