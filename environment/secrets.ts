/**
 * The secrets of the environment itself, each declared once, and the values that charts and machine files take of any
 * secret. Parts declare theirs beside their charts.
 */
import { isOwner, type EnvironmentConfig, type OwnerConfig } from "./config";
import { INGRESS_NAMESPACE } from "./ingress-controller";
import { servedHosts, type AllClaims } from "./parts/claims";
import type {
  CertificatePlan,
  GivenSecretPlan,
  RsaKeyPairPlan,
  PasswordPlan,
  SecretPlan,
  WireGuardKeyPlan,
} from "./plan/types-secrets";
import type { VipPlan, WireGuardPlan } from "./plan/types";
import { usesHeketi } from "./shared-storage";
import { assertNever } from "../errors/assert-never";
import { secret, type NamedValue } from "../values";

/** The gateways' common key: for a client all holders of the address are the same. */
export const WIREGUARD_KEY: WireGuardKeyPlan = {
  kind: "wireGuardKey",
  name: "wireguard",
  rotation: {
    kind: "refused",
    why: "every client's file names its public half: all of them would be cut off until they have a new one",
  },
};

/** Keys of Heketi's REST API, and the one by which it works on its servers. */
export const HEKETI_SECRETS = {
  adminKey: heketiPassword("heketi.admin-key"),
  userKey: heketiPassword("heketi.user-key"),
  ssh: {
    kind: "keyPair",
    name: "heketi.ssh",
    algorithm: "RSA",
    bits: 4096,
    rotation: {
      kind: "refused",
      why: "the storage servers let Heketi in by its public half: a new one would have to be on all of them first",
    },
  },
} as const satisfies Readonly<Record<string, SecretPlan>>;

function heketiPassword(name: string): PasswordPlan {
  return {
    kind: "password",
    name,
    length: 32,
    rotation: {
      kind: "refused",
      why: "Heketi and every claim of its class read it: volumes could not be made or deleted until all have the new one",
    },
  };
}

/** The ingress's certificate for hosts without their own. */
const DEFAULT_CERTIFICATE = {
  name: "ingress.default-certificate",
  rotation: {
    kind: "rotate",
    does: "a new key and certificate; the ingress controller serves them at once, browsers ask again",
  },
} as const satisfies Pick<CertificatePlan, "name" | "rotation">;

/** Where the ingress reads that certificate: a Secret of type kubernetes.io/tls. */
export const INGRESS_CERTIFICATE = { namespace: INGRESS_NAMESPACE, name: "tls-secret" } as const;

const GIVEN_CERTIFICATE = {
  certificate: {
    kind: "given",
    name: certificateNames(DEFAULT_CERTIFICATE.name).certificate,
    configKey: "tlsCertificate",
  },
  key: { kind: "given", name: certificateNames(DEFAULT_CERTIFICATE.name).key, configKey: "tlsKey" },
} as const satisfies Readonly<Record<string, GivenSecretPlan>>;

/** The default certificate as PEM, made by the program or given. */
export const defaultCertificateValues = certificateValues(DEFAULT_CERTIFICATE);

/** How the default certificate is planned: `certificate` for the one entry that carries its date, `key` for its other half. */
export function defaultCertificateHalf({ name }: SecretPlan): "certificate" | "key" | undefined {
  if (name === DEFAULT_CERTIFICATE.name || name === GIVEN_CERTIFICATE.certificate.name) return "certificate";
  return name === GIVEN_CERTIFICATE.key.name ? "key" : undefined;
}

/** Key of a client of a Ceph cluster, by which nodes mount its file system. */
export function cephKey(client: string): GivenSecretPlan {
  return { kind: "given", name: `ceph/${client}`, configKey: `ceph-${client}` };
}

/** The value of a password, or of what was given. */
export function secretValue({ name }: PasswordPlan | GivenSecretPlan): NamedValue {
  return secret(name);
}

/** Both halves of a key pair: PEM, or WireGuard's base64. */
export function keyPairValues({ name }: RsaKeyPairPlan | WireGuardKeyPlan): {
  readonly key: NamedValue;
  readonly public: NamedValue;
} {
  const names = keyPairNames(name);
  return { key: secret(names.key), public: secret(names.public) };
}

