/**
 * Names of a cluster's trust: its authorities, their keys, and each node's own identity. Certificates and public keys
 * are not secrets and may be in user data; private keys are, and only a node's own may be there.
 */
import { identityPrefix } from "./secrets";
import { output, secret, type NamedValue } from "../values";

/** kubeadm's authorities, by the path of their certificate below `pki/`; `resource` is the name in the stack's state. */
export const AUTHORITIES = {
  ca: { commonName: "kubernetes", resource: "cluster-ca" },
  "etcd/ca": { commonName: "etcd-ca", resource: "etcd-ca" },
  "front-proxy-ca": { commonName: "front-proxy-ca", resource: "front-proxy-ca" },
} as const;
export type Authority = keyof typeof AUTHORITIES;

/** In the order of their creation. */
export const AUTHORITY_NAMES = Object.keys(AUTHORITIES) as readonly Authority[];

export const clusterValues = {
  certificate: (authority: Authority): NamedValue => output(`kubernetes/${authority}.certificate`),
  key: (authority: Authority): NamedValue => secret(`kubernetes/${authority}.key`),
  serviceAccountsKey: secret("kubernetes/service-accounts.key"),
  serviceAccountsPublic: output("kubernetes/service-accounts.public"),
  /** 32 characters: the key of `secretbox` before its base64. */
  encryptionKey: secret("kubernetes/encryption-key"),
  /** A server's own client certificate, by the server's key in the plan. */
  nodeCertificate: (server: string): NamedValue => secret(`${identityPrefix(server)}kubernetes.certificate`),
  nodeKey: (server: string): NamedValue => secret(`${identityPrefix(server)}kubernetes.key`),
} as const;
