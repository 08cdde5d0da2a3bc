/** Everything of an environment that expires: the plan page shows the list, `labstead doctor` reads the actual dates. */
import { X509Certificate } from "node:crypto";
import { assertNever } from "../../errors/assert-never";
import type { OwnerConfig, TenantEnvironmentConfig } from "../config";
import { AUTHORITIES, AUTHORITY_NAMES } from "../cluster-values";
import { KUBERNETES_DAYS, LIFETIMES } from "../lifetimes";
import { secretRotation } from "../rotation";
import { defaultCertificateHalf, INGRESS_CERTIFICATE } from "../secrets";
import { hasRights } from "./people";
import { isNodeRole } from "./rolling";
import { membersOf } from "./slots";
import type { ExpiryPlan, RenewalPlan } from "./types-expiries";
import type { ApplicationCredentialPlan, EnvironmentPlan } from "./types";
import type { SecretPlan } from "./types-secrets";

/** Sources of the list. */
type Planned = Omit<EnvironmentPlan, "expiries">;

/** Renews kubeadm's certificates on each control plane, once a month. */
export const CERTIFICATES_TIMER = "labstead-certificates.timer";
/** On a control plane's node: when the first of its certificates expires, `2027-06-30T00:00:00Z`. */
export const CERTIFICATES_ANNOTATION = "labstead.dev/certificates-end";
/** Annotation of older servers: their script is in user data, which stays as it was when they were created. */
export const FORMER_CERTIFICATES_ANNOTATION = "labstead.io/certificates-end";

/** The timer has missed twice when fewer days are left: two months of at most 31, from the whole life. */
const TIMER_NOTICE = KUBERNETES_DAYS - 62;
/** Nothing renews an authority, so its expiry is reported early: what it signs lasts up to five years. */
const AUTHORITY_NOTICE = LIFETIMES.node.days;
/** Notice in days for manual renewal. */
const HAND_NOTICE = 30;

const SELF_SIGNED = "tls:index/selfSignedCert:SelfSignedCert";
const SIGNED = "tls:index/locallySignedCert:LocallySignedCert";
const CREDENTIAL = "openstack:identity/applicationCredential:ApplicationCredential";
const CERTIFICATE_END = "validityEndTime";

export function ownerExpiries(config: OwnerConfig, plan: Planned): readonly ExpiryPlan[] {
  return [
    ...authorityExpiries(),
    ...accessExpiries(plan),
    ...nodeExpiries(config, plan),
    ...plan.applicationCredentials.map((each) => credentialExpiry(each, plan.environment)),
    ...secretExpiries(plan),
    ...collectorExpiries(config),
    ...packageKeyExpiries(config),
    ...KEYS.map(({ key, what, why }) => endless(key, what, { kind: "hand", how: why })),
  ];
}

export function tenantExpiries({ cluster }: TenantEnvironmentConfig, plan: Planned): readonly ExpiryPlan[] {
  return [
    {
      key: "kubeconfig",
      what: "kubeconfig from the owner",
      lifetime: { kind: "days", days: LIFETIMES.client.days },
      renewal: {
        ...byUp(cluster.owner, LIFETIMES.client.renewalDays),
        then: `labstead up ${plan.environment}`,
      },
      date: { kind: "kubeconfig" },
      noticeDays: LIFETIMES.client.renewalDays,
    },
    ...secretExpiries(plan),
  ];
}

/** Its kubeconfig is renewed by the cluster's administrator. */
export function existingClusterExpiries(plan: Planned): readonly ExpiryPlan[] {
  return [
    {
      key: "kubeconfig",
      what: "kubeconfig of the cluster",
      lifetime: { kind: "given" },
      renewal: { kind: "hand", how: "pulumi config set --secret labstead:kubeconfig" },
      date: { kind: "kubeconfig" },
      noticeDays: HAND_NOTICE,
    },
    ...secretExpiries(plan),
  ];
}

