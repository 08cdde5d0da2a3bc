/** Settings of the cluster's nodes against each other. */
import type { OwnerConfig } from "../config";
import { finding, type Finding } from "../findings";

export function checkNodes({ cluster: { nodes, version } }: OwnerConfig): readonly Finding[] {
  const { imageGc: gc, eviction, proxyMode, appArmor } = nodes;
  const problem = (key: string, explanation: string, fix: string): readonly Finding[] => [
    finding("cluster.nodes", `cluster.nodes.${key}`, explanation, fix),
  ];
  const evictsFrom = 100 - eviction.diskPercent;
  return [
    ...(gc.low < gc.high
      ? []
      : problem(
          "imageGc.low",
          `${String(gc.low)} is not below high, which is ${String(gc.high)}`,
          "write less than high",
        )),
    ...(gc.high < evictsFrom
      ? []
      : problem(
          "imageGc.high",
          `${String(gc.high)} per cent of the disk are never reached: pods are moved away from ${String(evictsFrom)} on, by eviction.diskPercent`,
          `write less than ${String(evictsFrom)}`,
        )),
    ...(proxyMode === "nftables" && version === "1.25"
      ? problem("proxyMode", '"nftables" is not in Kubernetes 1.25', "write iptables")
      : []),
    ...(appArmor === "required" && version === "1.25"
      ? problem("appArmor", '"required" is a field of pods that Kubernetes 1.25 does not have', "write off")
      : []),
  ];
}