/** Both halves of a certificate, as PEM. */
export function certificateValues({ name }: Pick<CertificatePlan, "name">): {
  readonly certificate: NamedValue;
  readonly key: NamedValue;
} {
  const names = certificateNames(name);
  return { certificate: secret(names.certificate), key: secret(names.key) };
}

/** All names under which a secret is bound. */
export function boundNames(plan: SecretPlan): readonly string[] {
  switch (plan.kind) {
    case "password":
    case "given":
      return [plan.name];
    case "keyPair":
    case "wireGuardKey":
      return Object.values(keyPairNames(plan.name));
    case "certificate":
      return Object.values(certificateNames(plan.name));
  }
}

/** The names under which a certificate's two halves are bound. */
export function certificateNames(name: string): { readonly certificate: string; readonly key: string } {
  return { certificate: `${name}.certificate`, key: `${name}.key` };
}

/** The names under which a key pair's two halves are bound. */
export function keyPairNames(name: string): { readonly key: string; readonly public: string } {
  return { key: `${name}.key`, public: `${name}.public` };
}

/** Names of secrets that are a server's own identity have this prefix; no other secret may be in its user data. */
export function identityPrefix(server: string): string {
  return `identity/${server}/`;
}

/** keepalived reads only the first eight characters of a password. */
const VRRP_PASSWORD_LENGTH = 8;

/** The VRRP password of a VIP's holders. */
export function vrrpPassword(vip: string): PasswordPlan {
  return {
    kind: "password",
    name: `vrrp/${vip}`,
    length: VRRP_PASSWORD_LENGTH,
    rotation: {
      kind: "refused",
      why: "holders of a VIP get it one after the other, and meanwhile two of them would take the address",
    },
  };
}

/** What else is planned that secrets follow from. */
export interface SecretSources {
  readonly claims: AllClaims;
  readonly vips: readonly VipPlan[];
  readonly wireguard: WireGuardPlan | undefined;
}

/** Every secret of an environment: its own and those of its parts. A tenant uses its owner's ingress certificate. */
export function secretPlans(
  config: EnvironmentConfig,
  { claims, vips, wireguard }: SecretSources,
): readonly SecretPlan[] {
  const owned = isOwner(config)
    ? [...defaultCertificate(config, claims), ...heketiSecrets(config), ...cephKeys(config)]
    : [];
  return [
    ...owned,
    ...claims.secrets.map((each) => each.secret),
    ...vips.filter(({ holder }) => holder === "keepalived").map(({ key }) => vrrpPassword(key)),
    ...(wireguard === undefined ? [] : [WIREGUARD_KEY]),
  ];
}

function defaultCertificate(config: OwnerConfig, claims: AllClaims): readonly SecretPlan[] {
  switch (config.ingress.certificate) {
    case "selfSigned":
      return [
        { kind: "certificate", ...DEFAULT_CERTIFICATE, hosts: certificateHosts(config, servedHosts(claims)) },
      ];
    case "given":
      return [GIVEN_CERTIFICATE.certificate, GIVEN_CERTIFICATE.key];
    case "issuer":
      return [];
    default:
      return assertNever(config.ingress.certificate);
  }
}

/** The domain, everything one level below it, and the served hosts elsewhere: tenants' too, they share the certificate. */
export function certificateHosts(config: OwnerConfig, served: readonly string[]): readonly string[] {
  const tenantHosts = Object.values(config.tenants).flatMap((tenant) => tenant.hosts);
  const others = [...served, ...tenantHosts].filter((host) => !isCovered(host, config.domain));
  return [config.domain, `*.${config.domain}`, ...[...new Set(others)].sort()];
}

/** A wildcard stands for exactly one label (RFC 6125, section 6.4.3). */
function isCovered(host: string, domain: string): boolean {
  return host === domain || host.slice(host.indexOf(".") + 1) === domain;
}

function heketiSecrets({ storage }: OwnerConfig): readonly SecretPlan[] {
  return usesHeketi(storage.shared) ? Object.values(HEKETI_SECRETS) : [];
}

function cephKeys({ servers }: OwnerConfig): readonly GivenSecretPlan[] {
  const mounts = Object.values(servers.workers).flatMap((pool) => Object.values(pool.mounts));
  const clients = mounts.flatMap((mount) => (mount.kind === "cephfs" ? [mount.client] : []));
  return [...new Set(clients)].map(cephKey);
}
