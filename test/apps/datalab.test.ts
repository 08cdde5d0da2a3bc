/** The DataLabs chart: what it renders, and what its configuration changes. */
import { ApiObject, App } from "cdk8s";
import type { Size } from "../../environment/plan/types";
import { DEFAULT_NAMESPACE_LIMITS } from "../../environment/schema/namespaces";
import { DatalabChart, datalabImages, DEFAULT_QUOTA, type DatalabProps } from "../../apps";
import { environments } from "../../catalog";
import { isOwner } from "../../environment/config";
import { findingText } from "../../environment/findings";
import { imageText } from "../../environment/parts/images";
import { objectOptions } from "../../deploy/object-options";
import { planCharts, type DeployPlan } from "../../deploy/plan";
import {
  COMPONENT_NAMESPACES,
  containersOf,
  ofKind,
  planned,
  podOf,
  render,
  renderChart,
  specsOf,
  workloadOf,
  workloads,
  type Manifest,
} from "./manifests";
import { outline, outlineDifference } from "./outline";

function propsOf(stack: "prod" | "test"): DatalabProps {
  return planned(stack).parts["datalab"] as DatalabProps;
}

function rendered(props: DatalabProps): readonly Manifest[] {
  return renderChart(new DatalabChart(new App(), "datalab", props)).manifests;
}

function config(manifests: readonly Manifest[], name: string, key = "config"): Record<string, unknown> {
  const found = ofKind(manifests, "ConfigMap").find(({ metadata }) => metadata.name === name);
  return JSON.parse(found?.data?.[key] ?? "null") as Record<string, unknown>;
}

function outlineOf(stack: "prod" | "test"): string {
  return outline(render(stack).charts.find(({ name }) => name === "datalab")?.manifests ?? []);
}

test("the objects of prod", () => {
  expect(outlineOf("prod")).toMatchSnapshot();
});

test("what test has in place of prod's", () => {
  const ownNames = outlineOf("test").replaceAll("testlab", "datalab");
  expect(outlineDifference(outlineOf("prod"), ownNames)).toMatchSnapshot();
});

test("an environment without DataLabs has no charts", () => {
  const { config: prod } = planned("prod");
  const names = Object.keys(environments.plan({ ...prod, apps: {} }).parts);
  expect(names).toContain("ingress-nginx");
  expect(names).not.toContain("datalab");
});

test("the deployments have the images, ports and Services of the original", () => {
  const { manifests } = render("prod");
  const images = workloads(manifests)
    .filter(({ metadata }) => metadata.namespace === "datalab")
    .flatMap(containersOf)
    .map(({ name, image }) => `${name} ${image.split(":")[0]}`);
  expect(images.sort()).toEqual([
    "datalab-api nerc/datalab-api",
    "datalab-app nerc/datalab-app",
    "datalab-auth nerc/authorisation-svc",
    "docs nerc/docs",
    "infrastructure-api nerc/infrastructure-api",
    "infrastructure-watcher nerc/infrastructure-api",
    "kubectl nerc/kubectl",
    "mongodb mongo",
  ]);
  const services = specsOf(manifests, "Service")
    .filter(({ metadata }) => metadata.namespace === "datalab")
    .map(({ metadata, spec }) => `${metadata.name} ${spec.ports[0].port} → ${spec.ports[0].targetPort}`);
  expect(services.sort()).toEqual([
    "datalab-api-service 8000 → 8000",
    "datalab-app-service 80 → 80",
    "datalab-auth-service 80 → 9000",
    "docs-service 80 → 80",
    "infrastructure-api-service 8000 → 8000",
    "mongo-service 27017 → 27017",
  ]);
});

test("each host and path leads to its service", () => {
  const routes = specsOf(render("prod").manifests, "Ingress").flatMap(({ spec }) =>
    spec.rules.flatMap(({ host, http }) =>
      http.paths.map(({ path, backend }) => `${host}${path} → ${backend.service.name}`),
    ),
  );
  expect(routes.sort()).toEqual([
    "catalogue.lab.example.org/ → datalab-app-service",
    "datalabs-docs.lab.example.org/ → docs-service",
    "datalabs.lab.example.org/ → datalab-app-service",
    "datalabs.lab.example.org/api → datalab-api-service",
  ]);
});

