/** A namespace with its Pod Security level, its limits and its default-deny. */
import { k8s, NetworkPolicy, NetworkPolicyTrafficDefault } from "cdk8s-plus-27";
import { Construct, type IConstruct } from "constructs";
import type { Tenancy } from "../../environment/tenancy";
import { metadataOf, NO_NEED, type Identity, type Need, type PodSecurityLevel } from "../../kit";
import { ContainerDefaults, gibibyteQuantity, quantities } from "./container-defaults";
import { createNamespace } from "./create-namespace";
import { quotaCovering, DEFAULT_LIMITS, DEFAULT_QUOTA, type ContainerLimits, type Quota } from "./quota";

/** A namespace with its limits and its Pod Security level. */
export interface LabNamespaceProps extends Identity {
  /** Decides who creates the Namespace itself, and the creator's rights inside. */
  readonly tenancy: Tenancy;
  /** The enforced level; `restricted` always warns and audits. @default restricted */
  readonly enforce?: PodSecurityLevel;
  /** Minor version of the cluster, whose definition of the levels holds: `1.36`. @default the API server's own */
  readonly version?: string;
  /** @default SKA's values: 250m and 128Mi, up to 500m and 256Mi; disk 128Mi, up to 2Gi */
  readonly limits?: ContainerLimits;
  /**
   * @default SKA's values: 50 pods, requests of 4 CPU and 4Gi, limits of 8 CPU and 16Gi; 50 claims of 2Ti together, 1Ti
   * each; disk of nodes 20Gi, up to 200Gi
   */
  readonly quota?: Quota;
  /** Needs of the namespace's own workloads; the quota grows if it is below them. @default nothing */
  readonly need?: Need;
  /** Sizes of the claims of its own workloads, in GiB; the quota grows as well. @default none */
  readonly claimsGiB?: readonly number[];
  /** Whether the Namespace is kept, with its contents, when it is removed from the program. @default false */
  readonly keep?: boolean;
  /** Whether somebody else has made the Namespace, with the same labels, and deletes it. @default false */
  readonly exists?: boolean;
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
    const { limits = DEFAULT_LIMITS, need = NO_NEED, claimsGiB = [], quota = DEFAULT_QUOTA } = props;
    this.quota = quotaCovering(quota, { pods: need, claimsGiB }, limits);
    this.ready = createNamespace(this, { ...props, enforce: props.enforce ?? "restricted" });
    const content = new Construct(this, "Inside");
    if (this.ready !== undefined) content.node.addDependency(this.ready);
    const { largestClaimGiB } = this.quota;
    const defaults = { ...props, namespace: props.name, limits, largestClaimGiB };
    new ContainerDefaults(content, "ContainerDefaults", defaults);
    this.resourceQuota(content, props);
    this.denyByDefault(content, props);
  }

  /** Makes every other object of the chart wait for the namespace and the rights in it. */
  comesFirstIn(chart: Construct): void {
    if (this.ready === undefined) return;
    for (const child of chart.node.children)
      if (child.node !== this.node) child.node.addDependency(this.ready);
  }

  private resourceQuota(scope: Construct, props: LabNamespaceProps): void {
    const { pods, requests, limits, claims, storageGiB } = this.quota;
    new k8s.KubeResourceQuota(scope, "ResourceQuota", {
      metadata: metadataOf({ ...props, name: "namespace-quota" }, props.name),
      spec: {
        hard: {
          pods: k8s.Quantity.fromString(String(pods)),
          ...prefixed("requests", quantities(requests)),
          ...prefixed("limits", quantities(limits)),
          persistentvolumeclaims: k8s.Quantity.fromString(String(claims)),
          "requests.storage": k8s.Quantity.fromString(gibibyteQuantity(storageGiB)),
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

function prefixed(
  prefix: string,
  amounts: Readonly<Record<string, k8s.Quantity>>,
): Record<string, k8s.Quantity> {
  return Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [`${prefix}.${name}`, amount]));
}
