import { z } from "zod";
import { bytes, cpu } from "./quantities";

const percent = z
  .int("is not a whole number; write per cent")
  .min(1, "is less than 1; write per cent of the disk")
  .max(99, "is more than 99; write per cent of the disk");

const reservation = (cores: string, memory: string) =>
  z
    .strictObject({
      cpu: cpu.default(cores),
      memory: bytes.default(memory),
      disk: bytes.default("1Gi"),
    })
    .prefault({});

/** What is the same on every node of a cluster. */
export const nodes = z.strictObject({
  maxPods: z
    .int("is not a whole number; write how many pods a node may run")
    .min(16, "is less than 16, and the system's own pods need as many; write 16 or more")
    .max(250, "is more than 250, and a node has a /24 of addresses; write 250 or less")
    .default(110),
  systemReserved: reservation("100m", "256Mi").describe("Kept free for the operating system."),
  kubeReserved: reservation("200m", "512Mi").describe("Kept free for the kubelet and containerd."),
  eviction: z
    .strictObject({ memory: bytes.default("200Mi"), diskPercent: percent.default(10) })
    .prefault({})
    .describe("Pods are moved away when less than this is free."),
  imageGc: z
    .strictObject({ high: percent.default(85), low: percent.default(80) })
    .prefault({})
    .describe("Unused images are removed from `high` per cent of the disk on, down to `low`."),
  notReadySeconds: z
    .int("is not a whole number; write seconds")
    .min(10, "is less than 10; write 10 or more, else every hiccup moves pods")
    .max(3600, "is more than 3600; write 3600 or less")
    .default(120)
    .describe("How long pods stay on a node that does not answer."),
  proxyMode: z
    .enum(["iptables", "ipvs", "nftables"])
    .default("iptables")
    .describe("How kube-proxy carries Services; nftables from Kubernetes 1.33 on."),
  cloudProvider: z
    .enum(["external", "none"])
    .default("external")
    .describe(
      "external: a new node takes no pods until OpenStack's cloud controller manager has greeted it.",
    ),
  appArmor: z
    .enum(["off", "required"])
    .default("off")
    .describe(
      "required: pods ask for the runtime's AppArmor profile, and a node without AppArmor refuses them. off: they ask for nothing; nodes that have AppArmor confine them all the same.",
    ),
  imageRepository: z
    .string()
    .regex(
      /^(?=.{1,255}$)[a-z0-9.-]+(:[0-9]+)?(\/[a-z0-9._-]+)*$/,
      "is not a registry; write registry.example.org/k8s",
    )
    .default("registry.k8s.io")
    .describe("Where Kubernetes' own images come from."),
});

export type NodesConfig = z.output<typeof nodes>;
