import { ApiObject, App, Chart, Include } from "cdk8s";
import * as kplus from "cdk8s-plus-27";
import { Construct } from "constructs";
import fc from "fast-check";
import { join } from "node:path";
import { deployOptions } from "../../deploy/object-options";
import { planCharts, planReferences, type DeployPlan, type PlannedObject } from "../../deploy/plan";
import { secret } from "../../values";

type Fields = Readonly<Record<string, unknown>>;

function object(
  scope: Construct,
  id: string,
  apiVersion: string,
  kind: string,
  fields: Fields = {},
): ApiObject {
  return new ApiObject(scope, id, { apiVersion, kind, metadata: { name: id }, ...fields });
}

const configMap = (scope: Construct, id: string, fields: Fields = {}): ApiObject =>
  object(scope, id, "v1", "ConfigMap", fields);
const named = (app: App, id: string, namespace = id): Chart => new Chart(app, id, { namespace });
const identities = (plan: DeployPlan): readonly string[] => plan.objects.map(({ identity }) => identity);

function planned(plan: DeployPlan, identity: string): PlannedObject {
  const found = plan.objects.find((one) => one.identity === identity);
  if (found === undefined) throw new Error(`no ${identity} in ${identities(plan).join(", ")}`);
  return found;
}

function problems(app: App): readonly string[] {
  try {
    planCharts(app);
    return [];
  } catch (error) {
    return String(error).split("\n  ").slice(1);
  }
}

