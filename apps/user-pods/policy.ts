/** The one way into users' pods, for all of them at once; the namespace denies all other traffic. */
import { k8s } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { assertNever } from "../../errors/assert-never";
import { metadataOf, selectorOf } from "../../kit";
import { GATEWAY } from "./gateway/names";
import { identityOf, USER_POD } from "./names";
import type { UserExposurePlan, UserPodsPlan } from "./plan";

export class UserPodsPolicy extends Construct {
  constructor(scope: Construct, id: string, plan: UserPodsPlan) {
    super(scope, id);
    const [user] = plan.users;
    const from = user === undefined ? undefined : sourcesOf(user.exposure, plan);
    if (from === undefined) return;
    new k8s.KubeNetworkPolicy(this, "Policy", {
      metadata: metadataOf(identityOf(plan, "user-pods", "policy"), plan.namespace),
      spec: {
        podSelector: { matchLabels: USER_POD },
        policyTypes: ["Ingress"],
        ingress: [
          { ...from, ports: [{ protocol: "TCP", port: k8s.IntOrString.fromNumber(plan.entryPort) }] },
        ],
      },
    });
  }
}

/** Who may connect: everybody without `from`; undefined for nobody. */
function sourcesOf(
  { kind }: UserExposurePlan,
  { cluster: { ingress } }: UserPodsPlan,
): Pick<k8s.NetworkPolicyIngressRule, "from"> | undefined {
  switch (kind) {
    case "ingress":
      return {
        from: ingress.pods.map((labels) => ({
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": ingress.namespace } },
          podSelector: { matchLabels: { ...labels } },
        })),
      };
    case "gateway":
      return { from: [{ podSelector: { matchLabels: { ...selectorOf({ name: GATEWAY }) } } }] };
    case "nodePort":
      // Connections come from nodes, whose addresses network plugins show in different ways.
      return {};
    case "none":
      return undefined;
    default:
      return assertNever(kind);
  }
}
