/**
 * NodePorts outside of the band that Kubernetes spares when it chooses a random one: no Service that gets a random one
 * exists before those that have them, and a policy keeps them free from then on.
 */
import type { Manifest } from "../../../deploy/manifest";
import { boundLab } from "../../lab/kubernetes/environments";

/** Of 30000–32767: a 32nd, between 16 and 128 (Kubernetes' allocator of NodePorts). */
const SPARED_TO = 30085;
const POLICY = "labstead-node-ports";

interface ServiceSpec {
  readonly type?: string;
  readonly ports?: readonly { readonly nodePort?: number }[];
}

const specOf = ({ spec }: Manifest) => (spec ?? {}) as ServiceSpec;

function nodePortsOf(manifest: Manifest): readonly number[] {
  if (manifest.kind !== "Service") return [];
  return (specOf(manifest).ports ?? []).flatMap(({ nodePort }) => nodePort ?? []);
}

const takesAny = (manifest: Manifest): boolean =>
  manifest.kind === "Service" &&
  ["NodePort", "LoadBalancer"].includes(specOf(manifest).type ?? "") &&
  nodePortsOf(manifest).length < (specOf(manifest).ports ?? []).length;

test.each([
  [".", "prod"],
  ["examples", "jupyterhub"],
  ["examples", "managed-kubernetes"],
  ["examples", "savu"],
  ["examples", "ska"],
])("%s/%s", (folder, stack) => {
  const { manifests, plan } = boundLab(stack, folder);
  const exposed = manifests.filter((each) => nodePortsOf(each).some((port) => port > SPARED_TO));
  expect(exposed.length).toBeGreaterThan(0);
  const last = Math.max(...exposed.map((each) => manifests.indexOf(each)));
  expect(manifests.slice(0, last).filter(takesAny)).toEqual([]);

  const policy = manifests.find(
    ({ kind, metadata }) => kind === "ValidatingAdmissionPolicy" && metadata.name === POLICY,
  );
  const tenants = plan.tenants.flatMap(({ ingress }) => [ingress.http, ingress.https]);
  for (const port of [...exposed.flatMap(nodePortsOf), ...tenants])
    expect(JSON.stringify(policy)).toContain(String(port));
  const bound = manifests.findIndex(({ kind }) => kind === "ValidatingAdmissionPolicyBinding");
  expect(bound).toBeLessThan(Math.min(...exposed.map((each) => manifests.indexOf(each))));
});
