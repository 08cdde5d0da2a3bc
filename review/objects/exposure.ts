/** What is open to more than it should be: Services for the world, the metadata service, hosts without a certificate. */
import { contains, parseCidr } from "../../environment/addresses";
import { fieldOf, identityOf, listAt, type Manifest } from "../../deploy/manifest";
import { finding, type Finding } from "../../environment/findings";

/** Of the cloud: user data and, in some clouds, credentials. Source: OpenStack Nova, "Metadata service". */
const METADATA = "169.254.169.254";

export function exposureFindings(manifest: Manifest): readonly Finding[] {
  switch (manifest.kind) {
    case "Service":
      return worldFindings(manifest);
    case "NetworkPolicy":
      return metadataFindings(manifest);
    default:
      return [];
  }
}

function worldFindings(manifest: Manifest): readonly Finding[] {
  if (fieldOf(manifest, "spec", "type") !== "LoadBalancer" || isInternal(manifest)) return [];
  const ranges = listAt(manifest, "spec", "loadBalancerSourceRanges");
  const open = ranges.length === 0 || ranges.some((range) => String(range).endsWith("/0"));
  if (!open) return [];
  return [
    finding(
      "service.world",
      identityOf(manifest),
      "has a load balancer that everybody reaches",
      "write spec.loadBalancerSourceRanges, or use the shared ingress controller",
    ),
  ];
}

/** By the cloud controller's annotation: the load balancer gets no floating IP. */
function isInternal(manifest: Manifest): boolean {
  const name = "service.beta.kubernetes.io/openstack-internal-load-balancer";
  return fieldOf(manifest, "metadata", "annotations", name) === "true";
}

function metadataFindings(manifest: Manifest): readonly Finding[] {
  const blocks = listAt(manifest, "spec", "egress")
    .flatMap((rule) => listAt(rule, "to"))
    .map((peer) => fieldOf(peer, "ipBlock"));
  const open = blocks.find((block) => {
    const except = listAt(block, "except").map(String);
    return holds(fieldOf(block, "cidr")) && !except.some(holds);
  });
  if (open === undefined) return [];
  return [
    finding(
      "policy.metadata",
      identityOf(manifest),
      `lets pods reach ${String(fieldOf(open, "cidr"))}, and with it the cloud's metadata service at ${METADATA}`,
      `write ${METADATA}/32, or all of 169.254.0.0/16, into except`,
    ),
  ];
}

function holds(cidr: unknown): boolean {
  return typeof cidr === "string" && /^[\d.]+\/\d+$/.test(cidr) && contains(parseCidr(cidr), METADATA);
}

/** Hosts of Ingresses for which their certificates are not. */
export function certificateFindings(manifests: readonly Manifest[]): readonly Finding[] {
  const issued = new Map(manifests.flatMap(issuedNames));
  return manifests
    .filter(({ kind }) => kind === "Ingress")
    .flatMap((ingress) => hostFindings(ingress, issued));
}

/** Names of a cert-manager Certificate, by namespace and Secret. */
function issuedNames(manifest: Manifest): readonly (readonly [string, readonly string[]])[] {
  if (manifest.kind !== "Certificate") return [];
  const secret = fieldOf(manifest, "spec", "secretName");
  const names = listAt(manifest, "spec", "dnsNames").map(String);
  return typeof secret === "string" ? [[secretKey(manifest, secret), names]] : [];
}

function secretKey({ metadata: { namespace = "" } }: Manifest, secret: string): string {
  return `${namespace}/${secret}`;
}

function hostFindings(ingress: Manifest, issued: ReadonlyMap<string, readonly string[]>): readonly Finding[] {
  const entries = listAt(ingress, "spec", "tls");
  if (entries.length === 0) return [];
  // Without hosts, an entry is for all of them; without a Secret, the controller's default certificate answers.
  const isForAll = entries.some((entry) => listAt(entry, "hosts").length === 0);
  const listed = entries.flatMap((entry) => listAt(entry, "hosts").map(String));
  const hosts = listAt(ingress, "spec", "rules").flatMap((rule) => {
    const host = fieldOf(rule, "host");
    return typeof host === "string" ? [host] : [];
  });
  const unlisted = isForAll ? [] : hosts.filter((host) => !listed.some((name) => covers(name, host)));
  return [
    ...unlisted.map((host) => notCovered(ingress, host, "no entry of spec.tls names it")),
    ...entries.flatMap((entry) => issuedFindings(ingress, entry, issued)),
  ];
}

function issuedFindings(
  ingress: Manifest,
  entry: unknown,
  issued: ReadonlyMap<string, readonly string[]>,
): readonly Finding[] {
  const secret = fieldOf(entry, "secretName");
  const names = typeof secret === "string" ? issued.get(secretKey(ingress, secret)) : undefined;
  if (names === undefined) return [];
  const uncovered = listAt(entry, "hosts")
    .map(String)
    .filter((host) => !names.some((name) => covers(name, host)));
  return uncovered.map((host) =>
    notCovered(ingress, host, `the certificate in ${String(secret)} is for ${names.join(", ")}`),
  );
}

/** A wildcard stands for one label. */
function covers(name: string, host: string): boolean {
  return name === host || (name.startsWith("*.") && host.replace(/^[^.]+/, "*") === name);
}

function notCovered(ingress: Manifest, host: string, why: string): Finding {
  return finding(
    "route.certificate",
    identityOf(ingress),
    `serves ${host} without a certificate for it: ${why}`,
    "write the host into spec.tls and into its certificate",
  );
}
