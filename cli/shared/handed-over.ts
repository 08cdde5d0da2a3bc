/** A destroy between `deploy: handover` and `deploy: applySet`: the state says that the objects stay. */
import { deploymentPath, type DeploymentPlan } from "../../environment/plan/deployment";
import type { Lab } from "../../lab";
import { isLive, nameOf, type StackState } from "./stack-state";

/** Names of objects in the message; further ones are counted. */
const SHOWN = 10;

/** Commands that the message names. */
export interface Ways {
  readonly up: string;
  /** A destroy without this check. @default not named */
  readonly leave?: string;
}

/**
 * Which objects a destroy would leave in a cluster that stays, and how not; undefined if none.
 * An object that its own options retain is left as configured.
 */
export function handedOverText(
  stack: string,
  state: StackState,
  { plan, deploy: { objects } }: Pick<Lab, "plan" | "deploy">,
  { up, leave }: Ways,
): string | undefined {
  const retained = new Set(
    objects.flatMap(({ token, name, options }) => (options.retainOnDelete ? [`${token} ${name}`] : [])),
  );
  const left = state.deployment.resources.filter(
    (each) =>
      each.type.startsWith("kubernetes:") &&
      each.retainOnDelete === true &&
      isLive(each) &&
      !retained.has(`${each.type} ${nameOf(each)}`),
  );
  if (left.length === 0) return undefined;
  const names = left.map((each) => `  ${nameOf(each)} (${each.type.split(":").at(-1) ?? ""})`).sort();
  const more = names.length > SHOWN ? [`  and ${String(names.length - SHOWN)} more`] : [];
  return [
    `${stack} was handed over to apply sets, which do not have its objects yet: they would stay in the cluster, nothing was changed:`,
    ...names.slice(0, SHOWN),
    ...more,
    `to delete them too: set ${settingsText(plan.deployment)} in Pulumi.${stack}.yaml, run ${up}, and then destroy`,
    ...(leave === undefined ? [] : [`to leave them there: ${leave}`]),
  ].join("\n");
}

/** The settings by which objects are handed over, as they have to be. */
function settingsText(plan: DeploymentPlan): string {
  const parts = Object.keys(plan.parts).filter((part) => plan.parts[part] === "handover");
  const all = [...(plan.default === "handover" || parts.length === 0 ? [undefined] : []), ...parts];
  return all.map((part) => `${deploymentPath(plan, part)}: objects`).join(" and ");
}
