/**
 * The cluster's own authorities, and what they sign: kubeconfigs, and each node's identity. They exist before the
 * cluster does, so a kubeconfig is known from the first `up` on. The gate determines the order, not the kubeconfig.
 */
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";
import { AUTHORITIES, AUTHORITY_NAMES, clusterValues, type Authority } from "../environment/cluster-values";
import { LIFETIMES, type Lifetime } from "../environment/lifetimes";
import { PEOPLE_GROUP, personPrincipal } from "../environment/people";
import { tenantPrincipal } from "../environment/tenancy";
import { referenceKey, type NamedValue } from "../values";
import { kubeconfigText, signInKubeconfigText } from "./kubeconfig";
import { kubelogin, type IdentityProvider } from "./kubelogin";

/** Hours of a day, the unit of the certificate resources. */
const HOURS = 24;

export interface ClusterAccess {
  readonly cluster: string;
  /** `https://203.0.113.10:8888` */
  readonly server: pulumi.Input<string>;
  /** Name in the API's certificate. */
  readonly serverName: string;
  /** Proxy of the connection, for an API behind a tunnel. @default direct */
  readonly proxyUrl?: string;
}

/** Subject of a client certificate, in Kubernetes' terms. */
export interface ClientIdentity {
  readonly user: string;
  readonly group: string;
}

/** kubeadm's own group of administrators (bound to cluster-admin by kubeadm). */
export const ADMINISTRATOR: ClientIdentity = { user: "kubernetes-admin", group: "kubeadm:cluster-admins" };

/** A person: authenticated by the certificate, authorized by role bindings. */
function personIdentity(name: string): ClientIdentity {
  return { user: personPrincipal(name), group: PEOPLE_GROUP };
}

/** Identity of a tenant: its rights are bound to the group. */
export function tenantIdentity(tenant: string): ClientIdentity {
  const principal = tenantPrincipal(tenant);
  return { user: principal, group: principal };
}

/** A server that becomes a node of the cluster. */
export interface NodeIdentity {
  /** Key of the server in the plan. */
  readonly key: string;
  /** Name of the server, and of its node. */
  readonly name: string;
}

interface SigningPair {
  readonly key: tls.PrivateKey;
  readonly certificate: tls.SelfSignedCert;
}

interface SignedClient {
  readonly certificate: pulumi.Output<string>;
  readonly key: pulumi.Output<string>;
}

/**
 * The authorities of one cluster and the keys of its service accounts and secrets. They are protected: losing them
 * would lose the cluster's trust, or its encrypted data.
 */
export class ClusterTrust extends pulumi.ComponentResource {
  private readonly authorities: ReadonlyMap<Authority, SigningPair>;
  private readonly serviceAccounts: tls.PrivateKey;
  private readonly encryptionKey: random.RandomPassword;

  constructor(cluster: string, options: pulumi.ComponentResourceOptions = {}) {
    // The type is part of URNs, so it keeps the name of its former room.
    super("labstead:deploy:ClusterTrust", cluster, {}, options);
    const protectedChild = { parent: this, protect: true };
    this.authorities = new Map(AUTHORITY_NAMES.map((name) => [name, authority(name, protectedChild)]));
    // RSA, as kubeadm's own: some clients of service account tokens support nothing else.
    this.serviceAccounts = new tls.PrivateKey(
      "service-accounts",
      { algorithm: "RSA", rsaBits: 2048 },
      protectedChild,
    );
    // 32 characters are the 32 bytes that secretbox requires.
    this.encryptionKey = new random.RandomPassword(
      "encryption-key",
      { length: 32, special: false },
      protectedChild,
    );
  }

  /** A kubeconfig for one identity, secret. */
  kubeconfig(name: string, identity: ClientIdentity, access: ClusterAccess): pulumi.Output<string> {
    return this.signed(this.client(name, identity, LIFETIMES.client), identity, access);
  }

  /** A person's own, secret; its certificate is short-lived. */
  personKubeconfig(name: string, access: ClusterAccess): pulumi.Output<string> {
    const identity = personIdentity(name);
    return this.signed(this.client(`person-${name}`, identity, LIFETIMES.person), identity, access);
  }

