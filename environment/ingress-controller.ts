/** The one ingress controller of a cluster that the program makes, shared by its environments. */
import type { IngressControllerPlan } from "./plan/types";

export const INGRESS_CONTROLLER = {
  className: "nginx",
  namespace: "kube-system",
  podLabels: { "app.kubernetes.io/name": "ingress-nginx-controller" },
} as const satisfies IngressControllerPlan;
