/**
 * Who may run processes as which user and group: a rule of the API server for namespaces whose volumes a file server
 * protects by numbers alone. Kubernetes 1.30 or newer.
 *
 * Rights are RBAC's, on resources that exist only there: the verb `use` on `uids` and `gids` of the group labstead.dev,
 * by the number as name.
 */
import { Construct } from "constructs";
import { AdmissionPolicy, isNew, type AdmittedResources } from "./admission-policy";
import type { ResourceRule } from "./access";
import { celText, celTexts, type CelRule, type CelVariable } from "./cel";
import type { Identity } from "./names";
import { groupRules, groupVariables, userRules, userVariables } from "./uid-rules";

/** API group of the rights. */
export const UID_RIGHTS_GROUP = "labstead.dev";

/** The namespaces, and how strict the cluster can be. */
export interface UidPolicyProps extends Identity {
  readonly namespaces: readonly string[];
  /**
   * Whether pods must refuse the groups that an image gives its users in /etc/group, by `supplementalGroupsPolicy:
   * Strict`. Kubernetes 1.35 or newer, with containerd 2; without it, a writer who chooses an image also chooses groups.
   */
  readonly strictGroups: boolean;
}

/**
 * Controllers of Kubernetes that make pods and workloads from those of others. Theirs are not checked: what they are
 * made from was, when a person or program wrote it.
 */
export const WORKLOAD_CONTROLLERS = [
  "cronjob-controller",
  "daemon-set-controller",
  "deployment-controller",
  "job-controller",
  "replicaset-controller",
  "replication-controller",
  "statefulset-controller",
] as const;

/** Names of the controllers in the Kubernetes API; the last one where they have no service accounts of their own. */
const CONTROLLERS: readonly string[] = [
  ...WORKLOAD_CONTROLLERS.map((name) => `system:serviceaccount:kube-system:${name}`),
  "system:kube-controller-manager",
];

/** Where one kind of object has its pods. */
interface Shape {
  /** Suffix of the policy's name. */
  readonly name: string;
  readonly resources: readonly AdmittedResources[];
  /** Part of the object that makes its pods. */
  readonly template: string;
  /** The pod in it. */
  readonly pod: string;
}

const SHAPES: readonly Shape[] = [
  {
    name: "pods",
    resources: [{ group: "", resources: ["pods", "pods/ephemeralcontainers"] }],
    template: "spec",
    pod: "spec",
  },
  {
    name: "workloads",
    resources: [
      { group: "", resources: ["replicationcontrollers"] },
      { group: "apps", resources: ["daemonsets", "deployments", "replicasets", "statefulsets"] },
      { group: "batch", resources: ["jobs"] },
    ],
    template: "spec.template",
    pod: "spec.template.spec",
  },
  {
    name: "cron-jobs",
    resources: [{ group: "batch", resources: ["cronjobs"] }],
    template: "spec.jobTemplate",
    pod: "spec.jobTemplate.spec.template.spec",
  },
  {
    name: "pod-templates",
    resources: [{ group: "", resources: ["podtemplates"] }],
    template: "template",
    pod: "template.spec",
  },
];

/**
 * Policies that refuse pods, and all objects of Kubernetes that make pods, whose writer may not use their users and
 * groups; wherever those can be written, for containers of every kind.
 * @example
 * import { App, Chart } from "cdk8s";
 * import { Naming, UidPolicy } from "labstead/kit";
 *
 * new UidPolicy(new Chart(new App(), "rules"), "Uids", {
 *   ...new Naming("pods", "prod").identity("pods-uids", "rules"),
 *   namespaces: ["tux"],
 *   strictGroups: true,
 * });
 */
export class UidPolicy extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: UidPolicyProps,
  ) {
    super(scope, id);
    for (const shape of SHAPES) this.shape(shape);
    this.revisions();
  }

  private shape({ name, resources, template, pod }: Shape): void {
    const { strictGroups } = this.props;
    this.policy(name, {
      resources,
      changed: isNew([template]),
      variables: [{ name: "pod", expression: `object.${pod}` }, ...userVariables(), ...groupVariables()],
      rules: [...userRules(may("uids")), ...groupRules(may("gids"), strictGroups)],
    });
  }

  /** Pods of StatefulSets and DaemonSets are made from them. */
  private revisions(): void {
    this.policy("revisions", {
      resources: [{ group: "apps", resources: ["controllerrevisions"] }],
      changed: isNew(["data"]),
      variables: [],
      rules: [
        {
          expression: "false",
          message:
            "only Kubernetes' own controllers write the content of a ControllerRevision, since pods are made from it; change the StatefulSet or DaemonSet",
        },
      ],
    });
  }

  private policy(
    name: string,
    content: {
      readonly resources: readonly AdmittedResources[];
      readonly changed: string;
      readonly variables: readonly CelVariable[];
      readonly rules: readonly CelRule[];
    },
  ): void {
    const { changed, ...rest } = content;
    new AdmissionPolicy(this, name, {
      ...this.props,
      name: `${this.props.name}-${name}`,
      namespaces: { kind: "named", names: this.props.namespaces },
      conditions: {
        changed,
        "by-others": `!(request.userInfo.username in ${celTexts(CONTROLLERS)})`,
      },
      ...rest,
    });
  }
}

/** Whether the writer may use a number: each check costs a third of what one expression may. */
function may(resource: "uids" | "gids"): (number: string) => string {
  return (number) =>
    `authorizer.group(${celText(UID_RIGHTS_GROUP)}).resource(${celText(resource)}).namespace(request.namespace).name(string(${number})).check('use').allowed()`;
}

/** The right to run as this user with this group, in the namespace of the Role. */
export function uidRights({
  uid,
  gid,
}: {
  readonly uid: number;
  readonly gid: number;
}): readonly ResourceRule[] {
  const use = (resource: string, number: number): ResourceRule => ({
    apiGroups: [UID_RIGHTS_GROUP],
    resources: [resource],
    resourceNames: [String(number)],
    verbs: ["use"],
  });
  return [use("uids", uid), use("gids", gid)];
}
