/**
 * The bridge and the built-in cloud each have a table of the API server's kinds, as neither may import the other. The
 * built-in cloud's is held to the official SDK (test/rehearsal/kubernetes/kinds.test.ts), the bridge's to that one.
 */
import {
  BUILT_IN_GROUPS,
  CLUSTER_SCOPED,
  groupOf,
  KINDS_WITH_FIXED_FIELDS,
  KINDS_WITH_TURNS,
  scopeOf,
  typeToken,
} from "../../deploy/kinds";
import { builtInKinds, groupOf as rehearsedGroupOf, kindOfToken } from "../../rehearsal/kubernetes/kinds";

const KINDS = builtInKinds();
const NAMES = KINDS.map(({ group, kind }) => `${group}/${kind}`);

describe("the bridge's table of kinds", () => {
  it("has the groups of the built-in cloud", () => {
    expect([...BUILT_IN_GROUPS].sort()).toEqual([...new Set(KINDS.map(({ group }) => group))].sort());
  });

  it.each(KINDS)("agrees on $apiVersion $kind", ({ group, apiVersion, kind, namespaced }) => {
    expect({ group: groupOf(apiVersion), scope: scopeOf(group, kind) }).toEqual({
      group: rehearsedGroupOf(apiVersion),
      scope: namespaced ? "namespace" : "cluster",
    });
    expect(kindOfToken(typeToken(apiVersion, kind))).toEqual({ apiVersion, kind });
  });

  it("names no kind that the built-in cloud does not serve", () => {
    const served = new Set(NAMES);
    const kinds = new Set(KINDS.map(({ kind }) => kind));
    expect([...CLUSTER_SCOPED, ...KINDS_WITH_FIXED_FIELDS].filter((name) => !served.has(name))).toEqual([]);
    expect(KINDS_WITH_TURNS.filter((kind) => !kinds.has(kind))).toEqual([]);
  });
});
