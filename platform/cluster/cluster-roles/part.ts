/** Cluster roles that parts need, created once by the cluster's owner, or by the environment on an existing cluster. */
import { component } from "../../../environment/parts/part";
import type * as Charts from "./chart";

export const clusterRoles = component({
  key: "cluster-roles",
  title: "the cluster's roles",
  plan: (_, { environment, clusterRoles: roles }) =>
    roles.length === 0 ? undefined : { environment, roles },
  charts: () => (require("./chart") as typeof Charts).clusterRolesCharts,
});
