/** Users' pods: their namespace, common volumes and policies, and one stopped pod for each user. */
import { Chart, type App } from "cdk8s";
import type { Construct } from "constructs";
import { addNeeds, NO_NEED, UidPolicy, type ListedException, type Need } from "../../kit";
import { gibibytes } from "../../environment/schema/quantities";
import { containerLimitsOf, quotaOf } from "../namespace/quota";
import { LabNamespace } from "../namespace/lab-namespace";
import { Gateway } from "./gateway/gateway";
import { identityOf } from "./names";
import type { UserPodsPlan } from "./plan";
import { UserPodsPolicy } from "./policy";
import { UserPod } from "./user-pod";
import { claimSizes, keepsClaims, UserVolumes } from "./volumes/volumes";

/**
 * Deployments and Services `uid<UID>` of declared users, in a namespace that is closed but for the way in. The program
 * declares pods; the number of replicas belongs to the user who starts and stops one.
 * @throws Error if the plan has no container, or two with one port
 */
export class UserPodsChart extends Chart {
  /** Exceptions from the security profile and from probes, with the reasons; those of each pod are the same. */
  readonly exceptions: readonly ListedException[];
  readonly labNamespace: LabNamespace;

  constructor(
    scope: Construct,
    id: string,
    readonly plan: UserPodsPlan,
  ) {
    super(scope, id);
    const { namespace, tenancy, limits } = plan;
    const volumes = new UserVolumes(this, "Volumes", plan);
    const pods = plan.users.map((user) => new UserPod(this, user.name, plan, user, volumes));
    new UserPodsPolicy(this, "Policy", plan);
    const gateway = plan.gateway === undefined ? [] : [new Gateway(this, "Gateway", plan, plan.gateway)];
    new UidPolicy(this, "Uids", {
      ...identityOf(plan, `labstead-uids-${namespace}`, "rules"),
      namespaces: [namespace],
      strictGroups: plan.strictGroups,
    });
    this.exceptions = pods.slice(0, 1).flatMap(({ controller }) => controller.exceptions);
    this.labNamespace = new LabNamespace(this, "Namespace", {
      ...identityOf(plan, namespace, "namespace"),
      tenancy,
      enforce: pods[0]?.controller.securityLevel ?? "restricted",
      limits: containerLimitsOf(limits),
      quota: quotaOf(limits),
      need: gateway
        .map(({ workload }) => workload.need)
        .reduce(addNeeds, needOfActive(plan, pods[0]?.controller.need ?? NO_NEED)),
      claimsGiB: claimSizes(plan).map(gibibytes),
      keep: keepsClaims(plan),
    });
    this.labNamespace.comesFirstIn(this);
  }
}

/** As many pods as may run at once, of which all are alike. */
function needOfActive({ activePodLimit }: UserPodsPlan, each: Need): Need {
  return Array.from({ length: activePodLimit }, () => each).reduce(addNeeds, NO_NEED);
}

export function userPodsCharts(scope: App, plan: UserPodsPlan): void {
  new UserPodsChart(scope, "user-pods", plan);
}
