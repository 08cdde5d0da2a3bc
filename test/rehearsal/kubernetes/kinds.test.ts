import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { builtInKind, builtInKinds, kindOfToken } from "../../../rehearsal/kubernetes/kinds";

const SDK = dirname(require.resolve("@pulumi/kubernetes/package.json"));
const COMMON = ["apiVersion", "kind", "metadata"];

/** Every class of the SDK for a stable version: its type token, and the fields that it sends. */
function sdkKinds(): ReadonlyMap<string, readonly string[]> {
  const files = readdirSync(SDK, { recursive: true, encoding: "utf8" });
  const stable = files.filter((file) => /^\w+\/v\d+\/\w+\.js$/.test(file));
  const kinds = new Map<string, readonly string[]>();
  for (const file of stable) {
    const source = readFileSync(join(SDK, file), "utf8");
    const token = /__pulumiType = '(kubernetes:[^']+)'/.exec(source)?.[1];
    if (
      token === undefined ||
      /(List|Patch)$/.test(token) ||
      /^kubernetes:(helm|yaml|kustomize|meta)/.test(token)
    )
      continue;
    const fields = [...source.matchAll(/resourceInputs\["(\w+)"\]/g)].map(([, name]) => name ?? "");
    kinds.set(token, [...new Set(fields)].filter((name) => !COMMON.includes(name)).sort());
  }
  return kinds;
}

describe("the kinds that an API server has by itself", () => {
  const sdk = sdkKinds();

  it("are those of the official SDK's stable versions, with the same fields", () => {
    const ours = builtInKinds().map(({ apiVersion, kind, fields }) => [
      `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`,
      [...(fields ?? [])].sort(),
    ]);
    const theirs = [...sdk].map(([token, fields]) => {
      const found = kindOfToken(token);
      const known = found && builtInKind(found.apiVersion, found.kind);
      // The SDK leaves `status` out of some kinds that have one, and the other way round.
      const shown = (known?.fields ?? []).includes("status") ? new Set([...fields, "status"]) : fields;
      return [token, [...shown].sort()];
    });
    expect(sdk.size).toBeGreaterThan(50);
    expect(Object.fromEntries(ours) as unknown).toEqual(Object.fromEntries(theirs));
  });

  it("reads the kind of a type token", () => {
    expect(kindOfToken("kubernetes:core/v1:Secret")).toEqual({ apiVersion: "v1", kind: "Secret" });
    expect(kindOfToken("kubernetes:apps/v1:Deployment")).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
    });
    for (const other of [
      "openstack:compute/instance:Instance",
      "kubernetes:helm.sh/v3:Release",
      "kubernetes:yaml:ConfigFile",
      "kubernetes:apps/v1",
      "kubernetes:apps/v1:deployment",
    ])
      expect(kindOfToken(other)).toBeUndefined();
  });
});