  /** For people who sign in at an identity provider: contains no secret. @param user name in the file only */
  oidcKubeconfig(user: string, provider: IdentityProvider, access: ClusterAccess): pulumi.Output<string> {
    return pulumi
      .all([access.server, this.pair("ca").certificate.certPem])
      .apply(([server, ca]) => signInKubeconfigText({ ...access, server, user, ca }, kubelogin(provider)));
  }

  private signed(
    client: SignedClient,
    { user }: ClientIdentity,
    access: ClusterAccess,
  ): pulumi.Output<string> {
    return pulumi.secret(
      pulumi
        .all([access.server, this.pair("ca").certificate.certPem, client.certificate, client.key])
        .apply(([server, ca, certificate, key]) =>
          kubeconfigText({ ...access, server, user, ca, certificate, key }),
        ),
    );
  }

  /** Values for machine files, by `referenceKey`: the authorities' keys and certificates, an identity for each node. */
  values(nodes: readonly NodeIdentity[]): ReadonlyMap<string, pulumi.Output<string>> {
    return new Map([
      ...AUTHORITY_NAMES.flatMap((name) => this.authorityValues(name)),
      bound(clusterValues.serviceAccountsPublic, this.serviceAccounts.publicKeyPem),
      bound(clusterValues.serviceAccountsKey, pulumi.secret(this.serviceAccounts.privateKeyPem)),
      bound(clusterValues.encryptionKey, pulumi.secret(this.encryptionKey.result)),
      ...nodes.flatMap((node) => this.nodeValues(node)),
    ]);
  }

  private authorityValues(name: Authority): readonly BoundValue[] {
    const { certificate, key } = this.pair(name);
    return [
      bound(clusterValues.certificate(name), certificate.certPem),
      bound(clusterValues.key(name), pulumi.secret(key.privateKeyPem)),
    ];
  }

  /** Identity of a kubelet before it has its own certificate (Kubernetes' Node authorizer). */
  private nodeValues({ key, name }: NodeIdentity): readonly BoundValue[] {
    const identity = { user: `system:node:${name}`, group: "system:nodes" };
    const client = this.client(`node/${key}`, identity, LIFETIMES.node);
    return [
      bound(clusterValues.nodeCertificate(key), pulumi.secret(client.certificate)),
      bound(clusterValues.nodeKey(key), pulumi.secret(client.key)),
    ];
  }

  private pair(name: Authority): SigningPair {
    const pair = this.authorities.get(name);
    if (pair === undefined) throw new Error(`the cluster has no authority ${name}`);
    return pair;
  }

  private client(name: string, { user, group }: ClientIdentity, life: Required<Lifetime>): SignedClient {
    const parent = { parent: this };
    const signer = this.pair("ca");
    const key = new tls.PrivateKey(name, { algorithm: "ECDSA", ecdsaCurve: "P256" }, parent);
    const request = new tls.CertRequest(
      name,
      { privateKeyPem: key.privateKeyPem, subject: { commonName: user, organization: group } },
      parent,
    );
    const signed = new tls.LocallySignedCert(
      name,
      {
        certRequestPem: request.certRequestPem,
        caPrivateKeyPem: signer.key.privateKeyPem,
        caCertPem: signer.certificate.certPem,
        allowedUses: ["digital_signature", "key_encipherment", "client_auth"],
        validityPeriodHours: life.days * HOURS,
        earlyRenewalHours: life.renewalDays * HOURS,
      },
      parent,
    );
    return { certificate: signed.certPem, key: key.privateKeyPem };
  }
}

function authority(name: Authority, options: pulumi.CustomResourceOptions): SigningPair {
  const { commonName, resource } = AUTHORITIES[name];
  const key = new tls.PrivateKey(resource, { algorithm: "ECDSA", ecdsaCurve: "P256" }, options);
  const certificate = new tls.SelfSignedCert(
    resource,
    {
      privateKeyPem: key.privateKeyPem,
      isCaCertificate: true,
      allowedUses: ["cert_signing", "crl_signing", "digital_signature", "key_encipherment"],
      subject: { commonName },
      validityPeriodHours: LIFETIMES.authority.days * HOURS,
    },
    options,
  );
  return { key, certificate };
}

type BoundValue = readonly [string, pulumi.Output<string>];

function bound(value: NamedValue, output: pulumi.Output<string>): BoundValue {
  if (value.source.kind === "text") throw new Error("only a single name can be bound");
  return [referenceKey(value.source), output];
}
