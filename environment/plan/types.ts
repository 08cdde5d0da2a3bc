/**
 * The plan of an environment: every decision, as plain data, before anything exists.
 * Whoever reads it (OpenStack, machines, charts, review) decides nothing again.
 */
import type { NamedValue } from "../values";
import type { EnvironmentConfig, ServerRole } from "../config";

/** Where a thing answers: planned by us, or chosen by Neutron and known only after `up`. */
export type AddressPlan =
  | { readonly kind: "planned"; readonly ip: string }
  | { readonly kind: "assigned"; readonly value: NamedValue };

export interface NetworkPlan {
  readonly kind: "managed" | "existing";
  /** Name in Neutron: made by us, or looked up. */
  readonly name: string;
  readonly subnetName: string;
  readonly cidr: string;
  readonly gatewayIp: string;
  readonly mtu: number;
  readonly dnsNameservers: readonly string[];
  /** Addresses that Neutron may hand out itself: DHCP ports, Octavia VIPs, tenants' Octavia. */
  readonly allocationPools: readonly { readonly start: string; readonly end: string }[];
  /** Pool of floating IPs and the router's gateway; absent where an existing network is already routed and no floating IP is asked. */
  readonly externalNetwork: string;
  /** False on a network shared by another project: only its owner may choose fixed addresses. */
  readonly fixedAddresses: boolean;
  /** Ids that make a preview possible without asking the cloud. */
  readonly ids: { readonly network?: string; readonly subnet?: string };
}

export type KeyPairPlan =
  | { readonly kind: "managed"; readonly name: string; readonly publicKey: string }
  | { readonly kind: "existing"; readonly name: string };

export type VolumeUse =
  | { readonly kind: "filesystem"; readonly type: "ext4" | "xfs"; readonly mountPoint: string }
  | { readonly kind: "raw"; readonly device: string }
  | { readonly kind: "swap" };

export interface VolumePlan {
  /** `<server key>/<volume name>`: the identity, never an index. */
  readonly key: string;
  readonly name: string;
  readonly server: string;
  readonly sizeGiB: number;
  readonly volumeType?: string;
  readonly availabilityZone?: string;
  readonly use: VolumeUse;
  /** Holds data that no one can make again: protected from deletion. */
  readonly protect: boolean;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface TaintPlan {
  readonly key: string;
  readonly value: string;
  readonly effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}

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
}

export interface ServerGroupPlan {
  readonly key: string;
  readonly name: string;
  readonly policy: "anti-affinity" | "soft-anti-affinity";
}

export type RuleProtocol = "tcp" | "udp" | "icmp" | "vrrp" | "ipip" | "any";
export type RemotePlan =
  { readonly kind: "cidr"; readonly cidr: string } | { readonly kind: "group"; readonly group: string };

export interface SecurityGroupRulePlan {
  /** Unique in its group and made of what the rule says, so that a rule keeps its identity when others come and go. */
  readonly key: string;
  readonly protocol: RuleProtocol;
  readonly portMin?: number;
  readonly portMax?: number;
  readonly remote: RemotePlan;
  /** Why this is open, for the person who reviews it. */
  readonly reason: string;
}

export interface SecurityGroupPlan {
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly rules: readonly SecurityGroupRulePlan[];
}

/** One accepted flow of a server's own firewall (nftables, default drop). */
export interface HostFirewallRulePlan {
  readonly protocol: RuleProtocol;
  readonly portMin?: number;
  readonly portMax?: number;
  /** CIDRs, or ranges `first-last` as nftables writes them. */
  readonly from: readonly string[];
  readonly reason: string;
}

export interface HostFirewallPlan {
  readonly server: string;
  readonly accept: readonly HostFirewallRulePlan[];
  /** Flows that pass through (WireGuard clients into the subnet). */
  readonly forward: readonly {
    readonly fromInterface: string;
    readonly to: string;
    readonly reason: string;
  }[];
}

export type ProbePlan =
  | { readonly kind: "tcp" }
  | { readonly kind: "http"; readonly path: string; readonly port?: number | undefined }
  | { readonly kind: "https"; readonly path: string; readonly port?: number | undefined };

/** One port that is open to the outside, said once; everything that has to agree on it stands here. */
export interface PortPlan {
  readonly name: string;
  readonly purpose: "ingress" | "published" | "window" | "api";
  readonly environment: string;
  readonly external: number;
  /** Port on every worker (a Service's NodePort), or 6443 for the API. */
  readonly backend: number;
  readonly protocol: "tcp" | "udp";
  readonly from: readonly string[];
  readonly probe: ProbePlan;
  /** Load balancer that carries it: a key of `loadBalancers`. Without one, clients reach the NodePort itself. */
  readonly loadBalancer?: string;
}