describe("an object of the plan", () => {
  test("has identity, name, type and path", () => {
    const app = new App();
    const chart = named(app, "datalab");
    const deployment = new kplus.Deployment(chart, "api", {
      metadata: { name: "api" },
      containers: [{ image: "x" }],
    });
    object(chart, "reader", "rbac.authorization.k8s.io/v1", "ClusterRole");
    configMap(chart, "settings", { data: { a: "b" } });
    const plan = planCharts(app);
    const facts = plan.objects.map(({ identity, name, token, chart: of, path }) => [
      identity,
      name,
      token,
      of,
      path,
    ]);
    expect(facts).toStrictEqual([
      [
        "rbac.authorization.k8s.io/ClusterRole reader",
        "reader",
        "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
        "datalab",
        "datalab/reader",
      ],
      [
        "ConfigMap datalab/settings",
        "datalab/settings",
        "kubernetes:core/v1:ConfigMap",
        "datalab",
        "datalab/settings",
      ],
      [
        "apps/Deployment datalab/api",
        "datalab/api",
        "kubernetes:apps/v1:Deployment",
        "datalab",
        "datalab/api/Resource",
      ],
    ]);
    expect(planned(plan, "apps/Deployment datalab/api").manifest).toStrictEqual(
      ApiObject.of(deployment).toJson(),
    );
  });

  test("is rendered exactly once, and nothing of cdk8s is synthesized", () => {
    const app = new App();
    const chart = named(app, "datalab");
    const spies = ["a", "b", "c"].map((id) => jest.spyOn(configMap(chart, id), "toJson"));
    const synth = jest.spyOn(app, "synth");
    const whole = jest.spyOn(chart, "toJson");
    planCharts(app);
    expect(spies.map(({ mock }) => mock.calls.length)).toStrictEqual([1, 1, 1]);
    expect([synth, whole].map(({ mock }) => mock.calls.length)).toStrictEqual([0, 0]);
  });

  test("outside of namespaces loses the namespace of its chart", () => {
    const app = new App();
    const chart = named(app, "monitoring");
    object(chart, "monitors", "apiextensions.k8s.io/v1", "CustomResourceDefinition", {
      spec: { group: "m.example", scope: "Cluster", names: { kind: "Monitor" } },
    });
    object(chart, "one", "m.example/v1", "Monitor");
    const forced = object(chart, "two", "other.example/v1", "Thing");
    deployOptions(forced, { clusterScoped: true });
    object(chart, "three", "other.example/v1", "Thing");
    const plan = planCharts(app);
    expect(identities(plan)).toStrictEqual([
      "apiextensions.k8s.io/CustomResourceDefinition monitors",
      "other.example/Thing two",
      "other.example/Thing monitoring/three",
      "m.example/Monitor one",
    ]);
    expect(planned(plan, "other.example/Thing two").manifest.metadata).toStrictEqual({ name: "two" });
  });

  test("takes its options from the construct, not from annotations", () => {
    const app = new App();
    const chart = named(app, "datalab");
    const database = new kplus.StatefulSet(chart, "mongo", {
      metadata: { name: "mongo" },
      containers: [{ image: "mongo" }],
      service: new kplus.Service(chart, "mongo-service", {
        metadata: { name: "mongo" },
        ports: [{ port: 27017 }],
      }),
    });
    deployOptions(database, { protect: true, initialOnly: ["spec.replicas"] });
    deployOptions(database, {
      retainOnDelete: true,
      deleteBeforeReplace: true,
      replaceOnChanges: ["spec.serviceName"],
    });
    const { options, manifest } = planned(planCharts(app), "apps/StatefulSet datalab/mongo");
    expect(options).toStrictEqual({
      protect: true,
      retainOnDelete: true,
      deleteBeforeReplace: true,
      ignoreChanges: ["spec.replicas"],
      replaceOnChanges: ["spec.serviceName"],
    });
    expect(manifest.metadata.annotations).toBeUndefined();
  });

  test("without options is an ordinary resource", () => {
    const app = new App();
    configMap(named(app, "datalab"), "a");
    expect(planned(planCharts(app), "ConfigMap datalab/a").options).toStrictEqual({
      protect: false,
      retainOnDelete: false,
      deleteBeforeReplace: undefined,
      ignoreChanges: [],
      replaceOnChanges: [],
    });
  });

  test("is recreated, the old one deleted first, where nobody may change a field in place", () => {
    const app = new App();
    const object = { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name: "shared" } };
    const storage = new ApiObject(named(app, "storage"), "Class", { ...object, provisioner: "p" });
    const options = () => planned(planCharts(app), "storage.k8s.io/StorageClass shared").options;
    expect(options()).toMatchObject({
      deleteBeforeReplace: true,
      replaceOnChanges: ["reclaimPolicy", "volumeBindingMode"],
    });
    deployOptions(storage, {
      deleteBeforeReplace: false,
      replaceOnChanges: ["mountOptions", "reclaimPolicy"],
    });
    expect(options()).toMatchObject({
      deleteBeforeReplace: false,
      replaceOnChanges: ["mountOptions", "reclaimPolicy", "volumeBindingMode"],
    });
  });

  test("leaves its replicas to a planned autoscaler", () => {
    const app = new App();
    const chart = named(app, "dask");
    object(chart, "workers", "apps/v1", "Deployment", { spec: { replicas: 1 } });
    object(chart, "other", "apps/v1", "Deployment", { spec: { replicas: 1 } });
    object(chart, "scaler", "autoscaling/v2", "HorizontalPodAutoscaler", {
      spec: { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "workers" } },
    });
    const plan = planCharts(app);
    expect(planned(plan, "apps/Deployment dask/workers").options.ignoreChanges).toStrictEqual([
      "spec.replicas",
    ]);
    expect(planned(plan, "apps/Deployment dask/other").options.ignoreChanges).toStrictEqual([]);
  });

  test("is only waited for where it becomes ready by itself", () => {
    const app = new App();
    const chart = named(app, "datalab");
    object(chart, "inner", "v1", "Service", { spec: { type: "ClusterIP" } });
    object(chart, "outer", "v1", "Service", { spec: { type: "LoadBalancer" } });
    object(chart, "claim", "v1", "PersistentVolumeClaim");
    object(chart, "web", "networking.k8s.io/v1", "Ingress");
    object(chart, "api", "apps/v1", "Deployment");
    const waited = object(chart, "waited", "v1", "Service", { spec: { type: "NodePort" } });
    deployOptions(waited, { skipAwait: false });
    const skipping = planCharts(app).objects.filter(
      ({ manifest }) => manifest.metadata.annotations?.["pulumi.com/skipAwait"] === "true",
    );
    expect(skipping.map(({ name }) => name)).toStrictEqual(["datalab/inner", "datalab/claim", "datalab/web"]);
  });

  test("knows which of its fields are secret", () => {
    const app = new App();
    const chart = named(app, "datalab");
    object(chart, "passwords", "v1", "Secret", { stringData: { mongo: `${secret("mongo")}` } });
    object(chart, "sealed", "bitnami.example/v1", "Secret");
    const plan = planCharts(app);
    expect(planned(plan, "Secret datalab/passwords").secretFields).toStrictEqual(["data", "stringData"]);
    expect(planned(plan, "bitnami.example/Secret datalab/sealed").secretFields).toStrictEqual([]);
    expect(planReferences(plan)).toStrictEqual([{ kind: "secret", name: "mongo" }]);
  });
});

