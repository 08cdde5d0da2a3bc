/** What runs on an environment's servers, and in its cluster before any application, as data and as charts. */
export {
  clusterCharts,
  ClusterRolesChart,
  IngressEntryChart,
  IngressNginxChart,
  PeopleChart,
  StorageChart,
  TenantsChart,
  type TenantsChartProps,
} from "../platform/cluster";
export type { FileOverride, MachineOverrides } from "../platform/machines/override";
export { machines, userDataOf, type MachineConfig } from "../platform/machines";