export interface BackendPlan {
  readonly server: string;
  readonly address: AddressPlan;
  readonly port: number;
}

export interface FrontendPlan {
  readonly port: string;
  readonly listen: number;
  readonly protocol: "tcp" | "udp";
  readonly from: readonly string[];
  readonly backends: readonly BackendPlan[];
  readonly probe: ProbePlan;
}

export interface LoadBalancerPlan {
  readonly key: string;
  readonly name: string;
  readonly kind: "haproxy" | "octavia";
  /** Servers that run HAProxy and keepalived; none for Octavia. */
  readonly servers: readonly string[];
  /** Key of the VIP, the one address that clients use. */
  readonly vip: string;
  readonly frontends: readonly FrontendPlan[];
}

/** An address that belongs to no single server: a Neutron port of its own, moved by keepalived or held by Octavia. */
export interface VipPlan {
  readonly key: string;
  readonly name: string;
  readonly address: AddressPlan;
  readonly floatingIp: boolean;
  readonly securityGroups: readonly string[];
  readonly holder: "keepalived" | "octavia";
}

export interface FloatingIpPlan {
  /** `vip/<key>` or `server/<key>`: whose address it is. */
  readonly key: string;
  readonly pool: string;
  readonly target:
    { readonly kind: "vip"; readonly vip: string } | { readonly kind: "server"; readonly server: string };
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
  /** What a client routes through the tunnel. */
  readonly allowedIps: readonly string[];
  /** Whose address the client dials. */
  readonly endpoint:
    { readonly kind: "vip"; readonly vip: string } | { readonly kind: "server"; readonly server: string };
}

/** Where and how clients reach the Kubernetes API. */
export interface ApiPlan {
  readonly address: AddressPlan;
  readonly port: number;
  /** Name in the certificates; kubeconfigs carry it as `tls-server-name`, so no file depends on an address. */
  readonly serverName: string;
  readonly floatingIp?: string;
}

export interface ClusterPlan {
  readonly name: string;
  readonly owner: string;
  readonly version: string;
  readonly podCidr: string;
  readonly serviceCidr: string;
  readonly api: ApiPlan;
  readonly schedulableControlPlane: boolean;
}

/** What a shared cluster's owner has opened for one tenant. */
export interface TenantPlan {
  readonly name: string;
  readonly ingress: { readonly http: number; readonly https: number };
  readonly window?: { readonly from: number; readonly to: number };
  readonly namespaces: readonly string[];
  readonly hosts: readonly string[];
  /** Addresses of the tenant's load balancer in the owner's network. */
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

/**
 * A secret that the program makes or is given; charts and machine files name it by `secret(name)`.
 * A key pair or certificate yields `<name>.key` (PEM, secret) and `<name>.public` or `<name>.certificate` (PEM).
 */
export type SecretPlan =
  | { readonly kind: "password"; readonly name: string; readonly length: number }
  | { readonly kind: "keyPair"; readonly name: string; readonly algorithm: "RSA"; readonly bits: 2048 | 4096 }
  | { readonly kind: "certificate"; readonly name: string; readonly hosts: readonly string[] }
  /** Given by `pulumi config set --secret labstead:<configKey>`. */
  | { readonly kind: "given"; readonly name: string; readonly configKey: string };

export interface EnvironmentPlan {
  readonly environment: string;
  readonly config: EnvironmentConfig;
  readonly network: NetworkPlan;
  readonly keyPair: KeyPairPlan;
  readonly servers: readonly ServerPlan[];
  readonly serverGroups: readonly ServerGroupPlan[];
  readonly securityGroups: readonly SecurityGroupPlan[];
  readonly hostFirewalls: readonly HostFirewallPlan[];
  readonly volumes: readonly VolumePlan[];
  readonly ports: readonly PortPlan[];
  readonly vips: readonly VipPlan[];
  readonly floatingIps: readonly FloatingIpPlan[];
  readonly loadBalancers: readonly LoadBalancerPlan[];
  readonly wireguard?: WireGuardPlan;
  readonly cluster: ClusterPlan;
  readonly tenants: readonly TenantPlan[];
  readonly containers: readonly ContainerPlan[];
  readonly applicationCredentials: readonly ApplicationCredentialPlan[];
  readonly secrets: readonly SecretPlan[];
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
}
