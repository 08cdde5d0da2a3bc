/** The cluster's own charts: what the owner makes, and what a tenant does. */
import { App } from "cdk8s";
import { CATALOG, environments } from "../../../catalog";
import { isOwner } from "../../../environment/config";
import { planCharts } from "../../../deploy/plan";
import { BlockStorageChart } from "../../../platform/cluster/block-storage/chart";
import { IngressChart } from "../../../platform/cluster/ingress/chart";
import { IngressNginxChart } from "../../../platform/cluster/ingress-nginx/chart";
import { TenantsChart } from "../../../platform/cluster/tenants/chart";
import { chartsOf, containersOf, ofKind, planned, render, renderChart, specsOf } from "../../apps/manifests";
import { outline } from "../../apps/outline";

const prod = render("prod");

test.each(["ingress", "ingress-nginx", "ingress-entry", "storage", "cluster-roles", "tenants"])(
  "prod's %s as it stands",
  (name) => {
    const chart = prod.charts.find((each) => each.name === name);
    expect(chart?.manifests.length).toBeGreaterThan(0);
    expect(outline(chart?.manifests ?? [])).toMatchSnapshot();
  },
);

test("a tenant makes nothing but its entry to the shared controller", () => {
  const charts = chartsOf(planned("test"))
    .map(renderChart)
    .filter(({ name }) => name !== "datalab");
  expect(charts.map(({ name }) => name)).toEqual(["ingress-entry"]);
  expect(outline(charts[0]?.manifests ?? [])).toMatchSnapshot();
});

