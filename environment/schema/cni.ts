/** The network plugin of the pods: each one with its own settings. */
import { z } from "zod";

const calico = z.strictObject({
  kind: z.literal("calico"),
  encapsulation: z
    .enum(["vxlan", "ipip", "none"])
    .default("vxlan")
    .describe(
      "Of packets between pods of two nodes; all of them, since Neutron drops addresses that are not the port's. none: ports admit the pods' addresses.",
    ),
});

const flannel = z.strictObject({
  kind: z.literal("flannel"),
  backend: z
    .enum(["vxlan", "host-gw"])
    .default("vxlan")
    .describe("host-gw: routes instead of encapsulation; ports admit the pods' addresses."),
  policy: z
    .enum(["none", "kube-router", "kube-network-policies"])
    .default("none")
    .describe("What enforces NetworkPolicies beside it, since Flannel does not."),
});

const kubeRouter = z.strictObject({ kind: z.literal("kube-router") });

const weave = z.strictObject({ kind: z.literal("weave") });

export const cni = z.discriminatedUnion("kind", [calico, flannel, weave, kubeRouter]);

export type CniConfig = z.output<typeof cni>;