describe("lists", () => {
  test("give their items, in their namespace where they name none", () => {
    const app = new App();
    const item = (name: string, namespace?: string): Fields => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: namespace === undefined ? { name } : { name, namespace },
    });
    const chart = named(app, "datalab");
    object(chart, "list", "v1", "List", {
      items: [
        item("a"),
        { apiVersion: "v1", kind: "SecretList", items: [{ metadata: { name: "c" } }] },
        item("b", "else"),
      ],
    });
    const plan = planCharts(app);
    expect(identities(plan)).toStrictEqual(["ConfigMap datalab/a", "Secret datalab/c", "ConfigMap else/b"]);
    expect(planned(plan, "Secret datalab/c")).toMatchObject({
      path: "datalab/list.items[1].items[0]",
      token: "kubernetes:core/v1:Secret",
    });
  });

  test("an item without a name is an error at its place; a kind that only ends so is no list", () => {
    const app = new App();
    const chart = named(app, "datalab");
    object(chart, "list", "v1", "List", { items: [{ apiVersion: "v1", kind: "ConfigMap" }, "text"] });
    object(chart, "allowed", "x.example/v1", "AccessList", { spec: {} });
    expect(problems(app)).toStrictEqual([
      "datalab/list.items[0]: ConfigMap has no metadata.name",
      "datalab/list.items[1]: is no object",
    ]);
  });

  test("included YAML is planned like anything else", () => {
    const app = new App();
    new Include(new Chart(app, "included"), "yaml", {
      url: join(__dirname, "fixtures", "objects.yaml"),
    });
    expect(identities(planCharts(app))).toStrictEqual(["Namespace lab", "ConfigMap lab/a"]);
  });
});