function authorityExpiries(): readonly ExpiryPlan[] {
  return AUTHORITY_NAMES.map((name) => ({
    key: `authority/${name}`,
    what: "authority of the cluster",
    lifetime: { kind: "days", days: LIFETIMES.authority.days },
    renewal: { kind: "hand", how: "all that it signed goes with it: build a new cluster beside this one" },
    date: { kind: "state", type: SELF_SIGNED, name: AUTHORITIES[name].resource, output: CERTIFICATE_END },
    noticeDays: AUTHORITY_NOTICE,
  }));
}

/** Certificates in kubeconfigs. */
function accessExpiries({ environment, tenants, people }: Planned): readonly ExpiryPlan[] {
  const client = (key: string, what: string, date: ExpiryPlan["date"], then?: string): ExpiryPlan => ({
    key,
    what,
    lifetime: { kind: "days", days: LIFETIMES.client.days },
    renewal: { ...byUp(environment, LIFETIMES.client.renewalDays), ...(then === undefined ? {} : { then }) },
    date,
    noticeDays: LIFETIMES.client.renewalDays,
  });
  const withCertificate = people.filter(
    (person) => hasRights(person) && person.kubernetes.identity.kind === "certificate",
  );
  return [
    client("kubeconfig", "the program's own kubeconfig", { kind: "kubeconfig" }),
    ...tenants.map(({ name }) =>
      client(`tenant/${name}`, "kubeconfig of a tenant", signed(`tenant-${name}`), `labstead up ${name}`),
    ),
    ...withCertificate.map(({ name }) => ({
      key: `person/${name}`,
      what: "certificate of a person",
      lifetime: { kind: "days" as const, days: LIFETIMES.person.days },
      renewal: {
        ...byUp(environment, LIFETIMES.person.renewalDays),
        then: `labstead client-config ${name} ${environment}`,
      },
      date: signed(`person-${name}`),
      noticeDays: LIFETIMES.person.renewalDays,
    })),
  ];
}

function nodeExpiries(config: OwnerConfig, { servers }: Planned): readonly ExpiryPlan[] {
  const settings = new Map(membersOf(config).map((member) => [member.key, member.settings]));
  const nodes = servers.filter(({ role }) => isNodeRole(role));
  return [
    ...nodes
      .filter(({ role }) => role === "controlPlane")
      .map((server): ExpiryPlan => ({
        key: `kubeadm/${server.key}`,
        what: "kubeadm's certificates",
        lifetime: { kind: "days", days: KUBERNETES_DAYS },
        renewal: { kind: "timer", unit: CERTIFICATES_TIMER },
        date: {
          kind: "annotation",
          node: server.name,
          annotation: CERTIFICATES_ANNOTATION,
          formerly: FORMER_CERTIFICATES_ANNOTATION,
        },
        noticeDays: TIMER_NOTICE,
      })),
    ...nodes.map((server): ExpiryPlan => ({
      key: `node/${server.key}`,
      what: "certificate that a node joins by",
      lifetime: { kind: "days", days: LIFETIMES.node.days },
      renewal: { kind: "generation", setting: `${settings.get(server.key) ?? server.pool}.generation` },
      date: { kind: "node", name: `node/${server.key}`, server: `server/${server.key}` },
      noticeDays: LIFETIMES.node.renewalDays,
    })),
    {
      key: "kubelets",
      what: "certificate of a kubelet",
      lifetime: { kind: "days", days: KUBERNETES_DAYS },
      renewal: { kind: "itself", by: "the kubelet, before its last tenth" },
      date: { kind: "none" },
      noticeDays: 0,
    },
  ];
}

function credentialExpiry({ key, expiresAt }: ApplicationCredentialPlan, environment: string): ExpiryPlan {
  const what = `credential/${key}`;
  return {
    key: what,
    what: "application credential",
    lifetime: expiresAt === undefined ? { kind: "never" } : { kind: "until", at: expiresAt },
    renewal: { kind: "rotate", environment, what },
    date:
      expiresAt === undefined
        ? { kind: "none" }
        : { kind: "state", type: CREDENTIAL, name: `application-credential/${key}`, output: "expiresAt" },
    noticeDays: HAND_NOTICE,
  };
}

