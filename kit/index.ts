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
export { image, type ContainerSpec, type Environment, type Image, type SecretKey } from "./container";
export type { Mount } from "./mounts";
export {
  CLUSTER_DNS,
  CLUSTER_ROLES,
  INGRESS_NGINX,
  labelsOf,
  metadataOf,
  Naming,
  selectorOf,
  type Identity,
  type Labels,
  type ObjectMetadata,
} from "./names";
export type { Probes, ProbeSpec } from "./probes";
export {
  addNeeds,
  HELPER_RESOURCES,
  needOf,
  NO_NEED,
  SERVICE_RESOURCES,
  type Amount,
  type Need,
  type Resources,
} from "./resources";
export {
  ENFORCED_LEVEL,
  NOBODY,
  podSecurityLabels,
  securityLevel,
  type PodSecurityLevel,
  type SecurityAllowance,
  type SecurityException,
  type User,
} from "./security";
export { TenantAccess, type TenantAccessProps } from "./tenant-access";
export {
  ReplicatedService,
  SingleStore,
  type ListedException,
  type ReplicatedServiceProps,
  type ServiceSpec,
  type SingleStoreProps,
} from "./workload";