test("a tenant of a cluster without admission policies makes nothing: its owner makes namespaces and entry", () => {
  const owner = planned("prod").config;
  if (!isOwner(owner)) throw new Error("prod owns its cluster");
  const legacy = { ...owner, cluster: { ...owner.cluster, version: "1.25" as const } };
  const { parts } = environments.plan(planned("test").config, legacy);
  expect(Object.keys(parts)).toEqual(["datalab"]);
  const { tenants, environment } = planned("prod").plan;
  const props = { environment, tenants, version: "1.25" };
  const { manifests } = renderChart(new TenantsChart(new App(), "tenants", props));
  const made = manifests.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ""}/${metadata.name}`);
  expect(made).toEqual([
    "ClusterRole /labstead-tenant-namespace",
    "ClusterRole /labstead-tenant-test",
    "ClusterRoleBinding /labstead-tenant-test",
    "Namespace /testlab",
    "RoleBinding testlab/labstead-tenant-namespace",
    "Service kube-system/ingress-nginx-test",
  ]);
  expect(specsOf(manifests, "Service")[0]?.spec.ports.map((port) => port.nodePort)).toEqual([31080, 31443]);
});

test("a tenant's rights come after the policy that holds them, and go before it", () => {
  const app = new App();
  const { tenants, environment } = planned("prod").plan;
  new TenantsChart(app, "tenants", { environment, tenants, version: "1.36" });
  const { objects } = planCharts(app);
  const policy = "admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding labstead-tenant-test";
  const rights = objects.filter(
    ({ identity }) => identity.startsWith("rbac.") && identity.endsWith("labstead-tenant-test"),
  );
  expect(rights).toHaveLength(4);
  for (const { dependsOn } of rights) expect(dependsOn).toEqual([policy]);
});

test("charts stand side by side: none inside another", () => {
  const app = new App();
  CATALOG.render(app, planned("prod").parts);
  expect(app.charts.length).toBeGreaterThan(5);
  for (const chart of app.charts) expect(chart.node.scope).toBe(app);
});

test("the entry opens both NodePorts on every worker", () => {
  const [entry] = prod.manifests.filter(({ metadata }) => metadata.name === "ingress-nginx-prod");
  expect(entry?.spec).toMatchObject({
    type: "NodePort",
    externalTrafficPolicy: "Cluster",
    ports: [
      { name: "http", port: 80, targetPort: 80, nodePort: 30080 },
      { name: "https", port: 443, targetPort: 443, nodePort: 30443 },
    ],
  });
});

describe("ingress-nginx", () => {
  const chart = new IngressNginxChart(new App(), "ingress-nginx", { environment: "prod" });
  const { manifests } = renderChart(chart);
  const shared = renderChart(new IngressChart(new App(), "ingress", { environment: "prod" })).manifests;
  const controller = manifests.find(
    ({ metadata, kind }) => kind === "Deployment" && metadata.name === "ingress-nginx-controller",
  );
  const args = controller === undefined ? [] : (containersOf(controller)[0]?.args ?? []);
  const flag = (name: string): string | undefined =>
    args
      .find((arg) => arg.startsWith(`--${name}=`))
      ?.slice(name.length + 3)
      .replace("$(POD_NAMESPACE)/", "");

  test("learns of objects that exist", () => {
    const names = (kind: string): string[] => ofKind(manifests, kind).map(({ metadata }) => metadata.name);
    expect(names("ConfigMap")).toContain(flag("configmap"));
    expect(names("Service")).toContain(flag("default-backend-service"));
    const all = (kind: string): string[] => ofKind(shared, kind).map(({ metadata }) => metadata.name);
    expect(all("Secret")).toContain(flag("default-ssl-certificate"));
    expect(all("IngressClass")).toContain(flag("ingress-class"));
    expect(specsOf(shared, "IngressClass")[0]?.spec.controller).toBe(flag("controller-class"));
  });

  test("may use the lease it elects by, read what it serves and write what it reports", () => {
    const rules = ofKind(manifests, "Role", "ClusterRole").flatMap((role) => role.rules ?? []);
    const may = (verb: string, group: string, resource: string): boolean =>
      rules.some(
        ({ verbs, apiGroups = [], resources = [] }) =>
          verbs.includes(verb) && apiGroups.includes(group) && resources.includes(resource),
      );
    const lease = rules.find(({ resourceNames }) => resourceNames !== undefined);
    expect(lease?.resourceNames).toEqual([flag("election-id")]);
    expect(may("create", "coordination.k8s.io", "leases")).toBe(true);
    for (const verb of ["get", "list", "watch"]) {
      expect(may(verb, "networking.k8s.io", "ingresses")).toBe(true);
      expect(may(verb, "networking.k8s.io", "ingressclasses")).toBe(true);
      expect(may(verb, "discovery.k8s.io", "endpointslices")).toBe(true);
      expect(may(verb, "", "services")).toBe(true);
    }
    expect(may("update", "networking.k8s.io", "ingresses/status")).toBe(true);
    expect(may("create", "", "events")).toBe(true);
    expect(may("update", "", "secrets")).toBe(false);
  });

  test("lists its exceptions with their reason", () => {
    expect([...chart.controller.exceptions, ...chart.backend.exceptions]).toEqual([
      {
        workload: "ingress-nginx-controller",
        container: "controller",
        kind: "security",
        text: "netBindService, writableRootFilesystem: nginx carries the file capability to listen on 80 and 443, and writes its configuration beside the image's own files",
      },
    ]);
    expect(chart.controller.securityLevel).toBe("restricted");
  });

  test("keeps the certificate in a Secret of its type", () => {
    expect(ofKind(shared, "Secret")[0]).toMatchObject({
      metadata: { name: "tls-secret", namespace: "kube-system" },
      type: "kubernetes.io/tls",
      stringData: {
        "tls.crt": "((labstead:secret:ingress.default-certificate.certificate))",
        "tls.key": "((labstead:secret:ingress.default-certificate.key))",
      },
    });
  });
});

test("the block class is Cinder's, grows, and waits for the node; a volume type and a policy where they are set", () => {
  const make = (more: { volumeType?: string; reclaimPolicy?: "Retain" } = {}): unknown =>
    renderChart(
      new BlockStorageChart(new App(), "storage", {
        environment: "prod",
        block: { className: "bds1", ...more },
      }),
    ).manifests[0];
  const common = {
    metadata: { name: "bds1" },
    provisioner: "cinder.csi.openstack.org",
    allowVolumeExpansion: true,
    volumeBindingMode: "WaitForFirstConsumer",
  };
  expect(make()).toMatchObject({ ...common, reclaimPolicy: "Delete" });
  expect(make()).not.toHaveProperty("parameters");
  expect(make({ volumeType: "ssd" })).toMatchObject({ ...common, parameters: { type: "ssd" } });
  expect(make({ reclaimPolicy: "Retain" })).toMatchObject({ ...common, reclaimPolicy: "Retain" });
});

test("the infrastructure API's role names 15 resources, each with the seven verbs, and looks at its namespace", () => {
  const role = prod.manifests.find(({ metadata }) => metadata.name === "infrastructure-namespace-role");
  const [namespace, ...rules] = role?.rules ?? [];
  expect(namespace).toEqual({ apiGroups: [""], resources: ["namespaces"], verbs: ["get"] });
  const resources = rules.flatMap((rule) => rule.resources ?? []);
  expect(resources).toHaveLength(15);
  expect(new Set(resources).size).toBe(15);
  for (const { verbs } of rules) {
    expect([...verbs].sort()).toEqual(["create", "delete", "get", "list", "patch", "update", "watch"]);
  }
});