test("replicas follow the environment: two in prod, one in test", () => {
  const replicas = (stack: "prod" | "test"): Record<string, number> =>
    Object.fromEntries(
      workloads(render(stack).manifests)
        .filter(
          ({ metadata: { namespace } }) =>
            namespace !== "kube-system" && !COMPONENT_NAMESPACES.has(namespace),
        )
        .map((each) => [each.metadata.name, workloadOf(each).replicas]),
    );
  const single = { "datalab-auth": 1, docs: 1, mongodb: 1 };
  expect(replicas("prod")).toEqual({
    ...single,
    "datalab-app": 2,
    "datalab-api": 2,
    "infrastructure-api": 2,
  });
  expect(replicas("test")).toEqual({
    ...single,
    "datalab-app": 1,
    "datalab-api": 1,
    "infrastructure-api": 1,
  });
});

test("the infrastructure API has rights in its own namespace, and none for the cluster but to ask for its health", () => {
  const bindings = (stack: "prod" | "test"): string[] =>
    ofKind(render(stack).manifests, "RoleBinding", "ClusterRoleBinding")
      .filter(({ metadata }) => metadata.name.startsWith("infrastructure"))
      .map(
        ({ kind, metadata, roleRef }) =>
          `${kind} ${metadata.namespace ?? "-"}/${metadata.name} → ${roleRef?.name}`,
      );
  expect(bindings("prod")).toEqual([
    "RoleBinding datalab/infrastructure-management → infrastructure-namespace-role",
    "ClusterRoleBinding -/infrastructure-management-health-datalab → health-check-role",
  ]);
  expect(bindings("test")).toEqual([
    "RoleBinding testlab/infrastructure-management → infrastructure-namespace-role",
  ]);
});

test("a project that is listed has two namespaces, which stay with their data, and the infrastructure API has rights there", () => {
  const projects = { soil: { namespaces: "made" }, old: { namespaces: "existing" } } as const;
  const app = new App();
  new DatalabChart(app, "datalab", { ...propsOf("prod"), projects });
  const plan = planCharts(app);
  const made = plan.objects.filter(({ manifest }) => manifest.kind === "Namespace");
  expect(made.map(({ manifest, options }) => [manifest.metadata.name, options.retainOnDelete])).toEqual([
    ["datalab", false],
    ["soil", true],
    ["soil-compute", true],
  ]);
  expect(made[1]?.manifest.metadata["labels"]).toMatchObject({
    name: "soil",
    managedBy: "datalabs",
    "pod-security.kubernetes.io/enforce": "baseline",
  });
  const bindings = plan.objects.filter(({ manifest }) => manifest.kind === "RoleBinding");
  expect(bindings.map(({ manifest: { metadata } }) => metadata.namespace)).toEqual(
    expect.arrayContaining(["datalab", "soil", "soil-compute", "old", "old-compute"]),
  );
});

test("a tenant makes its namespace, lets itself in, and only then anything inside", () => {
  const planOf = (tenancy: DatalabProps["tenancy"]): DeployPlan => {
    const app = new App();
    new DatalabChart(app, "datalab", { ...propsOf("test"), tenancy });
    return planCharts(app);
  };
  const namespace = "Namespace testlab";
  const entrance = "rbac.authorization.k8s.io/RoleBinding testlab/labstead-tenant-namespace";
  const [first, second, ...inside] = planOf({ kind: "guarded", tenant: "test" }).objects;
  expect([first?.identity, second?.identity]).toEqual([namespace, entrance]);
  expect(second?.dependsOn).toEqual([namespace]);
  const entered = new Set([entrance]);
  for (const { identity, dependsOn } of inside) {
    expect([identity, dependsOn.some((earlier) => entered.has(earlier))]).toEqual([identity, true]);
    entered.add(identity);
  }
  const prepared = planOf({ kind: "prepared", tenant: "test" }).objects.map(({ identity }) => identity);
  expect(prepared).toEqual(inside.map(({ identity }) => identity));
});

test("the database's claim is protected, and nothing else is", () => {
  const chart = new DatalabChart(new App(), "datalab", propsOf("prod"));
  const guarded = chart.node
    .findAll()
    .filter((construct): construct is ApiObject => construct instanceof ApiObject)
    .filter((object) => objectOptions(object).protect === true);
  expect(guarded.map(({ kind, name }) => `${kind} ${name}`)).toEqual(["PersistentVolumeClaim mongodb-data"]);
});

