/**
 * The plan of an environment: every decision, as plain data, before anything exists.
 * Consumers (OpenStack, machines, charts, review) decide nothing again.
 */
import type { AppArmor } from "../app-armor";
import type { CloudValue } from "../cluster-cloud";
import type { NamespaceLimitsConfig, LogsConfig, ServerRole, SoftwareConfig } from "../config";
import type { DeploymentPlan } from "./deployment";
import type { NonEmpty } from "../non-empty";
import type { ClusterRoleDeclaration } from "../parts/cluster-roles";
import type { FixedSetting } from "../parts/effects";
import type { Flow } from "../parts/flows";
import type { SeatClaim } from "../parts/seats";
import type { Tenancy } from "../tenancy";
import type { HostMountPlan } from "./host-mounts";
import type { ExpiryPlan } from "./types-expiries";
import type { SecretPlan } from "./types-secrets";
import type {
  AccessPlan,
  AllowedChange,
  NodeSettingsPlan,
  ProjectPlan,
  ServerSettingsPlan,
  SharedStoragePlan,
} from "./types-settings";
import type { RulesPlan } from "./types-rules";
import type { ReachPlan } from "./types-reach";
import type { HostFirewallPlan, SecurityGroupPlan } from "./types-security";
import type { AddressPlan, FloatingIpPlan, LoadBalancerPlan, PortPlan, VipPlan } from "./types-traffic";

export type { ExpiryDatePlan, ExpiryPlan, LifetimePlan, RenewalPlan } from "./types-expiries";
export type {
  HostFirewallPlan,
  HostFirewallRulePlan,
  RemotePlan,
  RuleProtocol,
  SecurityGroupPlan,
  SecurityGroupRulePlan,
  TunnelFlow,
  TunnelPassagePlan,
  TunnelRulePlan,
} from "./types-security";
export type {
  EnvironmentRulesPlan,
  HostsPlan,
  ImageSourcesPlan,
  NodePortSpan,
  Rule,
  RuleExceptionPlan,
  RulesPlan,
} from "./types-rules";
export type { NamespaceLimitsConfig as NamespaceLimitsPlan } from "../config";
export type { MonthlyPrice, PricesPlan } from "./types-prices";
export type { DestinationPlan, ReachPlan } from "./types-reach";
export type { SecretPlan, SecretRotation } from "./types-secrets";
export type {
  AliasConfig as AliasPlan,
  CloudConfig as CloudPlan,
  KubernetesMinor,
  LogsConfig as LogsPlan,
  OctaviaConfig as OctaviaPlan,
  QuotaName,
  Size,
  SoftwareConfig as SoftwarePlan,
  StorageConfig as StoragePlan,
} from "../config";
export type { AccessPlan, NodeSettingsPlan, ServerSettingsPlan, SharedStoragePlan } from "./types-settings";
export type {
  AddressPlan,
  AdmissionPlan,
  BackendPlan,
  FloatingIpPlan,
  FrontendPlan,
  LoadBalancerPlan,
  PortPlan,
  ProbePlan,
  StreamTarget,
  VipPlan,
} from "./types-traffic";

export interface NetworkPlan {
  /** `none`: the environment has no servers, and uses no OpenStack. */
  readonly kind: "managed" | "existing" | "none";
  /** Name in Neutron: managed or looked up. */
  readonly name: string;
  readonly subnetName: string;
  readonly cidr: string;
  readonly gatewayIp: string;
  readonly mtu: number;
  readonly dnsNameservers: readonly string[];
  /** Addresses that Neutron may hand out itself: DHCP ports, Octavia VIPs, tenants' Octavia. */
  readonly allocationPools: readonly { readonly start: string; readonly end: string }[];
  /** Pool of floating IPs and the router's gateway; absent where an existing network is already routed and no floating IP is requested. */
  readonly externalNetwork: string;
  /** False on a network shared by another project: only its owner may choose fixed addresses. */
  readonly fixedAddresses: boolean;
  /** Ids that make a preview possible without querying the cloud; a tenant's are named values of its owner. */
  readonly ids: { readonly network?: string; readonly subnet?: string; readonly external?: string };
}

export type KeyPairPlan =
  | { readonly kind: "managed"; readonly name: string; readonly publicKey: string }
  | { readonly kind: "existing"; readonly name: string };

export type VolumeUse =
  | { readonly kind: "filesystem"; readonly type: "ext4" | "xfs"; readonly mountPoint: string }
  | { readonly kind: "raw"; readonly device: string }
  | { readonly kind: "swap" };

