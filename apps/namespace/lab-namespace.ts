/** A namespace with its Pod Security level, its limits and its default-deny. */
import { k8s, Namespace, NetworkPolicy, NetworkPolicyTrafficDefault } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { labelsOf, NO_NEED, type Identity, type Need, type PodSecurityLevel } from "../../kit";
import { covering, DEFAULT_LIMITS, DEFAULT_QUOTA, type ContainerLimits, type Quota } from "./quota";

export interface LabNamespaceProps extends Identity {
  /** What is enforced; `restricted` is warned about and audited in any case. @default restricted */
  readonly enforce?: PodSecurityLevel;
  /** @default the figures of SKA: 250m and 128Mi, up to 500m and 256Mi */
  readonly limits?: ContainerLimits;
  /** @default the figures of SKA: 50 pods, requests of 4 CPU and 4Gi, limits of 8 CPU and 16Gi */
  readonly quota?: Quota;
  /** What the namespace's own workloads take; the quota grows where it would not hold them. @default nothing */
  readonly need?: Need;
}

export class LabNamespace extends Construct {
  readonly name: string;
  readonly quota: Quota;

  constructor(scope: Construct, id: string, props: LabNamespaceProps) {
    super(scope, id);
    this.name = props.name;
    this.quota = covering(props.quota ?? DEFAULT_QUOTA, props.need ?? NO_NEED);
    this.namespace(props);
    this.limitRange(props, props.limits ?? DEFAULT_LIMITS);
    this.resourceQuota(props);
    this.denyByDefault(props);
  }

  private namespace(props: LabNamespaceProps): void {
    new Namespace(this, "Namespace", {
      metadata: {
        name: props.name,
        labels: { ...labelsOf(props), ...podSecurityLabels(props.enforce ?? "restricted") },
      },
    });
  }

  private limitRange(props: LabNamespaceProps, limits: ContainerLimits): void {
    new k8s.KubeLimitRange(this, "LimitRange", {
      metadata: this.metadata(props, "container-defaults"),
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

  private resourceQuota(props: LabNamespaceProps): void {
    const { pods, requests, limits } = this.quota;
    new k8s.KubeResourceQuota(this, "ResourceQuota", {
      metadata: this.metadata(props, "namespace-quota"),
      spec: {
        hard: {
          pods: k8s.Quantity.fromString(String(pods)),
          "requests.cpu": k8s.Quantity.fromString(cpu(requests.cpuMillis)),
          "requests.memory": k8s.Quantity.fromString(memory(requests.memoryMiB)),
          "limits.cpu": k8s.Quantity.fromString(cpu(limits.cpuMillis)),
          "limits.memory": k8s.Quantity.fromString(memory(limits.memoryMiB)),
        },
      },
    });
  }

  /** Without a policy a pod may talk to everybody; each workload opens what it needs. */
  private denyByDefault(props: LabNamespaceProps): void {
    new NetworkPolicy(this, "DefaultDeny", {
      metadata: this.metadata(props, "default-deny"),
      ingress: { default: NetworkPolicyTrafficDefault.DENY },
      egress: { default: NetworkPolicyTrafficDefault.DENY },
    });
  }

  private metadata(
    props: LabNamespaceProps,
    name: string,
  ): { name: string; namespace: string; labels: Record<string, string> } {
    return { name, namespace: props.name, labels: { ...labelsOf({ ...props, name }) } };
  }
}

function podSecurityLabels(enforce: PodSecurityLevel): Record<string, string> {
  return {
    "pod-security.kubernetes.io/enforce": enforce,
    "pod-security.kubernetes.io/warn": "restricted",
    "pod-security.kubernetes.io/audit": "restricted",
  };
}

function quantities({ cpuMillis, memoryMiB }: ContainerLimits["defaultLimit"]): Record<string, k8s.Quantity> {
  return { cpu: k8s.Quantity.fromString(cpu(cpuMillis)), memory: k8s.Quantity.fromString(memory(memoryMiB)) };
}

/** In the API server's own spelling, so that nothing seems to have changed: 4, 9500m. */
function cpu(millis: number): string {
  return millis % 1000 === 0 ? String(millis / 1000) : `${millis}m`;
}

/** 16Gi, 4224Mi. */
function memory(mebibytes: number): string {
  return mebibytes % 1024 === 0 ? `${mebibytes / 1024}Gi` : `${mebibytes}Mi`;
}