function secretExpiries(plan: Planned): readonly ExpiryPlan[] {
  return plan.secrets.flatMap((each): readonly ExpiryPlan[] => {
    switch (defaultCertificateHalf(each)) {
      case "certificate":
        return [defaultCertificateExpiry(each, plan.environment)];
      case "key":
        return [];
      case undefined:
        return [endless(`secret/${each.name}`, "generated secret", secretRenewal(each, plan.environment))];
    }
  });
}

function defaultCertificateExpiry({ kind }: SecretPlan, environment: string): ExpiryPlan {
  const ours = kind === "certificate";
  const { days, renewalDays } = LIFETIMES.defaultCertificate;
  return {
    key: "secret/ingress.default-certificate",
    what: "certificate of the ingress",
    lifetime: ours ? { kind: "days", days } : { kind: "given" },
    renewal: ours
      ? byUp(environment, renewalDays)
      : {
          kind: "hand",
          how: `pulumi config set --secret for labstead:tlsCertificate and labstead:tlsKey, then labstead up ${environment}`,
        },
    date: { kind: "tlsSecret", ...INGRESS_CERTIFICATE },
    noticeDays: HAND_NOTICE,
  };
}

function secretRenewal(each: SecretPlan, environment: string): RenewalPlan {
  const rotation = secretRotation(each);
  switch (rotation.kind) {
    case "secret":
      return { kind: "rotate", environment, what: rotation.what };
    case "refused":
      return { kind: "hand", how: rotation.why };
    default:
      return assertNever(rotation);
  }
}

/** The authority of the logs' collector, if given: after its expiry no logs are sent. */
function collectorExpiries({ logs }: OwnerConfig): readonly ExpiryPlan[] {
  if (logs.kind === "none" || logs.authority === undefined) return [];
  return [
    {
      key: "logs/authority",
      what: "authority of the logs' collector",
      lifetime: { kind: "until", at: new Date(new X509Certificate(logs.authority).validTo).toISOString() },
      renewal: { kind: "hand", how: "write the new one to logs.authority" },
      date: { kind: "none" },
      noticeDays: HAND_NOTICE,
    },
  ];
}

/**
 * Kubernetes' packages are signed by a key that expires (in 2026-12, when this was written). Docker's does not expire,
 * and the distribution manages its own.
 */
function packageKeyExpiries({ software }: OwnerConfig): readonly ExpiryPlan[] {
  if (software.kind === "baked") return [];
  const given = software.kubernetesKey.kind === "given";
  return [
    {
      key: "software/kubernetes-key",
      what: "key of Kubernetes' packages",
      lifetime: { kind: "given" },
      renewal: {
        kind: "hand",
        how: given
          ? "write the new one to software.kubernetesKey.armored"
          : "its project, under the same fingerprint; new servers fetch it, and what runs is held and needs it no more",
      },
      date: { kind: "none" },
      noticeDays: 0,
    },
  ];
}

/** Keys that never expire and that no command renews. */
const KEYS = [
  {
    key: "key/ssh-host",
    what: "SSH host keys of servers",
    why: "they stand in user data and in clients' known_hosts: replace the server and its key together",
  },
  {
    key: "key/push",
    what: "SSH key of pushed files",
    why: "running servers let in no other: it changes with all servers",
  },
  {
    key: "key/service-accounts",
    what: "key of service accounts' tokens",
    why: "every token of the cluster is signed by it; the tokens themselves are renewed by the kubelets each hour",
  },
  {
    key: "key/encryption",
    what: "key of secrets at rest",
    why: "what is encrypted by it could not be read any more",
  },
] as const;

function endless(key: string, what: string, renewal: RenewalPlan): ExpiryPlan {
  return { key, what, lifetime: { kind: "never" }, renewal, date: { kind: "none" }, noticeDays: 0 };
}

function byUp(environment: string, days: number) {
  return { kind: "up", environment, days } as const;
}

function signed(name: string): ExpiryPlan["date"] {
  return { kind: "state", type: SIGNED, name, output: CERTIFICATE_END };
}
