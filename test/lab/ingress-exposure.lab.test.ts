/**
 * The ingress controller at a load balancer, on a real API server: every object of such environments, MetalLB's pool by
 * MetalLB's own definitions, and the Service as it goes from one exposure to another.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { fieldOf, type Manifest } from "../../deploy/manifest";
import { lab } from "../../lab";
import { changed, configOf, ownerBase, type Changes } from "../environment/configs";
import { setUp } from "./host/undo";
import type { ApiClient } from "./kubernetes/api-client";
import { moduleFolder } from "./kubernetes/binaries";
import { ControlPlane } from "./kubernetes/control-plane";
import { applyAll, boundValues } from "./kubernetes/environments";

const AMPHORA = { "cluster.cloud.loadBalancers": { kind: "amphora" } };
const EXPOSURES = {
  nodePort: AMPHORA,
  octavia: { ...AMPHORA, "ingress.exposure": { kind: "octavia" }, "ingress.proxyProtocol": true },
  metallb: { ...AMPHORA, "ingress.exposure": { kind: "metallb" }, "ingress.from": ["198.51.100.0/24"] },
} as const satisfies Readonly<Record<string, Changes>>;
type Exposure = keyof typeof EXPOSURES;

const METALLB = "go.universe.tf/metallb@v0.16.1";
const ENTRY = "/api/v1/namespaces/kube-system/services/ingress-nginx-lab";
/** Kinds that MetalLB's definitions check. */
const CHECKED = ["IPAddressPool", "L2Advertisement"];

let admin: ApiClient;

setUp(async (undo) => {
  const plane = undo.use(await ControlPlane.start({ serviceCidr: "10.96.0.0/12" }));
  admin = await plane.client();
});

function manifestsOf(exposure: Exposure): readonly Manifest[] {
  return boundValues(lab({ config: configOf("lab", changed(ownerBase(), EXPOSURES[exposure])) })).manifests;
}

function entryOf(exposure: Exposure): Manifest {
  const entry = manifestsOf(exposure).find(
    ({ kind, metadata }) => kind === "Service" && metadata.name === "ingress-nginx-lab",
  );
  if (entry === undefined) throw new Error(`${exposure} has no entry`);
  return entry;
}

test("MetalLB's own definitions take pool and advertisement as they are", async () => {
  const folder = join(moduleFolder(METALLB), "config/crd/bases");
  const definitions = readdirSync(folder).map(
    (file) => parse(readFileSync(join(folder, file), "utf8")) as Manifest,
  );
  expect(definitions).toHaveLength(9);
  await applyAll(admin, definitions);
  const manifests = manifestsOf("metallb");
  const own = manifests.filter(
    ({ kind, metadata }) => kind === "Namespace" && metadata.name === "metallb-system",
  );
  await applyAll(admin, own);
  const objects = manifests.filter(({ kind }) => CHECKED.includes(kind));
  expect(objects.map(({ kind }) => kind).sort()).toEqual(CHECKED);
  // A field that a definition does not know is refused.
  await applyAll(admin, objects);
  for (const { metadata } of definitions)
    await admin.delete(`/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${metadata.name}`);
});

test.each(["octavia", "metallb"] as const)(
  "every object of an environment by %s is accepted",
  async (kind) => {
    const manifests = manifestsOf(kind);
    await applyAll(admin, manifests);
    await admin.delete(ENTRY);
  },
);

describe("the Service of a running environment", () => {
  const type = async (exposure: Exposure): Promise<string> => {
    const { status, body } = await admin.apply(entryOf(exposure));
    return status === 200 || status === 201 ? String(fieldOf(body, "spec", "type")) : String(body["message"]);
  };

  test("goes from NodePorts to either load balancer and back, with the same NodePorts", async () => {
    for (const exposure of ["nodePort", "octavia", "nodePort", "metallb", "nodePort"] as const)
      expect(await type(exposure)).toBe(exposure === "nodePort" ? "NodePort" : "LoadBalancer");
  });

  test("cannot go from one load balancer to the other, as its effect says", async () => {
    expect(await type("octavia")).toBe("LoadBalancer");
    expect(await type("metallb")).toContain("spec.loadBalancerClass: Invalid value");
  });
});
