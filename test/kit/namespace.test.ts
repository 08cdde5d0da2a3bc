/** Namespaces of components: what they hold their pods to, and whom they refuse. */
import fc from "fast-check";
import { commonLevel, ComponentNamespace, type Admitted, type PodSecurityLevel } from "../../kit";
import type { Manifest } from "../apps/manifests";
import { IDENTITY, LABELS, objectsOf } from "./rendering";

describe("a component's namespace", () => {
  const workload = (securityLevel: PodSecurityLevel, namespace = "web"): Admitted => ({
    name: `a-${securityLevel}`,
    namespace,
    securityLevel,
  });
  const admit = (enforce: PodSecurityLevel, ...workloads: Admitted[]): Manifest[] =>
    objectsOf((chart) => {
      new ComponentNamespace(chart, "Home", { ...IDENTITY, enforce }).admit(...workloads);
    });

  test("holds its pods to the level that they need", () => {
    const [made] = admit("privileged", workload("restricted"), workload("privileged"));
    expect(made).toEqual({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "web", labels: { ...LABELS, "pod-security.kubernetes.io/enforce": "privileged" } },
    });
    expect(Object.keys(admit("baseline", workload("baseline"))[0]?.metadata.labels ?? {})).toContain(
      "pod-security.kubernetes.io/audit",
    );
  });

  test("refuses a level that is too strict or too weak, and who lives elsewhere", () => {
    expect(() => admit("baseline", workload("restricted"), workload("privileged"))).toThrow(
      new Error(
        'namespace web enforces "baseline", and what is in it (a-restricted, a-privileged) needs "privileged"; enforce that',
      ),
    );
    expect(() => admit("privileged", workload("baseline"))).toThrow('needs "baseline"; enforce that');
    expect(() => admit("baseline", workload("baseline", "lab"))).toThrow(
      new Error("a-baseline is in the namespace lab, not in web"),
    );
  });

  test("the common level is the weakest of all, in any order", () => {
    const levels: PodSecurityLevel[] = ["restricted", "baseline", "privileged"];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...levels)), (list) => {
        const weakest = levels.toReversed().find((level) => list.includes(level)) ?? "restricted";
        expect(commonLevel(list)).toBe(weakest);
      }),
    );
  });
});
