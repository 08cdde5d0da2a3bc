/** What runs on an environment's servers, and in its cluster before any application, as data and as charts. */
export { BlockStorageChart } from "../platform/cluster/block-storage/chart";
export { ClusterRolesChart } from "../platform/cluster/cluster-roles/chart";
export { IngressEntryChart } from "../platform/cluster/ingress-entry/chart";
export { IngressNginxChart } from "../platform/cluster/ingress-nginx/chart";
export { PeopleChart } from "../platform/cluster/people/chart";
export { TenantsChart, type TenantsChartProps } from "../platform/cluster/tenants/chart";
export type { FileOverride, MachineOverrides } from "../platform/machines/override";
export { machines, userDataOf, type MachineConfig } from "../platform/machines";