/** One Cinder volume; its size in GiB. */
export interface VolumePlan {
  /** `<server key>/<volume name>`: the identity, never an index. */
  readonly key: string;
  readonly name: string;
  readonly server: string;
  readonly sizeGiB: number;
  readonly volumeType?: string;
  readonly availabilityZone?: string;
  readonly use: VolumeUse;
  /** Holds data that cannot be recreated: protected from deletion. */
  readonly protect: boolean;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface TaintPlan {
  readonly key: string;
  readonly value: string;
  readonly effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}

/** One server with all that is decided about it. */
export interface ServerPlan {
  /** `<role or pool>/<slot or name>`, for example `controlPlane/0`, `workers.general/2`, `desktops/alice`. */
  readonly key: string;
  readonly role: ServerRole;
  /** Pool of a worker (`general`), else the role's own key. */
  readonly pool: string;
  readonly slot: number;
  /** Name in Nova and host name. */
  readonly name: string;
  readonly address: AddressPlan;
  readonly flavor: string;
  readonly image: string;
  readonly keyPair: string;
  readonly availabilityZone?: string;
  /** Boots from a Cinder volume of this size instead of the flavor's disk. */
  readonly bootVolume?: { readonly sizeGiB: number; readonly volumeType?: string };
  readonly serverGroup?: string;
  readonly securityGroups: readonly string[];
  readonly volumes: readonly string[];
  /** Addresses beside its own that this server's port may use: VIPs, a pod CIDR without encapsulation. */
  readonly allowedAddressPairs: readonly string[];
  readonly floatingIp: boolean;
  readonly generation: number;
  /** Nova metadata; `groups` drives configuration. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly TaintPlan[];
  readonly applications: readonly string[];
  /** Devices of a worker's flavor; pods request them by the resource's name. */
  readonly gpu?: { readonly resource: string; readonly count: number };
  /** File systems that exist elsewhere, on a worker. */
  readonly mounts?: readonly HostMountPlan[];
  /** The desktop's user. */
  readonly user?: ServerUserPlan;
}

export interface ServerUserPlan {
  readonly name: string;
  /** Authorized on this server in addition to the operators' key, which every server has. */
  readonly sshKey?: string;
}

export interface ServerGroupPlan {
  readonly key: string;
  readonly name: string;
  readonly policy: "anti-affinity" | "soft-anti-affinity";
}

/** A pool's servers by key, in lanes: one server of each lane is replaced at a time, in the lane's order. */
export interface RollingPoolPlan {
  readonly pool: string;
  readonly lanes: readonly (readonly string[])[];
}

export interface WireGuardPeerPlan {
  readonly name: string;
  readonly publicKey: string;
  readonly address: string;
}

export interface WireGuardPlan {
  readonly cidr: string;
  readonly gatewayAddress: string;
  readonly port: number;
  readonly peers: readonly WireGuardPeerPlan[];
  /** Networks that a client routes through the tunnel. */
  readonly allowedIps: readonly string[];
  /** Server or VIP of the endpoint. */
  readonly endpoint:
    { readonly kind: "vip"; readonly vip: string } | { readonly kind: "server"; readonly server: string };
}

/** A person's identity in the cluster; rights are bound to the principal. */
export interface PersonIdentity {
  /** `oidc` where the cluster has an identity provider, else a certificate of the person's own. */
  readonly kind: "certificate" | "oidc";
  /** Name in the cluster. */
  readonly principal: string;
}

/** A person with access, and the kinds of access. */
export interface PersonPlan {
  readonly name: string;
  readonly ssh?: {
    readonly key: string;
    /** `jump`: SSH through the bastion only; `operator`: every server. */
    readonly as: "jump" | "operator";
  };
  /** Roles are names of Kubernetes' own ClusterRoles. */
  readonly kubernetes: {
    readonly identity: PersonIdentity;
    readonly everywhere?: string;
    readonly namespaces: Readonly<Record<string, string>>;
  };
}

/** Where and how clients reach the Kubernetes API. */
export interface ApiPlan {
  readonly address: AddressPlan;
  readonly port: number;
  /** Name in the certificates; kubeconfigs carry it as `tls-server-name`, so no file depends on an address. */
  readonly serverName: string;
  readonly floatingIp?: string;
}

/** What serves the hosts. */
export interface IngressControllerPlan {
  /** IngressClass. */
  readonly className: string;
  readonly namespace: string;
  /** Labels that select the pods of each controller: two while one replaces the other. */
  readonly pods: NonEmpty<Readonly<Record<string, string>>>;
  /** Deployment to which the environments' entries lead; absent for an existing cluster, which has its own entries. */
  readonly entry?: string;
}

/** StorageClasses whose volumes are Cinder's, all of one volume type. */
export interface CinderClassesPlan {
  readonly classes: readonly string[];
  /** @default the cloud's */
  readonly volumeType?: string;
}

export interface ClusterPlan {
  /** Formed by this environment's servers (own), another environment's (shared), or existing. */
  readonly kind: "own" | "shared" | "existing";
  readonly name: string;
  readonly owner: string;
  readonly version: string;
  readonly podCidr: string;
  readonly serviceCidr: string;
  /** Network of its nodes. */
  readonly nodeCidr: string;
  readonly ingress: IngressControllerPlan;
  /** StorageClass of block volumes, created by the owner; its tenants use it too. */
  readonly blockClass: string;
  /** The classes whose volumes are Cinder's; absent for an existing cluster, which does not say. */
  readonly cinder?: CinderClassesPlan;
  /** StorageClass of volumes that many pods write at once; absent where the cluster has none. */
  readonly sharedClass?: string;
  /** Absent for an existing cluster: its kubeconfig has the endpoint. */
  readonly api?: ApiPlan;
  /** How operators and this program reach the API. */
  readonly apiRoute: AccessPlan["operator"]["kind"] | "direct";
  /** Whether packets between nodes carry pods' own addresses. */
  readonly preservesPodAddresses: boolean;
  readonly schedulableControlPlane: boolean;
  /** Whether pods require AppArmor of their nodes. */
  readonly appArmor: AppArmor;
}

/** What the owner of a shared cluster grants one tenant. */
export interface TenantPlan {
  readonly name: string;
  readonly ingress: { readonly http: number; readonly https: number };
  readonly window?: { readonly from: number; readonly to: number };
  readonly namespaces: readonly string[];
  readonly hosts: readonly string[];
  /** Where the tenant's load balancer comes from: its block of the owner's network, or the whole network for Octavia. */
  readonly cidr: string;
}

export interface ContainerPlan {
  readonly key: string;
  readonly name: string;
  readonly purpose: string;
  readonly versioning: boolean;
}

export interface ApplicationCredentialPlan {
  readonly key: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly unrestricted: boolean;
  readonly expiresAt?: string;
  readonly generation: number;
}

/** Everything that is decided about an environment, as plain data: names, addresses, ports, sizes, rules. */
export interface EnvironmentPlan {
  readonly environment: string;
  /** Domain of the lab, below which its services are named. */
  readonly domain: string;
  /** Whether it owns its cluster, and for a tenant what limits it to its share. */
  readonly tenancy: Tenancy;
  readonly network: NetworkPlan;
  readonly keyPair: KeyPairPlan;
  readonly servers: readonly ServerPlan[];
  /** How servers are replaced, pool by pool in this order. */
  readonly rolling: readonly RollingPoolPlan[];
  readonly serverGroups: readonly ServerGroupPlan[];
  readonly securityGroups: readonly SecurityGroupPlan[];
  readonly hostFirewalls: readonly HostFirewallPlan[];
  /** Where all servers get their software from. */
  readonly software: SoftwareConfig;
  /** Where all servers that are no cluster nodes send their logs. */
  readonly logs: LogsConfig;
  readonly volumes: readonly VolumePlan[];
  readonly ports: readonly PortPlan[];
  readonly vips: readonly VipPlan[];
  readonly floatingIps: readonly FloatingIpPlan[];
  readonly loadBalancers: readonly LoadBalancerPlan[];
  readonly wireguard?: WireGuardPlan;
  /** People with access to this environment's servers and its cluster. */
  readonly people: readonly PersonPlan[];
  /** What people and peers of the tunnel may connect to inside; empty where their owner's gateways and bastion decide. */
  readonly reach: readonly ReachPlan[];
  readonly cluster: ClusterPlan;
  /** Of the cluster that this environment's servers form; absent for a tenant. */
  readonly nodeSettings?: NodeSettingsPlan;
  /** Made by this environment; a tenant has none. */
  readonly sharedStorage: SharedStoragePlan;
  /** Of the owner; absent for a tenant, whose operators use its owner's. */
  readonly access?: AccessPlan;
  /** ClusterRoles that this environment creates; a tenant creates none. */
  readonly clusterRoles: readonly ClusterRoleDeclaration[];
  /** Of the cluster, made by its owner; absent for a tenant, and where the API server has no admission policies. */
  readonly rules?: RulesPlan;
  /** Every host name that its ingresses serve, sorted. */
  readonly hosts: readonly string[];
  /** What namespaces may use, by name, of those that the configuration mentions; see `namespaceLimitsOf`. */
  readonly namespaces: Readonly<Record<string, NamespaceLimitsConfig>>;
  /** Network flows of all its parts. */
  readonly flows: readonly Flow[];
  /** Settings whose volumes the nodes mount by their own NFS client. */
  readonly nfsMounts: readonly string[];
  /** What its parts start for people. */
  readonly seats: readonly SeatClaim[];
  readonly tenants: readonly TenantPlan[];
  readonly containers: readonly ContainerPlan[];
  readonly applicationCredentials: readonly ApplicationCredentialPlan[];
  /** What components of the cluster know of the project only after \`up\`. */
  readonly cloudValues: readonly CloudValue[];
  readonly secrets: readonly SecretPlan[];
  /** Everything that expires, and keys that never do, with their renewal. */
  readonly expiries: readonly ExpiryPlan[];
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly project: ProjectPlan;
  /** Of every server. */
  readonly settings: readonly ServerSettingsPlan[];
  /** Its own and its parts' settings that cannot change while it runs. */
  readonly fixedSettings: readonly FixedSetting[];
  /** How its charts reach the cluster. */
  readonly deployment: DeploymentPlan;
  /** Disruptive changes that a person has allowed. */
  readonly allowedChanges: readonly AllowedChange[];
}
