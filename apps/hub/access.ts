/** The hub's identity in Kubernetes: what KubeSpawner calls, and nothing else. */
import { Construct } from "constructs";
import { Account, Rights, type ResourceRule } from "../../kit";
import { assertNever } from "../../errors/assert-never";
import { COMPONENTS, identityOf } from "./names";
import type { HomesPlan, HubPlan } from "./plan";

const SPAWNS: readonly ResourceRule[] = [
  { apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch", "create", "delete"] },
  // What a person reads while a server starts.
  { apiGroups: [""], resources: ["events"], verbs: ["get", "list", "watch"] },
];

export class HubAccess extends Construct {
  readonly account: string;

  constructor(scope: Construct, id: string, plan: HubPlan) {
    super(scope, id);
    const identity = identityOf(plan, COMPONENTS.hub, "access");
    const account = new Account(this, "Account", { ...identity, namespace: plan.namespace });
    new Rights(this, "Rights", { ...identity, account, inNamespace: [...SPAWNS, ...homeRules(plan.homes)] });
    this.account = account.name;
  }
}

/** Without a right to delete claims: no fault of the hub can delete a home. */
function homeRules({ kind }: HomesPlan): readonly ResourceRule[] {
  switch (kind) {
    case "claim":
      return [{ apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: ["get", "create"] }];
    case "shared":
    case "drive":
      return [];
    default:
      return assertNever(kind);
  }
}
