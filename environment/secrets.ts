/** Which secrets an environment's charts and machines need, by name. The plan lists them; registration makes or reads each one. */
import { isOwner, type EnvironmentConfig, type OwnerConfig } from "./config";
import { servedHosts } from "./hosts";
import type { SecretPlan, VipPlan, WireGuardPlan } from "./plan/types";

/** Names as `secret(name)` takes them. */
export const SECRETS = {
  wireGuard: "wireguard",
  defaultCertificate: "ingress.default-certificate",
  mongoPassword: "datalab.mongo-password",
  authSigningKey: "datalab.auth-signing-key",
  minioAccessKey: "datalab.minio-access-key",
  minioSecretKey: "datalab.minio-secret-key",
  heketi: "heketi.ssh",
  heketiAdminKey: "heketi.admin-key",
  heketiUserKey: "heketi.user-key",
} as const;

/** Where the ingress reads the certificate that it serves for hosts that bring none: a Secret of type kubernetes.io/tls. */
export const INGRESS_CERTIFICATE = { namespace: "kube-system", name: "tls-secret" } as const;

/** The names of a certificate's two halves, both PEM. */
export function certificateNames(name: string): { readonly certificate: string; readonly key: string } {
  return { certificate: `${name}.certificate`, key: `${name}.key` };
}

/** The names of a key pair's two halves, both PEM. */
export function keyPairNames(name: string): { readonly key: string; readonly public: string } {
  return { key: `${name}.key`, public: `${name}.public` };
}

/** What the holders of a VIP know each other by. */
export function vrrpPassword(vip: string): string {
  return `vrrp/${vip}`;
}

/** Names of secrets that are a server's own identity begin with this; no other secret may stand in its user data. */
export function identityPrefix(server: string): string {
  return `identity/${server}/`;
}

/** Every secret the charts of an environment name, and its shared storage; a tenant shares the owner's ingress and its certificate. */
export function plannedSecrets(config: EnvironmentConfig): readonly SecretPlan[] {
  const owned = isOwner(config) ? [...defaultCertificate(config), ...heketiSecrets(config)] : [];
  return [...owned, ...datalabSecrets(config)];
}

/** keepalived reads the first eight characters of a password and no more. */
const VRRP_PASSWORD_LENGTH = 8;

/** One password for the holders of each VIP. */
export function vrrpSecrets(vips: readonly VipPlan[]): readonly SecretPlan[] {
  return vips
    .filter(({ holder }) => holder === "keepalived")
    .map(({ key }) => ({ kind: "password", name: vrrpPassword(key), length: VRRP_PASSWORD_LENGTH }));
}

/** The gateways' one key: whichever holds the address is the same to a client. */
export function wireGuardSecrets(wireguard: WireGuardPlan | undefined): readonly SecretPlan[] {
  return wireguard === undefined ? [] : [{ kind: "wireGuardKey", name: SECRETS.wireGuard }];
}

function defaultCertificate(config: OwnerConfig): readonly SecretPlan[] {
  const names = certificateNames(SECRETS.defaultCertificate);
  switch (config.ingress.certificate) {
    case "selfSigned":
      return [{ kind: "certificate", name: SECRETS.defaultCertificate, hosts: certificateHosts(config) }];
    case "given":
      return [
        { kind: "given", name: names.certificate, configKey: "tlsCertificate" },
        { kind: "given", name: names.key, configKey: "tlsKey" },
      ];
  }
}

/** The domain, everything one level below it, and the served hosts that lie elsewhere: tenants' too, they share it. */
function certificateHosts(config: OwnerConfig): readonly string[] {
  const tenantHosts = Object.values(config.tenants).flatMap((tenant) => tenant.hosts);
  const others = [...servedHosts(config), ...tenantHosts].filter((host) => !isCovered(host, config.domain));
  return [config.domain, `*.${config.domain}`, ...[...new Set(others)].sort()];
}

/** A wildcard stands for exactly one label (RFC 6125, section 6.4.3). */
function isCovered(host: string, domain: string): boolean {
  return host === domain || host.slice(host.indexOf(".") + 1) === domain;
}

/** Keys of Heketi's REST API, and the one that it works on its servers by. */
function heketiSecrets({ storage: { shared } }: OwnerConfig): readonly SecretPlan[] {
  if (shared.kind !== "gluster" || shared.mode !== "heketi-intree") return [];
  return [
    { kind: "password", name: SECRETS.heketiAdminKey, length: 32 },
    { kind: "password", name: SECRETS.heketiUserKey, length: 32 },
    { kind: "keyPair", name: SECRETS.heketi, algorithm: "RSA", bits: 4096 },
  ];
}

function datalabSecrets(config: EnvironmentConfig): readonly SecretPlan[] {
  if (config.apps.datalab === undefined) return [];
  return [
    { kind: "password", name: SECRETS.mongoPassword, length: 32 },
    { kind: "keyPair", name: SECRETS.authSigningKey, algorithm: "RSA", bits: 2048 },
    // S3 clients take access keys of 3 to 20 characters, secret keys of 8 to 40.
    { kind: "password", name: SECRETS.minioAccessKey, length: 20 },
    { kind: "password", name: SECRETS.minioSecretKey, length: 40 },
  ];
}