describe("order", () => {
  test("a Namespace and a definition come before their objects, from whatever chart", () => {
    const app = new App();
    const late = named(app, "a-late", "lab");
    object(late, "one", "m.example/v1", "Monitor");
    configMap(late, "settings");
    const early = new Chart(app, "b-early");
    object(early, "monitors", "apiextensions.k8s.io/v1", "CustomResourceDefinition", {
      spec: { group: "m.example", scope: "Namespaced", names: { kind: "Monitor" } },
    });
    object(early, "lab", "v1", "Namespace");
    const plan = planCharts(app);
    expect(identities(plan)).toStrictEqual([
      "apiextensions.k8s.io/CustomResourceDefinition monitors",
      "Namespace lab",
      "ConfigMap lab/settings",
      "m.example/Monitor lab/one",
    ]);
    expect(planned(plan, "m.example/Monitor lab/one").dependsOn).toStrictEqual([
      "apiextensions.k8s.io/CustomResourceDefinition monitors",
      "Namespace lab",
    ]);
    expect(planned(plan, "ConfigMap lab/settings").dependsOn).toStrictEqual(["Namespace lab"]);
  });

  test("what objects need comes before workloads, routes come last", () => {
    const app = new App();
    const chart = named(app, "lab");
    object(chart, "route", "networking.k8s.io/v1", "Ingress");
    object(chart, "web", "apps/v1", "Deployment");
    object(chart, "password", "v1", "Secret");
    expect(identities(planCharts(app))).toStrictEqual([
      "Secret lab/password",
      "apps/Deployment lab/web",
      "networking.k8s.io/Ingress lab/route",
    ]);
  });

  test("dependencies between constructs and between charts hold for all objects below", () => {
    const app = new App();
    const platform = named(app, "platform");
    configMap(platform, "x");
    configMap(platform, "y").addDependency(platform.node.findChild("x"));
    const apps = named(app, "apps");
    const group = new Construct(apps, "group");
    configMap(group, "one");
    configMap(group, "two");
    const single = configMap(apps, "single");
    group.node.addDependency(single);
    apps.addDependency(platform);
    const plan = planCharts([apps, platform]);
    expect(plan.charts).toStrictEqual(["apps", "platform"]);
    expect(identities(plan)).toStrictEqual([
      "ConfigMap platform/x",
      "ConfigMap platform/y",
      "ConfigMap apps/single",
      "ConfigMap apps/one",
      "ConfigMap apps/two",
    ]);
    expect(planned(plan, "ConfigMap apps/one").dependsOn).toStrictEqual([
      "ConfigMap apps/single",
      "ConfigMap platform/y",
    ]);
    expect(planned(plan, "ConfigMap apps/two").dependsOn).toStrictEqual(["ConfigMap apps/one"]);
  });

  test("is right for random dependencies among constructs", () => {
    const pair = fc.tuple(fc.nat(11), fc.nat(11));
    fc.assert(
      fc.property(
        fc.array(pair, { maxLength: 30 }),
        fc.array(fc.nat(2), { minLength: 12, maxLength: 12 }),
        (pairs, homes) => {
          const app = new App();
          const charts = ["a", "b", "c"].map((id) => named(app, id));
          const nodes = homes.map((home, index) => configMap(charts[home] ?? app, `n${index}`));
          const edges = pairs.filter(([from, to]) => from > to);
          for (const [from, to] of edges) nodes[from]?.addDependency(nodes[to] ?? app);
          const order = planCharts(app).objects.map(({ path }) => path);
          for (const [from, to] of edges) {
            expect(order.indexOf(nodes[to]?.node.path ?? "")).toBeLessThan(
              order.indexOf(nodes[from]?.node.path ?? ""),
            );
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  test("layers of objects, each on all of the one before, keep their order", () => {
    const app = new App();
    const chart = named(app, "layers");
    let below: readonly ApiObject[] = [];
    for (let layer = 0; layer < 200; layer++) {
      const here = [0, 1].map((side) => configMap(chart, `l${layer}-${side}`));
      for (const one of here) one.addDependency(...below);
      below = here;
    }
    const { objects } = planCharts(app);
    expect(objects).toHaveLength(400);
    expect(objects[399]?.dependsOn).toStrictEqual(["ConfigMap layers/l199-0"]);
    expect(objects[398]?.dependsOn).toStrictEqual(["ConfigMap layers/l198-0", "ConfigMap layers/l198-1"]);
  });
});

describe("everything that is wrong is said at once", () => {
  test("duplicates by group, kind, namespace and name, whatever the version", () => {
    const app = new App();
    const prod = named(app, "prod");
    object(prod, "a", "autoscaling/v1", "HorizontalPodAutoscaler", { metadata: { name: "x" } });
    object(prod, "b", "autoscaling/v2", "HorizontalPodAutoscaler", { metadata: { name: "x" } });
    object(named(app, "test"), "c", "autoscaling/v2", "HorizontalPodAutoscaler", { metadata: { name: "x" } });
    object(prod, "d", "autoscaling/v2", "OtherKind", { metadata: { name: "x" } });
    expect(problems(app)).toStrictEqual([
      "prod/b: is autoscaling/HorizontalPodAutoscaler prod/x, and so is prod/a; give one of them another name or namespace",
    ]);
  });

  test("nested charts, strangers, oneself, what contains and what is contained", () => {
    const app = new App();
    const outer = named(app, "outer");
    const inner = new Chart(outer, "inner", { namespace: "inner" });
    const one = configMap(inner, "one");
    const stranger = configMap(named(new App(), "elsewhere"), "object");
    one.addDependency(stranger, one, outer);
    outer.addDependency(one);
    expect(problems(app)).toStrictEqual([
      'outer/inner: is a chart inside the chart "outer"; place it beside that chart and say addDependency where order matters',
      'outer: depends on "outer/inner/one", which lies inside it; depend on it from the parts beside it',
      'outer/inner/one: depends on "elsewhere/object", which is not among the charts of this plan; plan them together',
      "outer/inner/one: depends on itself",
      'outer/inner/one: depends on "outer", which contains it; depend on a part beside it',
    ]);
  });

  test("cycles, also through scopes", () => {
    const app = new App();
    const chart = named(app, "lab");
    const a = configMap(chart, "a");
    const b = configMap(chart, "b");
    a.addDependency(b);
    b.addDependency(a);
    const [left, right] = ["left", "right"].map((id) => {
      const group = new Construct(chart, id);
      configMap(group, `${id}-1`);
      configMap(group, `${id}-2`);
      return group;
    });
    left?.node.addDependency(right ?? chart);
    right?.node.addDependency(left ?? chart);
    const found = problems(app);
    expect(found[0]).toBe(
      "lab/a: depends on itself: lab/a → lab/b → lab/a; remove one of these dependencies",
    );
    expect(found[1]).toContain(
      "lab/left/left-1 → lab/left → lab/right → lab/right/right-1 → lab/right → lab/left → lab/left/left-1",
    );
    expect(found).toHaveLength(2);
  });

  test("objects without namespace, and what cdk8s cannot render", () => {
    const app = new App();
    const chart = new Chart(app, "nowhere");
    configMap(chart, "lost");
    configMap(chart, "broken", { data: { a: new Date(0) } });
    const found = problems(app);
    expect(found[0]).toContain("nowhere/broken: Failed serializing construct at path 'nowhere/broken'");
    expect(found[1]).toBe('nowhere/lost: ConfigMap "lost" has no namespace; give its chart one');
  });

  test("later values where they may not be", () => {
    const app = new App();
    const chart = named(app, "lab");
    const password = secret("mongo");
    object(chart, "names", "v1", "ConfigMap", {
      metadata: { name: `x-${password}`, namespace: `${password}` },
    });
    object(chart, "kinds", `${password}/v1`, `${password}`);
    configMap(chart, "keys", { data: { [`${password}`]: "x" } });
    configMap(chart, "plain", { data: { url: `mongodb://u:${password}@h`, sum: `${password.hash(16)}` } });
    const excused = configMap(chart, "excused", { data: { url: `${password}` } });
    deployOptions(excused, { exposesSecrets: "the image reads nothing else" });
    const encoded = Buffer.from(`user:${password}`).toString("base64");
    object(chart, "data", "v1", "Secret", {
      data: { encoded, raw: `${password}`, right: `${password.base64()}` },
    });
    configMap(chart, "lost", { data: { a: "Calling [toString] on an [Output<T>] is not supported." } });
    const hint = 'use a named value, secret("…"), address("…") or output("…"), in its place';
    const base64 =
      "a later value was base64-encoded while it was only a marker; use .base64() on the value itself";
    expect(problems(app)).toStrictEqual([
      "lab/names: metadata.name: holds x-<secret mongo>; what identifies an object must be known at once",
      "lab/names: metadata.namespace: holds <secret mongo>; what identifies an object must be known at once",
      "lab/kinds: apiVersion: holds <secret mongo>/v1; what identifies an object must be known at once",
      "lab/kinds: kind: holds <secret mongo>; what identifies an object must be known at once",
      "lab/keys: data: key <secret mongo>: a key must be known at once",
      "lab/plain: data.url: a ConfigMap would hold mongodb://u:<secret mongo>@h; keep it in a Secret and refer to that, or give a reason in deployOptions(…, { exposesSecrets })",
      `lab/data: data.encoded: ${base64}, or put the value into stringData`,
      `lab/lost: data.a: an Output was turned into text ("Calling [toString] on an [Output<T>]"); ${hint}`,
    ]);
  });

  test("a later value in data that is not base64", () => {
    const app = new App();
    object(named(app, "lab"), "data", "v1", "Secret", {
      data: { raw: `${secret("a")}`, mixed: `${secret("a").base64()}x` },
    });
    expect(problems(app)).toStrictEqual([
      "lab/data: data.mixed: holds a later value that is not base64; put it into stringData, which Kubernetes encodes itself",
      "lab/data: data.raw: holds a later value that is not base64; put it into stringData, which Kubernetes encodes itself",
    ]);
  });
});
