/** Labels, taints and devices of Kubernetes nodes: what the API server takes, without what Kubernetes sets itself. */
import { z } from "zod";
import { duplicatePairs } from "../checks/duplicates";

/** A DNS subdomain (RFC 1123) of at most 253 characters, before a slash. */
const PREFIX = String.raw`(?=[^/]{1,253}\/)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*\/`;
const NAME = "[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?";

const labelKey = z
  .string()
  .regex(
    new RegExp(`^(${PREFIX})?${NAME}$`),
    "is not a key of a Kubernetes label or taint; write it as name or example.org/name",
  );
const labelValue = z
  .string()
  .regex(
    new RegExp(`^(${NAME})?$`),
    "is not a value of a Kubernetes label or taint; use up to 63 letters, digits and the characters _ . -",
  );

/** Labels by which objects are selected. */
export const labels = z.record(labelKey, labelValue);

/** The kubelet and the program write these again, whatever is configured. */
const OWN_LABELS: readonly string[] = [
  "kubernetes.io/hostname",
  "kubernetes.io/os",
  "kubernetes.io/arch",
  "node-role.kubernetes.io/control-plane",
  "node-restriction.kubernetes.io/pool",
];

/** Labels of nodes. */
export const nodeLabels = z.record(
  labelKey.refine(
    (key) => !OWN_LABELS.includes(key),
    "is a label that Kubernetes or the program sets itself; choose another key",
  ),
  labelValue,
);

/** Kubernetes adds and removes taints with these prefixes by a node's state. */
const OWN_TAINTS: readonly string[] = ["node.kubernetes.io/", "node.cloudprovider.kubernetes.io/"];

const taint = z.strictObject({
  key: labelKey.refine(
    (key) => !OWN_TAINTS.some((prefix) => key.startsWith(prefix)),
    "is a taint that Kubernetes sets and removes itself; choose another key",
  ),
  value: labelValue.default(""),
  effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]),
});

/** Taints of nodes; the API server refuses a node with two of one key and effect. */
export const taints = z.array(taint).superRefine((list, context) => {
  const placed = list.map((each, index) => ({ ...each, index }));
  for (const [first, { key, effect, index }] of duplicatePairs(
    placed,
    (each) => `${each.key} ${each.effect}`,
  ))
    context.addIssue({
      code: "custom",
      input: list[index],
      path: [index],
      message: `${key} with effect ${effect} is already taint ${String(first.index)}; remove one of them`,
    });
});

/** A device that a node offers, by the name of its extended resource. */
export const deviceResource = z
  .string()
  .regex(
    new RegExp(`^${PREFIX}${NAME}$`),
    "is not the name of a device; write it with its domain, such as nvidia.com/gpu",
  )
  .refine(
    (name) => !/(^|\.)kubernetes\.io\//.test(name),
    "is in a domain that Kubernetes keeps for itself; write the device plugin's, such as nvidia.com/gpu",
  );
