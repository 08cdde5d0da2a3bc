/** Applications on a cluster that somebody else made. */
import { environments } from "../../catalog";
import { checkNeeds, existingClusterOffer } from "../../environment/checks/cluster-offer";
import { isOnExistingCluster } from "../../environment/config";
import { findingText } from "../../environment/findings";
import { joinClaims, type AllClaims } from "../../environment/parts/claims";
import { lab } from "../../lab";
import { ofKind, specsOf, type Manifest } from "../apps/manifests";
import { changed, environmentOf, stackFiles, type Changes, type Json } from "./configs";

const BASE = environmentOf(stackFiles().get("existing-cluster") ?? {}) as Json;

function configOf(changes: Changes = {}) {
  const parsed = environments.parse("science", changed(BASE, changes));
  if (!parsed.ok) throw new Error(parsed.findings.map(findingText).join("\n"));
  return parsed.config;
}

const made = lab({ config: configOf() });
const manifests = made.deploy.objects.map(({ manifest }) => manifest) as readonly Manifest[];
const errors = (changes: Changes) =>
  environments
    .check(configOf(changes))
    .filter(({ severity }) => severity === "error")
    .map(findingText);

test("there are no servers, no network and nothing of OpenStack", () => {
  expect(made.infra).toEqual([]);
  expect([...made.machines]).toEqual([]);
  expect(made.plan).toMatchObject({ servers: [], ports: [], vips: [], network: { kind: "none" } });
});

test("nothing of the cluster's own is installed: no ingress controller, no classes, no entry", () => {
  expect(made.deploy.charts).toEqual(["cluster-roles", "datalab"]);
  expect(ofKind(manifests, "StorageClass", "IngressClass", "DaemonSet")).toEqual([]);
  expect(JSON.stringify(manifests)).not.toContain("nodePort");
});

test("applications use the classes that the cluster declares", () => {
  expect(specsOf(manifests, "Ingress").map(({ spec }) => spec.ingressClassName)).toEqual(
    Array<string>(3).fill("public"),
  );
  const [claim] = ofKind(manifests, "PersistentVolumeClaim");
  expect(claim?.spec).toMatchObject({ storageClassName: "cinder-default" });
  expect(JSON.stringify(ofKind(manifests, "ConfigMap"))).toContain("manila-nfs");
});

test("policies let the cluster's own ingress controller in, and lead to its API servers", () => {
  const policies = JSON.stringify(ofKind(manifests, "NetworkPolicy"));
  expect(policies).toContain('"kubernetes.io/metadata.name":"ingress-system"');
  expect(policies).toContain('"app.kubernetes.io/component":"controller"');
  expect(policies).not.toContain("ingress-nginx-controller");
  for (const cidr of ["10.20.0.0/24", "10.254.0.0/16"]) expect(policies).toContain(cidr);
});

test("what an application needs and the cluster lacks is said", () => {
  expect(errors({})).toEqual([]);
  expect(errors({ "cluster.enforcesPolicies": false })).toEqual([
    "cluster.enforcesPolicies: is false, so NetworkPolicies are not enforced, and the DataLabs stack relies on them; ask the cluster's administrator for a network plugin that enforces them",
  ]);
  expect(errors({ "apps.datalab.namespace": "kube-system" })).toEqual([
    'apps.datalab.namespace: "kube-system" is shared by the whole cluster; choose a namespace of its own',
  ]);
});

test("labels and devices of its nodes are those that it declares", () => {
  const config = configOf({ "cluster.nodeLabels": [{ name: "worker1", zone: "a" }, { name: "worker2" }] });
  const needs: AllClaims = {
    ...joinClaims([
      { nodes: [{ path: "apps.a.nodes", labels: { name: "worker2", zone: "a" } }] },
      { nodes: [{ path: "apps.b.nodes", labels: { name: "worker1" } }] },
      { devices: [{ path: "apps.b.gpu", resource: "nvidia.com/gpu" }] },
    ]),
    fixedSettings: [],
  };
  if (!isOnExistingCluster(config)) throw new Error("the cluster exists");
  expect(checkNeeds(existingClusterOffer(config), needs).map(findingText)).toEqual([
    "apps.b.gpu: requests nvidia.com/gpu, which is not in cluster.devices; list it there if the cluster's nodes have it, or leave the key out",
    "apps.a.nodes: runs on nodes with name: worker2, zone: a, which no entry of cluster.nodeLabels has; add one if the cluster has such nodes",
  ]);
});

test("addresses, labels and devices are those that a cluster can have", () => {
  expect(errors({ "cluster.serviceCidr": "10.20.0.0/16" })).toEqual([
    'cluster.serviceCidr: "10.20.0.0/16" shares addresses with cluster.nodeCidr, 10.20.0.0/24; copy both from the cluster: its nodes\' network, and --service-cluster-ip-range of its API server',
  ]);
  const wrong = {
    "cluster.nodeCidr": "127.0.0.0/8",
    "cluster.devices": ["gpu"],
    "cluster.ingress.podLabels": { app: "a b" },
  };
  const parsed = environments.parse("science", changed(BASE, wrong));
  expect(parsed.ok ? [] : parsed.findings.map(findingText)).toEqual([
    'cluster.nodeCidr: "127.0.0.0/8" shares addresses with 127.0.0.0/8 (loopback); choose a private network, such as 192.168.3.0/24',
    'cluster.ingress.podLabels.app: "a b" is not a value of a Kubernetes label or taint; use up to 63 letters, digits and the characters _ . -',
    'cluster.devices.0: "gpu" is not the name of a device; write it with its domain, such as nvidia.com/gpu',
  ]);
});

test("keys of servers do not exist there", () => {
  const parsed = environments.parse("science", changed(BASE, { servers: {} }));
  expect(parsed.ok ? [] : parsed.findings.map(findingText)).toEqual([
    "servers: is not a key that exists here; remove it, or use one of cluster, domain, namespaces, apps, deploy, deployParts, changes, acceptedFindings",
  ]);
});
