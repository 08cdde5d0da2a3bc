/** What runs on an environment's servers, and in its cluster before any application, as data and as charts. */
export { BlockStorageChart } from "../platform/cluster/block-storage/chart";
export { CalicoChart } from "../platform/cluster/calico/chart";
export type { CalicoChartProps } from "../platform/cluster/calico/props";
export { ClusterRolesChart } from "../platform/cluster/cluster-roles/chart";
export { FlannelChart, type FlannelChartProps } from "../platform/cluster/flannel/chart";
export { IngressChart, type DefaultCertificate } from "../platform/cluster/ingress/chart";
export { IngressEntryChart } from "../platform/cluster/ingress-entry/chart";
export { IngressNginxChart } from "../platform/cluster/ingress-nginx/chart";
export {
  KubeNetworkPoliciesChart,
  type KubeNetworkPoliciesChartProps,
} from "../platform/cluster/kube-network-policies/chart";
export {
  KubeRouterChart,
  type KubeRouterChartProps,
  type KubeRouterRole,
} from "../platform/cluster/kube-router/chart";
export { PeopleChart } from "../platform/cluster/people/chart";
export { TraefikChart, type TraefikChartProps } from "../platform/cluster/traefik/chart";
export { TenantsChart, type TenantsChartProps } from "../platform/cluster/tenants/chart";
export type { FileOverride, MachineOverrides } from "../platform/machines/override";
export { machines, userDataOf, type MachineConfig } from "../platform/machines";
export { WeaveChart, type WeaveChartProps } from "../platform/cluster/weave/chart";
