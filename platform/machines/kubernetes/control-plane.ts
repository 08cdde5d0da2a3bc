/** Files of control planes, all of them pushed: the authorities, the keys, kubeadm's cluster settings. */
import { stringify } from "yaml";
import { AUTHORITY_NAMES, clusterValues } from "../../../environment/cluster-values";
import { mayLabelItself } from "../../../environment/node-labels";
import { sealedFile, type FileConfig } from "../config";
import { initFiles } from "./kubeadm";
import type { Node } from "./node";
import {
  AUDIT_POLICY,
  AUTHORITIES_FOLDER,
  ENCRYPTION,
  CLUSTER_INIT,
  INIT,
  NODE_LABELS,
  SCRIPTS,
} from "./paths";

/** Accepts kubeadm's settings only for the release that is installed on the server. */
const VALIDATE = [`${SCRIPTS}/check-settings.sh`, "{}"];

export function controlPlaneFiles(node: Node): readonly FileConfig[] {
  const { clusterInit, init } = initFiles(node);
  return [
    ...authorityFiles(),
    sealedFile(ENCRYPTION, encryption()),
    sealedFile(AUDIT_POLICY, auditPolicy()),
    sealedFile(NODE_LABELS, nodeLabels(node)),
    sealedFile(CLUSTER_INIT, clusterInit, { validate: VALIDATE }),
    sealedFile(INIT, init, {
      validate: VALIDATE,
      apply: { kind: "restart", unit: "labstead-kubernetes.service" },
    }),
  ];
}

function authorityFiles(): readonly FileConfig[] {
  const authorities = AUTHORITY_NAMES.flatMap((name) => [
    sealedFile(`${AUTHORITIES_FOLDER}/${name}.crt`, clusterValues.certificate(name).toString()),
    sealedFile(`${AUTHORITIES_FOLDER}/${name}.key`, clusterValues.key(name).toString()),
  ]);
  return [
    ...authorities,
    sealedFile(`${AUTHORITIES_FOLDER}/sa.pub`, clusterValues.serviceAccountsPublic.toString()),
    sealedFile(`${AUTHORITIES_FOLDER}/sa.key`, clusterValues.serviceAccountsKey.toString()),
  ];
}

/** The first provider encrypts; `identity` reads data that was written before there was a key. */
function encryption(): string {
  const key = { name: "key1", secret: clusterValues.encryptionKey.base64().toString() };
  return stringify({
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "EncryptionConfiguration",
    resources: [{ resources: ["secrets"], providers: [{ secretbox: { keys: [key] } }, { identity: {} }] }],
  });
}

/**
 * The audit policy: requests without contents of secrets. It omits routine requests of controllers and nodes, and reads
 * of objects without secrets: on a quiet cluster they are nine tenths of the log.
 */
function auditPolicy(): string {
  const level = "Metadata";
  return stringify({
    apiVersion: "audit.k8s.io/v1",
    kind: "Policy",
    omitStages: ["RequestReceived"],
    rules: [
      { level: "None", nonResourceURLs: ["/healthz*", "/livez*", "/readyz*", "/version"] },
      { level: "None", resources: [{ group: "coordination.k8s.io", resources: ["leases"] }] },
      { level: "None", resources: [{ group: "", resources: ["events"] }] },
      { level, resources: [{ group: "", resources: ["secrets", "configmaps", "serviceaccounts/token"] }] },
      { level: "None", userGroups: ["system:nodes"], verbs: ["get", "list", "watch"] },
      { level: "None", users: SYSTEM_READERS, verbs: ["get", "list", "watch"] },
      { level, verbs: ["create", "update", "patch", "delete", "deletecollection"] },
      { level },
    ],
  });
}

const SYSTEM_READERS = ["system:kube-controller-manager", "system:kube-scheduler", "system:apiserver"];

/** Labels that a kubelet may not set on itself, by node: `<node> <key>=<value> …`. */
function nodeLabels({ plan }: Node): string {
  return plan.servers
    .filter(({ role }) => role === "controlPlane" || role === "workers")
    .map(({ name, labels }) => [
      name,
      ...Object.entries(labels)
        .filter(([key]) => !mayLabelItself(key))
        .map(([key, value]) => `${key}=${value}`),
    ])
    .filter((words) => words.length > 1)
    .map((words) => `${words.join(" ")}\n`)
    .join("");
}
