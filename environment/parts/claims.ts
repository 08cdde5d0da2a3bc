/**
 * Needs of a part that the environment plans for. Every claim has the path of its setting, so that an error names the
 * user's line.
 */
import type { EnvironmentConfig } from "../config";
import type { NonEmpty } from "../non-empty";
import type { ExpiryPlan } from "../plan/types-expiries";
import type { ProbePlan, StreamTarget } from "../plan/types-traffic";
import type { GivenSecretPlan, PasswordPlan, RsaKeyPairPlan } from "../plan/types-secrets";
import type { FixedSetting } from "./effects";
import type { Flow } from "./flows";
import type { ClaimedImage } from "./images";
import type { SeatClaim } from "./seats";

/** The three levels of Kubernetes' Pod Security Standards, the strictest last. */
export type PodSecurityLevel = "privileged" | "baseline" | "restricted";

export interface Claim {
  /** In `labstead:environment`: `apps.datalab.host`. */
  readonly path: string;
}

/** A namespace that the part creates and that no other part may use. */
export interface NamespaceClaim extends Claim {
  readonly name: string;
  /** Level that the namespace enforces. A tenant cannot have `privileged`. */
  readonly level: PodSecurityLevel;
}

/** A host that the part serves through the ingress controller. */
export interface HostClaim extends Claim {
  readonly host: string;
  /** Path prefixes on it, each with a leading slash; two parts may share a host, but not a path of it. */
  readonly paths: NonEmpty<string>;
}

/** A NodePort of a Service of the part. Its rules, host firewalls, frontend and probe are derived from it. */
export interface PortClaim extends Claim {
  /** Unique in the environment: `git-ssh`. */
  readonly name: string;
  readonly nodePort: number;
  readonly protocol: "tcp" | "udp";
  readonly exposure: PortExposure;
}

export type PortExposure =
  /** Through the edge load balancer, under a port of its own; without an edge at the NodePort itself. */
  | {
      readonly kind: "published";
      readonly external: number;
      /** Networks that may connect, in CIDR form. */
      readonly from: NonEmpty<string>;
      readonly probe: ProbePlan;
      /**
       * The ingress controller has the NodePort and forwards connections to this Service of the part, whose policies
       * admit the controller by `ingressFlow`. @default a Service of the part has the NodePort itself
       */
      readonly service?: StreamTarget;
    }
  /** Only from inside the servers' network. */
  | { readonly kind: "inside" };

/** A secret that the part's charts or machine files use. */
export interface SecretClaim extends Claim {
  readonly secret: PasswordPlan | RsaKeyPairPlan | GivenSecretPlan;
}

/** A StorageClass that the part creates. */
export interface StorageClassClaim extends Claim {
  readonly name: string;
}

/** A device that pods of the part request, such as `nvidia.com/gpu`. */
export interface DeviceClaim extends Claim {
  readonly resource: string;
}

/** Nodes that pods of the part select by labels: `{ purpose: "gpu" }`. */
export interface NodeClaim extends Claim {
  readonly labels: Readonly<Record<string, string>>;
}

/** NetworkPolicies of the part protect something, so the network plugin must enforce them. */
export interface PolicyClaim extends Claim {
  /** Who relies on them, for the message: `the DataLabs stack relies on them`. */
  readonly reliance: string;
}

/** What the environment has to know of one part; unneeded claims are omitted. */
export interface Claims {
  readonly namespaces?: readonly NamespaceClaim[];
  readonly hosts?: readonly HostClaim[];
  readonly ports?: readonly PortClaim[];
  readonly secrets?: readonly SecretClaim[];
  readonly storageClasses?: readonly StorageClassClaim[];
  readonly devices?: readonly DeviceClaim[];
  readonly nodes?: readonly NodeClaim[];
  readonly policies?: readonly PolicyClaim[];
  /** Volumes that nodes mount by their own NFS client. */
  readonly nfsMounts?: readonly Claim[];
  /** Network flows: the NetworkPolicies of both sides follow. */
  readonly flows?: readonly Flow[];
  readonly images?: readonly ClaimedImage[];
  /** What it starts for people; an environment's seats are counted by it. */
  readonly seats?: readonly SeatClaim[];
  /** Expiries in addition to those of secrets. */
  readonly expiries?: readonly ExpiryPlan[];
}

/** The claims of all parts of an environment, in the order of the catalog. */
export interface AllClaims extends Required<Claims> {
  /** Settings whose effect is `stopped`. */
  readonly fixedSettings: readonly FixedSetting[];
}

/** A configuration with the claims of its parts. */
export interface Claimed<Config extends EnvironmentConfig = EnvironmentConfig> {
  readonly config: Config;
  readonly claims: AllClaims;
}

export function joinClaims(each: readonly Claims[]): Required<Claims> {
  return {
    namespaces: each.flatMap(({ namespaces = [] }) => namespaces),
    hosts: each.flatMap(({ hosts = [] }) => hosts),
    ports: each.flatMap(({ ports = [] }) => ports),
    secrets: each.flatMap(({ secrets = [] }) => secrets),
    storageClasses: each.flatMap(({ storageClasses = [] }) => storageClasses),
    devices: each.flatMap(({ devices = [] }) => devices),
    nodes: each.flatMap(({ nodes = [] }) => nodes),
    policies: each.flatMap(({ policies = [] }) => policies),
    nfsMounts: each.flatMap(({ nfsMounts = [] }) => nfsMounts),
    flows: each.flatMap(({ flows = [] }) => flows),
    images: each.flatMap(({ images = [] }) => images),
    seats: each.flatMap(({ seats = [] }) => seats),
    expiries: each.flatMap(({ expiries = [] }) => expiries),
  };
}

/** Every host name that the environment's own ingresses serve, each once, sorted. */
export function servedHosts({ hosts }: Pick<AllClaims, "hosts">): readonly string[] {
  return [...new Set(hosts.map(({ host }) => host))].sort();
}
