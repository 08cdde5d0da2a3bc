/**
 * Compares what charts render with the claims of the parts. A missing claim would leave a host unchecked, a port closed
 * or an image out of the list, so it is an error as soon as the chart is rendered.
 */
import type { DeployPlan } from "../deploy/plan";
import { planReferences } from "../deploy/plan";
import { fieldOf, isJsonObject, listAt, type Manifest } from "../deploy/manifest";
import type { Planned } from "../environment/environments";
import { credentialSecret } from "../environment/cluster-cloud";
import { boundNames } from "../environment/secrets";

export interface AgreementSources extends Planned {
  /** Namespaces that belong to components. */
  readonly reservedNamespaces: readonly string[];
}

/**
 * One line for each unclaimed use, in the order of the objects.
 * @param overridden identities of objects that an engineer has changed: their content is not claimed
 */
export function claimProblems(
  sources: AgreementSources,
  deploy: DeployPlan,
  overridden: ReadonlySet<string> = new Set(),
): readonly string[] {
  const known = knownOf(sources);
  const objects = deploy.objects.filter(({ identity }) => !overridden.has(identity));
  return [
    ...objects.flatMap(({ identity, manifest }) =>
      needsOf(manifest).flatMap(({ what, name }) =>
        known[what].has(name) ? [] : [`${identity}: ${WORDS[what]} ${name} is claimed by no part`],
      ),
    ),
    ...planReferences({ ...deploy, objects })
      .filter(({ kind, name }) => kind === "secret" && !known.secret.has(name))
      .map(({ name }) => `secret ${name} is claimed by no part`),
  ];
}

const WORDS = {
  namespace: "namespace",
  host: "host",
  nodePort: "NodePort",
  storageClass: "StorageClass",
  image: "image",
  device: "device",
  secret: "secret",
} as const;
type What = keyof typeof WORDS;

function knownOf({
  plan,
  claims,
  reservedNamespaces,
}: AgreementSources): Readonly<Record<What, ReadonlySet<string>>> {
  const { namespaces, hosts, ports, storageClasses, images, devices } = claims;
  const nodePorts = [
    ...plan.ports.map(({ backend }) => backend),
    ...ports.map(({ nodePort }) => nodePort),
    ...plan.tenants.flatMap(({ ingress: { http, https } }) => [http, https]),
  ];
  return {
    namespace: new Set([
      ...namespaces.map(({ name, level }) => `${name} (${level})`),
      ...plan.tenants.flatMap((tenant) => tenant.namespaces.map((name) => `${name} (baseline)`)),
      // A component's own, at the level that its pods need.
      ...reservedNamespaces.flatMap((name) => [`${name} (privileged)`, `${name} (restricted)`]),
    ]),
    host: new Set(hosts.map(({ host }) => host)),
    nodePort: new Set(nodePorts.map(String)),
    storageClass: new Set(storageClasses.map(({ name }) => name)),
    image: new Set(images.map(({ image }) => image)),
    device: new Set(devices.map(({ resource }) => resource)),
    secret: new Set([
      ...plan.secrets.flatMap(boundNames),
      ...plan.applicationCredentials.map(({ key }) => credentialSecret(key)),
    ]),
  };
}

interface Needed {
  readonly what: Exclude<What, "secret">;
  readonly name: string;
}

const LEVEL = "pod-security.kubernetes.io/enforce";

function needsOf(manifest: Manifest): readonly Needed[] {
  const { kind, metadata } = manifest;
  switch (kind) {
    case "Namespace":
      return [
        { what: "namespace", name: `${metadata.name} (${String(fieldOf(metadata, "labels", LEVEL))})` },
      ];
    case "Ingress":
      return texts(listAt(manifest, "spec", "rules"), "host").map((name) => ({ what: "host", name }));
    case "Service":
      return listAt(manifest, "spec", "ports").flatMap((port) => {
        const nodePort = fieldOf(port, "nodePort");
        return typeof nodePort === "number" ? [{ what: "nodePort" as const, name: String(nodePort) }] : [];
      });
    case "StorageClass":
      return [{ what: "storageClass", name: metadata.name }];
    default:
      return podNeeds(manifest);
  }
}

/** Of the pods of any workload. */
function podNeeds(manifest: Manifest): readonly Needed[] {
  const pod = [
    fieldOf(manifest, "spec", "template", "spec"),
    fieldOf(manifest, "spec", "jobTemplate", "spec", "template", "spec"),
  ].find(isJsonObject);
  const containers = [...listAt(pod, "initContainers"), ...listAt(pod, "containers")];
  return [
    ...texts(containers, "image").map((name) => ({ what: "image" as const, name })),
    ...containers.flatMap(devicesOf).map((name) => ({ what: "device" as const, name })),
  ];
}

/** Resources of a vendor: `nvidia.com/gpu`. Kubernetes' own have no slash. */
function devicesOf(container: unknown): readonly string[] {
  const limits = fieldOf(container, "resources", "limits");
  return isJsonObject(limits) ? Object.keys(limits).filter((name) => name.includes("/")) : [];
}

function texts(list: readonly unknown[], key: string): readonly string[] {
  return list.flatMap((each) => {
    const text = fieldOf(each, key);
    return typeof text === "string" ? [text] : [];
  });
}