test("size and class of the database come from the configuration", () => {
  const props = propsOf("prod");
  const claim = (database: DatalabProps["database"]): unknown =>
    ofKind(rendered({ ...props, database }), "PersistentVolumeClaim")[0]?.spec;
  expect(claim({ size: "2Ti", storageClass: "fast" })).toMatchObject({
    resources: { requests: { storage: "2048Gi" } },
    storageClassName: "fast",
    accessModes: ["ReadWriteOnce"],
  });
});

test("a tenant's database lies in the block class that its cluster's owner makes", () => {
  const { config: prod } = planned("prod");
  if (!isOwner(prod)) throw new Error("prod owns its cluster");
  const renamed = {
    ...prod,
    storage: { ...prod.storage, block: { ...prod.storage.block, className: "bds1" } },
  };
  const { parts } = environments.plan(planned("test").config, renamed);
  expect((parts["datalab"] as DatalabProps).database.storageClass).toBe("bds1");
  expect(propsOf("test").database.storageClass).toBe("csi-sc-cinderplugin");
});

test("another tag changes one component", () => {
  expect(imageText(datalabImages({ docs: "1.2.3" }).docs)).toBe("nerc/docs:1.2.3");
  expect(datalabImages({ docs: "1.2.3" }).app).toEqual(datalabImages().app);
});

test("a change of a configuration file rolls the pods that read it, and no others", () => {
  const props = propsOf("prod");
  const checksums = (from: DatalabProps): Record<string, string | undefined> =>
    Object.fromEntries(
      workloads(rendered(from)).map((each) => [
        each.metadata.name,
        podOf(each).metadata.annotations?.["labstead.dev/config-checksum"],
      ]),
    );
  const before = checksums(props);
  const after = checksums({ ...props, auth: { ...props.auth, clientId: "another" } });
  const changed = Object.keys(before).filter((name) => before[name] !== after[name]);
  expect(changed).toEqual(["datalab-app"]);
  expect(before["datalab-api"]).toMatch(/^[0-9a-f]{64}$/);
  expect(before["docs"]).toBeUndefined();
});

test("people sign in at the environment's provider and come back to its host", () => {
  const manifests = rendered(propsOf("test"));
  expect(config(manifests, "oidc-config")).toMatchObject({
    oidc: {
      userManager: {
        authority: "https://datalabs-test.eu.auth0.com",
        redirect_uri: "https://test-datalabs.lab.example.org/callback",
        metadata: { issuer: "https://datalabs-test.eu.auth0.com/" },
      },
    },
  });
  expect(Object.keys(config(manifests, "datalab-auth-config", "permissions"))).toContain("projectRoles");
});

test("users are offered the cluster's shared class, in prod and to its tenants", () => {
  for (const { storage } of [propsOf("prod"), propsOf("test")])
    expect(storage).toMatchObject([{ key: "GLUSTERFS", storageClass: "glusterfs-storage" }]);
});

test("users are offered the storage classes that are given, the first as the default", () => {
  const props = propsOf("prod");
  const nfs = { key: "NFS", label: "NFS", description: "Shared files.", storageClass: "shared" };
  const offered = (storage: DatalabProps["storage"]): unknown =>
    config(rendered({ ...props, storage }), "storage-config");
  expect(offered([nfs])).toMatchObject({
    types: { NFS: { storageClass: "shared" } },
    creationOptions: { allowedTypes: ["NFS"], defaultType: "NFS" },
  });
  expect(offered([])).toEqual({
    types: {},
    creationOptions: { allowedTypes: [], defaultType: "" },
  });
});

test("users' images stand at fixed tags", () => {
  const manifests = rendered(propsOf("prod"));
  const images = JSON.stringify(config(manifests, "image-config")).match(/"(connectI|i)mage":"[^"]*"/g) ?? [];
  expect(images.length).toBeGreaterThan(15);
  for (const image of images) expect(image).toMatch(/:"[a-z0-9/-]+:(?!latest)[A-Za-z0-9._-]+"$/);
});

test("what departs from the rules is listed with its reason", () => {
  const { exceptions } = new DatalabChart(new App(), "datalab", propsOf("prod"));
  expect(exceptions).toEqual([
    {
      workload: "infrastructure-api",
      container: "infrastructure-watcher",
      kind: "probes",
      text: "it listens on no port and ends itself when it fails, which restarts it",
    },
  ]);
});

