/** AppArmor of the workloads of an app, or below one construct. */
import type { Construct } from "constructs";
import { APP_ARMOR_CONTEXT, type AppArmor } from "../environment/app-armor";
import { securityExceptions, type AnyPod } from "./pod-spec";

/**
 * Sets AppArmor for all workloads below a construct, which has none yet. Kubernetes has the field since 1.30.
 * @example
 * import { App } from "cdk8s";
 * import { useAppArmor } from "labstead/kit";
 *
 * const app = new App();
 * useAppArmor(app, "required");
 */
export function useAppArmor(scope: Construct, appArmor: AppArmor): void {
  scope.node.setContext(APP_ARMOR_CONTEXT, appArmor);
}

/** What is set for a construct. @default off */
export function appArmorOf(scope: Construct): AppArmor {
  const set: unknown = scope.node.tryGetContext(APP_ARMOR_CONTEXT);
  return set === "required" ? "required" : "off";
}

/** Fields of the pod's security context. Profiles do not hold in privileged containers, so such a pod has none. */
export function appArmorProfile(props: AnyPod, appArmor: AppArmor): object {
  const privileged = securityExceptions(props).some(({ allow }) => allow.includes("privileged"));
  return appArmor === "off" || privileged ? {} : { appArmorProfile: { type: "RuntimeDefault" } };
}
