/**
 * The cluster's own authority and the kubeconfigs signed by it. They exist before the cluster does, so a kubeconfig
 * is known from the first `up` on, and order comes from the gate, not from the kubeconfig.
 */
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { tenantPrincipal } from "../environment/tenancy";
import { kubeconfigText } from "./kubeconfig";

/** Ten years: an authority outlives the clusters that it signs for. */
const AUTHORITY_HOURS = 10 * 365 * 24;
/** One year, as kubeadm's own client certificates. */
const CLIENT_HOURS = 365 * 24;
/** A client certificate is renewed by the next `up` in its last 60 days. */
const CLIENT_RENEWAL_HOURS = 60 * 24;

export interface ClusterAccess {
  readonly cluster: string;
  /** `https://203.0.113.10:8888` */
  readonly server: pulumi.Input<string>;
  /** Name in the API's certificate. */
  readonly serverName: string;
  /** Way of the connection, for an API that is reached through a tunnel. @default direct */
  readonly proxyUrl?: string;
}

/** Who a client certificate says it is, in Kubernetes' terms. */
export interface ClientIdentity {
  readonly user: string;
  readonly group: string;
}

/** kubeadm's own group of administrators (bound to cluster-admin by kubeadm). */
export const ADMINISTRATOR: ClientIdentity = { user: "kubernetes-admin", group: "kubeadm:cluster-admins" };

/** What a tenant is to the cluster: its rights hang on the group. */
export function tenantIdentity(tenant: string): ClientIdentity {
  const principal = tenantPrincipal(tenant);
  return { user: principal, group: principal };
}

/** The certificate authority of one cluster, protected: with it the cluster's trust would be lost. */
export class ClusterTrust extends pulumi.ComponentResource {
  private readonly key: tls.PrivateKey;
  private readonly authority: tls.SelfSignedCert;

  constructor(
    private readonly access: ClusterAccess,
    options: pulumi.ComponentResourceOptions = {},
  ) {
    super("labstead:deploy:ClusterTrust", access.cluster, {}, options);
    const protectedChild = { parent: this, protect: true };
    this.key = new tls.PrivateKey("cluster-ca", { algorithm: "ECDSA", ecdsaCurve: "P256" }, protectedChild);
    this.authority = new tls.SelfSignedCert(
      "cluster-ca",
      {
        privateKeyPem: this.key.privateKeyPem,
        isCaCertificate: true,
        allowedUses: ["cert_signing", "crl_signing", "digital_signature", "key_encipherment"],
        subject: { commonName: "kubernetes" },
        validityPeriodHours: AUTHORITY_HOURS,
      },
      protectedChild,
    );
  }

  /** A kubeconfig for one identity, secret. */
  kubeconfig(name: string, identity: ClientIdentity): pulumi.Output<string> {
    const client = this.client(name, identity);
    const { access, authority } = this;
    return pulumi.secret(
      pulumi
        .all([access.server, authority.certPem, client.certificate, client.key])
        .apply(([server, ca, certificate, key]) =>
          kubeconfigText({ ...access, server, user: identity.user, ca, certificate, key }),
        ),
    );
  }

  private client(
    name: string,
    { user, group }: ClientIdentity,
  ): { certificate: pulumi.Output<string>; key: pulumi.Output<string> } {
    const parent = { parent: this };
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
        caPrivateKeyPem: this.key.privateKeyPem,
        caCertPem: this.authority.certPem,
        allowedUses: ["digital_signature", "key_encipherment", "client_auth"],
        validityPeriodHours: CLIENT_HOURS,
        earlyRenewalHours: CLIENT_RENEWAL_HOURS,
      },
      parent,
    );
    return { certificate: signed.certPem, key: key.privateKeyPem };
  }
}
