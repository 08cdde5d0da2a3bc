/** Typed building blocks of charts, for cluster components and for the lab's applications. */
export {
  Account,
  Rights,
  type AccountProps,
  type ResourceRule,
  type RightsProps,
  type UrlRule,
  type Verb,
} from "./access";
export {
  AdmissionPolicy,
  isNew,
  type AdmissionPolicyProps,
  type AdmittedResources,
  type NamespaceException,
  type PolicyNamespaces,
} from "./admission-policy";
export { appArmorOf, useAppArmor } from "./app-armor";
export type { AppArmor } from "../environment/app-armor";
export { celText, celTexts, forKind, type CelRule, type CelVariable } from "./cel";
export {
  NODE_POOL_LABEL,
  onPools,
  type NodeAffinity,
  type NodePreference,
  type NodeRule,
  type PodRule,
} from "./affinity";
export type { ReplicaRange, Replicas, UsageTarget } from "./autoscaling";
export { ConfigFile, json, type ConfigFileProps } from "./config-file";
export { image, pinnedImage, type ContainerSpec, type Image, type TaskContainerSpec } from "./container";
export { deviceClaims, type DeviceName, type Devices } from "./devices";
export type { Environment, EnvSource, SecretKey } from "./env";
export { CronJob, Job, type CronJobProps, type JobProps, type RunSpec } from "./job";
export type { Hook, Hooks } from "./lifecycle";
export type { Mount, PodVolume } from "./mounts";
export {
  CLUSTER_DNS,
  labelsOf,
  metadataOf,
  Naming,
  RULES_LABEL,
  selectorOf,
  type Identity,
  type Labels,
  type ObjectMetadata,
} from "./names";
export { TENANT_NAMESPACE_ROLE } from "../environment/tenancy";
export { FlowPolicy, type FlowPolicyProps, type PolicyNetworks } from "./flow-policies";
export { ComponentNamespace, type Admitted, type ComponentNamespaceProps } from "./namespace";
export type { ListedException, PodSpec } from "./pod-spec";
export type { ContainerPort, ContainerPorts, PortProtocol } from "./ports";
export type { Probes, ProbeSpec } from "./probes";
export { PriorityClass, type PriorityClassProps } from "./priority-class";
export {
  EnvironmentVariable,
  PythonDefinition,
  pythonExpression,
  traitletsFile,
  traitletsOf,
  type PythonValue,
  type Traitlet,
} from "./python";
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
export { ON_CONTROL_PLANES, type SchedulingSpec, type Toleration, type ZoneSpread } from "./scheduling";
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
export {
  PodService,
  type HeadlessSpec,
  type LoadBalancerSpec,
  type NamedPort,
  type NodePort,
  type NodePortSpec,
  type PodServiceProps,
  type ServiceSpec,
} from "./service";
export type { Spelling } from "./spelling";
export { StorageClass, type StorageClassProps } from "./storage-class";
export { TenantAccess, type TenantAccessProps } from "./tenant-access";
export {
  UID_RIGHTS_GROUP,
  uidRights,
  UidPolicy,
  WORKLOAD_CONTROLLERS,
  type UidPolicyProps,
} from "./uid-policy";
export { VolumeClaim, type AccessMode, type VolumeClaimProps } from "./volume-claim";
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
export type {
  GuardedRoute,
  PublicRoute,
  RouteAuth,
  RouteBody,
  RouteCertificate,
  RoutePath,
  RouteTimeouts,
  WebRouteProps,
} from "./route";
export { WebRoute } from "./web-route";
