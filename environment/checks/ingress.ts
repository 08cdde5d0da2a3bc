/** The ingress controller: keys that belong together, and what a migration may move. */
import { servesLoadBalancers } from "../cluster-cloud";
import { kubernetesMinor } from "../kubernetes-version";
import type { OwnerConfig } from "../config";
import { finding, type Finding } from "../findings";
import { runningControllers } from "../ingress-controller";
import { servedHosts, type Claimed } from "../parts/claims";

export function checkIngress({ config, claims }: Claimed<OwnerConfig>): readonly Finding[] {
  return [
    ...checkMigration(config, servedHosts(claims)),
    ...checkIssuer(config),
    ...checkExposure(config),
    ...checkTestedRelease(config),
  ];
}

function checkMigration(
  { ingress, tenants, domain }: OwnerConfig,
  served: readonly string[],
): readonly Finding[] {
  const { kind, migration } = ingress;
  if (migration === undefined) return [];
  if (kind === "ingress-nginx") {
    const what = "is the way to Traefik, and ingress.kind is ingress-nginx";
    return [
      finding("ingress.migration", "ingress.migration", what, "write kind: traefik, or leave the key out"),
    ];
  }
  const known = new Set([...served, ...Object.values(tenants).flatMap(({ hosts }) => hosts)]);
  return migration.moved
    .filter((host) => !known.has(host) && !host.endsWith(`.${domain}`))
    .map((host) =>
      finding(
        "ingress.migration",
        "ingress.migration.moved",
        `"${host}" is served by no part and no tenant, and is not below ${domain}`,
        "correct the host",
      ),
    );
}

function checkIssuer({ ingress: { certificate, issuer } }: OwnerConfig): readonly Finding[] {
  if (certificate === "issuer" && issuer === undefined)
    return [
      finding(
        "ingress.certificate",
        "ingress.certificate",
        '"issuer" is without an issuer',
        "name it by ingress.issuer: {name: letsencrypt}",
      ),
    ];
  if (certificate !== "issuer" && issuer !== undefined)
    return [
      finding(
        "ingress.certificate",
        "ingress.issuer",
        `is not asked, since ingress.certificate is "${certificate}"`,
        "write certificate: issuer, or leave the key out",
      ),
    ];
  return [];
}

function checkExposure(config: OwnerConfig): readonly Finding[] {
  const { kind } = config.ingress.exposure;
  if (kind !== "octavia" || servesLoadBalancers(config)) return [];
  return [
    finding(
      "ingress.exposure",
      "ingress.exposure.kind",
      '"octavia" needs the cloud controller manager with load balancers, and none serves Services of type LoadBalancer',
      "write cluster.cloud.loadBalancers: {kind: amphora} with cluster.nodes.cloudProvider external, or choose metallb or nodePort",
    ),
  ];
}

/** The last minor of Kubernetes that ingress-nginx was tested with before its end. */
const TESTED_MINOR = 35;

function checkTestedRelease({ ingress, cluster }: OwnerConfig): readonly Finding[] {
  const minor = kubernetesMinor(cluster.version);
  if (!runningControllers(ingress).includes("ingress-nginx") || minor <= TESTED_MINOR) return [];
  return [
    finding(
      "ingress.release",
      "ingress.kind",
      `ingress-nginx was tested with Kubernetes up to 1.${String(TESTED_MINOR)}, and cluster.version is ${cluster.version}`,
      "move to Traefik by the steps of docs/ingress.md",
    ),
  ];
}
