/** What follows from the choice of the network plugin. */
import fc from "fast-check";
import { assertNever } from "../../errors/assert-never";
import type { CniConfig, OwnerConfig } from "../../environment/config";
import {
  enforcesPolicies,
  podMtu,
  preservesPodAddresses,
  typhaReplicas,
} from "../../environment/network-plugin";
import { changed, configOf, ownerBase } from "./configs";

const CALICO: readonly CniConfig[] = (["vxlan", "ipip", "none"] as const).map((encapsulation) => ({
  kind: "calico",
  encapsulation,
}));
const FLANNEL: readonly CniConfig[] = (["vxlan", "host-gw"] as const).flatMap((backend) =>
  (["none", "kube-router", "kube-network-policies"] as const).map((policy): CniConfig => ({
    kind: "flannel",
    backend,
    policy,
  })),
);
const ALL: readonly CniConfig[] = [...CALICO, ...FLANNEL, { kind: "kube-router" }, { kind: "weave" }];

test("only Flannel alone enforces no policy", () => {
  expect(ALL.filter((cni) => !enforcesPolicies(cni))).toEqual([
    { kind: "flannel", backend: "vxlan", policy: "none" },
    { kind: "flannel", backend: "host-gw", policy: "none" },
  ]);
});

/** Bytes that headers around a packet of a pod take. */
function headers(cni: CniConfig): number {
  switch (cni.kind) {
    case "calico":
      return { vxlan: 14 + 8 + 8 + 20, ipip: 20, none: 0 }[cni.encapsulation];
    case "flannel":
      return cni.backend === "vxlan" ? 14 + 8 + 8 + 20 : 0;
    case "kube-router":
      return 0;
    case "weave":
      return 87;
    default:
      return assertNever(cni);
  }
}

test("a pod's largest packet fits the network with the headers around it, and wastes less than four bytes", () => {
  fc.assert(
    fc.property(fc.constantFrom(...ALL), fc.integer({ min: 1280, max: 9000 }), (cni, mtu) => {
      const room = mtu - podMtu(cni, mtu) - headers(cni);
      expect(room).toBeGreaterThanOrEqual(0);
      expect(room).toBeLessThan(4);
    }),
  );
});

test("pods' own addresses are on the wire exactly where nothing is around their packets", () => {
  for (const cni of ALL) expect(preservesPodAddresses(cni)).toBe(headers(cni) === 0);
});

test("Typha comes with fifty nodes that pools may have, in three replicas or more", () => {
  const config = configOf("lab", changed(ownerBase(), {}));
  if (config.cluster.kind !== "own") throw new Error("it owns its cluster");
  const { controlPlane, workers } = (config as OwnerConfig).servers;
  const replicas = (nodes: number): number | undefined => {
    const [pool] = Object.values(workers);
    if (pool === undefined) throw new Error("it has workers");
    const all = { ...pool, min: 2, max: nodes - controlPlane.min };
    return typhaReplicas({ controlPlane, workers: { general: all } });
  };
  expect([49, 50, 600, 601].map(replicas)).toEqual([undefined, 3, 3, 4]);
});
