/** Typed building blocks of charts, for what runs in the cluster and for the lab's applications alike. */
export {
  Account,
  Rights,
  type AccountProps,
  type ResourceRule,
  type RightsProps,
  type UrlRule,
  type Verb,
} from "./access";
export { ConfigFile, json, type ConfigFileProps } from "./config-file";
export {
  image,
  pinnedImage,
  type ContainerSpec,
  type Environment,
  type Image,
  type InitContainerSpec,
  type SecretKey,
} from "./container";
export type { Hook, Hooks } from "./lifecycle";
export type { Mount, PodVolume } from "./mounts";
export {
  CLUSTER_DNS,
  INGRESS_NGINX,
  labelsOf,
  metadataOf,
  Naming,
  selectorOf,
  TENANT_NAMESPACE_ROLE,
  type Identity,
  type Labels,
  type ObjectMetadata,
} from "./names";
export { FlowPolicy, type FlowPolicyProps, type PolicyNetworks } from "./flow-policies";
export { ComponentNamespace, type Admitted, type ComponentNamespaceProps } from "./namespace";
export type { ListedException, PodSpec } from "./pod";
export type { ContainerPort, ContainerPorts, PortProtocol } from "./ports";
export type { Probes, ProbeSpec } from "./probes";
export {
  addNeeds,
  cpuQuantity,
  HELPER_RESOURCES,
  memoryQuantity,
  needOf,
  NO_NEED,
  SERVICE_RESOURCES,
  type Amount,
  type Need,
  type Resources,
} from "./resources";
export { ON_CONTROL_PLANES, type SchedulingSpec, type Toleration } from "./scheduling";
export {
  commonLevel,
  ENFORCED_LEVEL,
  NOBODY,
  podSecurityLabels,
  securityLevel,
  type Capability,
  type ContainerUser,
  type PodSecurityLevel,
  type SecurityAllowance,
  type SecurityException,
  type User,
} from "./security";
export type { NamedPort, ServiceSpec } from "./service";
export type { Spelling } from "./spelling";
export { TenantAccess, type TenantAccessProps } from "./tenant-access";
export {
  Controller,
  NodeAgent,
  ReplicatedService,
  SingleStore,
  type ControllerProps,
  type NodeAgentProps,
  type ReplicatedServiceProps,
  type SingleStoreProps,
  type Update,
} from "./workload";