test("many replicas make the quota grow, few leave it as it is", () => {
  const props = propsOf("prod");
  const quota = (count: number): DatalabChart["labNamespace"]["quota"] =>
    new DatalabChart(new App(), "datalab", {
      ...props,
      replicas: { app: count, api: count, infrastructureApi: count },
    }).labNamespace.quota;
  expect(quota(1).limits).toEqual(DEFAULT_QUOTA.limits);
  expect(quota(20)).toEqual({
    ...DEFAULT_QUOTA,
    pods: 68,
    requests: { cpuMillis: 5000, memoryMiB: 12 * 1024, ephemeralMiB: 34 * 1024 },
    limits: { cpuMillis: 49000, memoryMiB: 48 * 1024, ephemeralMiB: 544 * 1024 },
  });
});

test("a large database makes the quota of claims grow", () => {
  const props = propsOf("prod");
  const quota = (size: Size): DatalabChart["labNamespace"]["quota"] =>
    new DatalabChart(new App(), "datalab", { ...props, database: { ...props.database, size } }).labNamespace
      .quota;
  expect(quota("10Gi")).toMatchObject({ storageGiB: 2048, largestClaimGiB: 1024 });
  expect(quota("3Ti")).toMatchObject({ storageGiB: 3072, largestClaimGiB: 3072 });
});

test("a namespace's own limits are those of the configuration, also in projects", () => {
  const limits = {
    ...DEFAULT_NAMESPACE_LIMITS,
    storage: "10Ti" as const,
    containers: {
      ...DEFAULT_NAMESPACE_LIMITS.containers,
      limits: { cpu: "1", memory: "1Gi", ephemeralStorage: "8Gi" },
    },
  };
  const manifests = rendered({
    ...propsOf("prod"),
    projects: { soil: { namespaces: "made" } },
    namespaces: { datalab: limits, soil: limits },
  });
  const range = { cpu: "1", memory: "1Gi", "ephemeral-storage": "8Gi" };
  const defaults = manifests
    .filter(({ kind }) => kind === "LimitRange")
    .map(({ metadata, spec }) => [
      metadata.namespace,
      (spec as { limits: readonly { default?: object }[] }).limits[0]?.default,
    ]);
  const usual = { cpu: "500m", memory: "256Mi", "ephemeral-storage": "2Gi" };
  expect(Object.fromEntries(defaults)).toEqual({ datalab: range, soil: range, "soil-compute": usual });
  const [quota] = manifests.filter(({ kind }) => kind === "ResourceQuota");
  expect(quota?.spec).toMatchObject({ hard: { "requests.storage": "10Ti" } });
});

test("namespaces hold to the Pod Security levels of the cluster's version", () => {
  const made = rendered({ ...propsOf("prod"), projects: { soil: { namespaces: "made" } } });
  const labels = made.filter(({ kind }) => kind === "Namespace").map(({ metadata }) => metadata.labels);
  expect(labels).toHaveLength(3);
  for (const each of labels)
    expect(each).toMatchObject(
      Object.fromEntries(
        ["enforce", "warn", "audit"].map((mode) => [`pod-security.kubernetes.io/${mode}-version`, "v1.36"]),
      ),
    );
});

test("a job stops notebooks that nobody opens, where the configuration says so", () => {
  const props = propsOf("prod");
  const withJob = rendered({ ...props, unusedNotebooks: { warnDays: 7, stopDays: 21 } });
  expect(outlineDifference(outline(rendered(props)), outline(withJob))).toMatchSnapshot();
  expect(config(withJob, "feature-flag-config")).toEqual({
    requestProjects: true,
    expireUnusedNotebooks: { accessTimeWarning: 7, accessTimeLimit: 21, inUseTimeWarning: 8 },
  });
});

test("the job needs helpers that end with it", () => {
  const { config: prod } = planned("prod");
  if (!isOwner(prod)) throw new Error("prod is an owner");
  const said = (version: "1.25" | "1.36"): readonly string[] =>
    environments
      .check({
        ...prod,
        cluster: { ...prod.cluster, version },
        apps: {
          datalab: { ...(prod.apps["datalab"] as object), unusedNotebooks: { warnDays: 7, stopDays: 21 } },
        },
      })
      .filter(({ id }) => id === "application.kubernetes")
      .map(findingText);
  expect(said("1.25")).toEqual([
    "apps.datalab.unusedNotebooks: needs sidecars that end with their job, and Kubernetes 1.25 has none; take Kubernetes 1.29 or newer, or leave it out",
  ]);
  expect(said("1.36")).toEqual([]);
});
