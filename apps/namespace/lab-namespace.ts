/** A namespace with its Pod Security level, its limits and its default-deny. */
import { k8s, NetworkPolicy, NetworkPolicyTrafficDefault } from "cdk8s-plus-27";
import { Construct, type IConstruct } from "constructs";
import type { Tenancy } from "../../environment/tenancy";
import {
  cpuQuantity,
  memoryQuantity,
  metadataOf,
  NO_NEED,
  podSecurityLabels,
  type Identity,
  type Need,
  type PodSecurityLevel,
} from "../../kit";
import { createNamespace } from "./create-namespace";
import { quotaCovering, DEFAULT_LIMITS, DEFAULT_QUOTA, type ContainerLimits, type Quota } from "./quota";

/** A namespace with its limits and its Pod Security level. */
export interface LabNamespaceProps extends Identity {
  /** Decides who creates the Namespace itself, and the creator's rights inside. */
  readonly tenancy: Tenancy;
  /** The enforced level; `restricted` always warns and audits. @default restricted */
  readonly enforce?: PodSecurityLevel;
  /** @default SKA's values: 250m and 128Mi, up to 500m and 256Mi */
  readonly limits?: ContainerLimits;
  /** @default SKA's values: 50 pods, requests of 4 CPU and 4Gi, limits of 8 CPU and 16Gi */
  readonly quota?: Quota;
  /** Needs of the namespace's own workloads; the quota grows if it is below them. @default nothing */
  readonly need?: Need;
}

/** A namespace with its Pod Security level, default limits of containers, a quota, and a policy that denies all traffic. */
export class LabNamespace extends Construct {
  readonly name: string;
  readonly quota: Quota;
  /** The object that must exist before any other in the namespace; undefined if the owner created it. */
  readonly ready: IConstruct | undefined;

  constructor(scope: Construct, id: string, props: LabNamespaceProps) {
    super(scope, id);
    this.name = props.name;
    this.quota = quotaCovering(props.quota ?? DEFAULT_QUOTA, props.need ?? NO_NEED);
    this.ready = createNamespace(this, {
      ...props,
      labels: podSecurityLabels(props.enforce ?? "restricted"),
    });
    const content = new Construct(this, "Inside");
    if (this.ready !== undefined) content.node.addDependency(this.ready);
    this.limitRange(content, props, props.limits ?? DEFAULT_LIMITS);
    this.resourceQuota(content, props);
    this.denyByDefault(content, props);
  }

  private limitRange(scope: Construct, props: LabNamespaceProps, limits: ContainerLimits): void {
    new k8s.KubeLimitRange(scope, "LimitRange", {
      metadata: metadataOf({ ...props, name: "container-defaults" }, props.name),
      spec: {
        limits: [
          {
            type: "Container",
            defaultRequest: quantities(limits.defaultRequest),
            default: quantities(limits.defaultLimit),
          },
        ],
      },
    });
  }

  private resourceQuota(scope: Construct, props: LabNamespaceProps): void {
    const { pods, requests, limits } = this.quota;
    new k8s.KubeResourceQuota(scope, "ResourceQuota", {
      metadata: metadataOf({ ...props, name: "namespace-quota" }, props.name),
      spec: {
        hard: {
          pods: k8s.Quantity.fromString(String(pods)),
          "requests.cpu": k8s.Quantity.fromString(cpuQuantity(requests.cpuMillis)),
          "requests.memory": k8s.Quantity.fromString(memoryQuantity(requests.memoryMiB)),
          "limits.cpu": k8s.Quantity.fromString(cpuQuantity(limits.cpuMillis)),
          "limits.memory": k8s.Quantity.fromString(memoryQuantity(limits.memoryMiB)),
        },
      },
    });
  }

  /** Without a policy a pod may connect to any other; each workload allows what it needs. */
  private denyByDefault(scope: Construct, props: LabNamespaceProps): void {
    new NetworkPolicy(scope, "DefaultDeny", {
      metadata: metadataOf({ ...props, name: "default-deny" }, props.name),
      ingress: { default: NetworkPolicyTrafficDefault.DENY },
      egress: { default: NetworkPolicyTrafficDefault.DENY },
    });
  }
}

function quantities({ cpuMillis, memoryMiB }: ContainerLimits["defaultLimit"]): Record<string, k8s.Quantity> {
  return {
    cpu: k8s.Quantity.fromString(cpuQuantity(cpuMillis)),
    memory: k8s.Quantity.fromString(memoryQuantity(memoryMiB)),
  };
}
