/** Incoming traffic: ports, and the load balancers and addresses that serve them. */
import type { NonEmpty } from "../non-empty";
import type { NamedValue } from "../../values";

/** An address: planned, or assigned by Neutron and known only after `up`. */
export type AddressPlan =
  | { readonly kind: "planned"; readonly ip: string }
  | { readonly kind: "assigned"; readonly value: NamedValue };

export type ProbePlan =
  | { readonly kind: "tcp" }
  | { readonly kind: "http"; readonly path: string; readonly port?: number | undefined }
  | { readonly kind: "https"; readonly path: string; readonly port?: number | undefined };

/** A network that may connect to a port. */
export interface AdmissionPlan {
  readonly cidr: string;
  /** `clients`: a network that the configuration admits; `inside`: the servers' own network, which is always admitted. */
  readonly origin: "clients" | "inside";
  readonly reason: string;
}

/** A Service in the cluster. */
export interface StreamTarget {
  readonly namespace: string;
  readonly name: string;
  /** One of the Service's ports. */
  readonly port: number;
}

/** One port that is open to the outside: the single source for rules, frontends and probes. */
export interface PortPlan {
  readonly name: string;
  /** Where it is set: `ports.published.git.external`. */
  readonly path: string;
  readonly purpose: "ingress" | "published" | "window" | "api";
  readonly environment: string;
  readonly external: number;
  /** Port on every worker (a Service's NodePort), or 6443 for the API. */
  readonly backend: number;
  readonly protocol: "tcp" | "udp";
  /** The complete list of admitted networks. Security groups, Octavia's listeners and host firewalls all read this one. */
  readonly admits: NonEmpty<AdmissionPlan>;
  readonly probe: ProbePlan;
  /** The backend expects the PROXY protocol, version 2, on every connection. */
  readonly proxyProtocol: boolean;
  /** The Service to which the ingress controller forwards connections. Without it a Service has the NodePort itself. */
  readonly service?: StreamTarget;
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
  readonly admits: PortPlan["admits"];
  readonly backends: readonly BackendPlan[];
  readonly probe: ProbePlan;
  readonly proxyProtocol: boolean;
}

export interface LoadBalancerPlan {
  readonly key: string;
  readonly name: string;
  /**
   * What forwards: HAProxy on servers; Octavia, by this program (`octavia`) or by the cloud controller manager for a
   * Service (`octaviaService`); or the nodes themselves, of which MetalLB lets one answer for the address.
   */
  readonly kind: "haproxy" | "octavia" | "octaviaService" | "metallb";
  /** Servers that run HAProxy and keepalived; none for the others. */
  readonly servers: readonly string[];
  /** Key of the VIP, the one address that clients use. */
  readonly vip: string;
  readonly frontends: readonly FrontendPlan[];
}

/**
 * An address that belongs to no single server: a port of its own in Neutron. keepalived and MetalLB move it between
 * servers. For Octavia's load balancers Octavia creates the port (`octavia`), except for those of Services.
 */
export interface VipPlan {
  readonly key: string;
  readonly name: string;
  readonly address: AddressPlan;
  readonly floatingIp: boolean;
  readonly securityGroups: readonly string[];
  readonly holder: "keepalived" | "octavia" | "octaviaService" | "metallb";
}

export interface FloatingIpPlan {
  /** `vip/<key>` or `server/<key>`: whose address it is. */
  readonly key: string;
  readonly pool: string;
  readonly target:
    { readonly kind: "vip"; readonly vip: string } | { readonly kind: "server"; readonly server: string };
}
