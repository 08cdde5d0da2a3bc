/** The authorities and identities of a test's cluster, and values for everything else that a plan knows by name only. */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { AUTHORITIES, AUTHORITY_NAMES, clusterValues } from "../../../environment/cluster-values";
import type { EnvironmentPlan } from "../../../environment/plan/types";
import { referenceKey, type NamedValue } from "../../../values";
import { Authority } from "../kubernetes/authority";
import { madeUp, type Values } from "../machines/planned-machines";

/** Everything that must never stand in user data, in plain text and in base64. */
export interface Trust {
  readonly values: Values;
  readonly secrets: readonly string[];
  /** An administrator's certificate, signed before there is a cluster. */
  readonly administrator: () => Promise<{
    readonly ca: string;
    readonly certificate: string;
    readonly key: string;
  }>;
}

export async function clusterTrust(plan: EnvironmentPlan): Promise<Trust> {
  const known = new Map<string, string>();
  const bind = (value: NamedValue, text: string): void => {
    if (value.source.kind === "text") throw new Error("only a single name can be bound");
    known.set(referenceKey(value.source), text);
  };
  const secrets: string[] = [];
  const sealed = (value: NamedValue, text: string): void => {
    bind(value, text);
    secrets.push(text);
  };
  const authorities = new Map<string, Authority>();
  for (const name of AUTHORITY_NAMES) {
    const authority = await Authority.create(AUTHORITIES[name].commonName);
    authorities.set(name, authority);
    bind(clusterValues.certificate(name), authority.pem);
    sealed(clusterValues.key(name), authority.key);
  }
  const accounts = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  sealed(clusterValues.serviceAccountsKey, accounts.privateKey);
  bind(clusterValues.serviceAccountsPublic, accounts.publicKey);
  sealed(clusterValues.encryptionKey, randomBytes(16).toString("hex"));
  const cluster = authorities.get("ca");
  if (cluster === undefined) throw new Error("a cluster has an authority");
  for (const { key, name, role } of plan.servers) {
    if (role !== "controlPlane" && role !== "workers") continue;
    const own = await cluster.client({ user: `system:node:${name}`, group: "system:nodes" });
    bind(clusterValues.nodeCertificate(key), own.certificate);
    bind(clusterValues.nodeKey(key), own.key);
  }
  return {
    values: (reference) => known.get(referenceKey(reference)) ?? madeUp(reference),
    secrets,
    administrator: async () => ({
      ca: cluster.pem,
      ...(await cluster.client({ user: "kubernetes-admin", group: "kubeadm:cluster-admins" })),
    }),
  };
}
