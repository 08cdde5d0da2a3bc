/** For each key of an environment on an existing cluster a change of it alone. */
import { ownerBase } from "../configs";
import { below, set, type Cases } from "./case";
import { namespaceCases } from "./namespace-cases";

const CLUSTER = { table: "cluster", path: "cluster" };

export const EXISTING_CASES: Cases = {
  "cluster.kind": { change: {}, whole: ownerBase() },
  ...below(CLUSTER, {
    name: "other",
    version: "1.35",
    nodeCidr: "10.21.0.0/24",
    serviceCidr: "10.253.0.0/16",
    "storage.block": "other",
    "storage.shared": "other",
    "ingress.className": "other",
    "ingress.namespace": "other-system",
    "ingress.podLabels": { app: "other" },
    devices: ["example.org/gpu"],
    nodeLabels: [{ name: "worker1" }],
  }),
  "cluster.enforcesPolicies": {
    change: { "cluster.enforcesPolicies": false },
    refused: "cluster.enforcesPolicies: is false, so NetworkPolicies are not enforced",
  },
  ...set("domain", "other.example.org"),
  ...namespaceCases("datalab"),
  ...set("deploy", "applySet"),
  ...set("deployParts", { datalab: "applySet" }),
  "changes.allow": { change: { "changes.allow": [{ resource: "x", change: "restart", to: "l" }] } },
  ...set("acceptedFindings", [{ finding: "setting.inactive", reason: "installed by hand" }]),
};
