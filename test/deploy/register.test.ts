import { createHash } from "node:crypto";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ApiObject, App, Chart } from "cdk8s";
import { k8s } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { ValueBindings } from "../../deploy/bindings";
import { deployOptions } from "../../deploy/object-options";
import { OutputMarkers } from "../../deploy/output-markers";
import { planCharts, type DeployPlan } from "../../deploy/plan";
import { registerPlan, type Registered } from "../../deploy/register";
import { LabsteadProvider } from "../../provider/sdk";
import { address, output, secret, text } from "../../values";
import { Later, later, recordRequests, settled, stateOf, type SentResource } from "./requests";

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

function planOf(define: (chart: Chart) => void, ...resolvers: OutputMarkers[]): DeployPlan {
  const app = new App({ resolvers });
  define(new Chart(app, "lab", { namespace: "lab" }));
  return planCharts(app);
}

async function register(
  plan: DeployPlan,
  bindings: ValueBindings,
  gate: readonly pulumi.Resource[] = [],
): Promise<Registered> {
  const provider = new kubernetes.Provider("cluster", { kubeconfig: "known" });
  const registered = registerPlan(plan, { provider, bindings, gate });
  await Promise.all([...registered.objects.values()].map(({ urn }) => settled(urn)));
  return registered;
}

function find(sent: readonly SentResource[], name: string): SentResource {
  const found = sent.find((one) => one.name === name);
  if (found === undefined) throw new Error(`${name} was not registered`);
  return found;
}

const nothing = ValueBindings.of({});

afterEach(() => jest.restoreAllMocks());

describe("registerPlan", () => {
  test("makes one component for each chart and one typed resource for each object", async () => {
    const sent = await recordRequests(false);
    const plan = planOf((chart) => {
      object(chart, "lab", "v1", "Namespace");
      object(new Construct(chart, "deep"), "api", "apps/v1", "Deployment", { spec: { replicas: 2 } });
    });
    const { charts, objects } = await register(plan, nothing);
    expect([...charts.keys()]).toStrictEqual(["lab"]);
    expect([...objects.keys()]).toStrictEqual(["Namespace lab", "apps/Deployment lab/api"]);
    expect(
      sent
        .filter(({ type }) => !type.startsWith("pulumi:"))
        .map(({ type, name, parent, provider }) => [type, name, parent, provider.split("::")[0]]),
    ).toStrictEqual([
      ["labstead:deploy:Chart", "lab", "", ""],
      ["kubernetes:core/v1:Namespace", "lab", "lab", "cluster"],
      ["kubernetes:apps/v1:Deployment", "lab/api", "lab", "cluster"],
    ]);
    expect(find(sent, "lab/api").inputs).toStrictEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "api", namespace: "lab" },
      spec: { replicas: 2 },
    });
  });

  test("moving a construct inside its chart keeps its URN", async () => {
    const urns = async (depth: number): Promise<unknown> => {
      await recordRequests(false);
      const plan = planOf((chart) => {
        let scope: Construct = chart;
        for (let level = 0; level < depth; level++) scope = new Construct(scope, `level-${level}`);
        object(scope, "settings", "v1", "ConfigMap");
      });
      const { objects } = await register(plan, nothing);
      const urn = objects.get("ConfigMap lab/settings")?.urn;
      return urn === undefined ? undefined : (await settled(urn)).value;
    };
    expect(await urns(3)).toBe(await urns(0));
    expect(await urns(0)).toBe(
      "urn:pulumi:prod::labstead::labstead:deploy:Chart$kubernetes:core/v1:ConfigMap::lab/settings",
    );
  });

  test("dependencies are real; only roots wait for the gate", async () => {
    const sent = await recordRequests(false);
    const anchor = new Later<string>("ready");
    const plan = planOf((chart) => {
      object(chart, "lab", "v1", "Namespace");
      const settings = object(chart, "settings", "v1", "ConfigMap");
      object(chart, "api", "apps/v1", "Deployment").addDependency(settings);
      object(chart, "reader", "rbac.authorization.k8s.io/v1", "ClusterRole");
    });
    await register(plan, nothing, [anchor]);
    const dependsOn = Object.fromEntries(sent.slice(-4).map((one) => [one.name, one.dependsOn]));
    expect(dependsOn).toStrictEqual({
      lab: ["ready"],
      reader: ["ready"],
      "lab/settings": ["lab"],
      "lab/api": ["lab", "lab/settings"],
    });
  });

  test("options reach the engine", async () => {
    const sent = await recordRequests(false);
    const plan = planOf((chart) => {
      const database = object(chart, "mongo", "apps/v1", "StatefulSet");
      deployOptions(database, {
        protect: true,
        retainOnDelete: true,
        deleteBeforeReplace: true,
        initialOnly: ["spec.replicas"],
        replaceOnChanges: ["spec.serviceName"],
      });
      object(chart, "plain", "v1", "ConfigMap");
    });
    await register(plan, nothing);
    expect(find(sent, "lab/mongo")).toMatchObject({
      protect: true,
      retainOnDelete: true,
      deleteBeforeReplace: true,
      ignoreChanges: ["spec.replicas"],
      replaceOnChanges: ["spec.serviceName"],
    });
    expect(find(sent, "lab/plain")).toMatchObject({
      protect: false,
      retainOnDelete: false,
      deleteBeforeReplace: false,
      ignoreChanges: [],
      additionalSecretOutputs: [],
    });
  });

  test("what its namespace deletes is not deleted by itself", async () => {
    const sent = await recordRequests(false);
    const plan = planOf((chart) => {
      new ApiObject(chart, "Namespace", { apiVersion: "v1", kind: "Namespace", metadata: { name: "lab" } });
      deployOptions(object(chart, "homes", "v1", "PersistentVolumeClaim"), { deletedWithNamespace: true });
      object(chart, "plain", "v1", "PersistentVolumeClaim");
    });
    await register(plan, nothing);
    expect(find(sent, "lab/homes").deletedWith).toMatch(/kubernetes:core\/v1:Namespace::lab$/);
    expect(find(sent, "lab/plain").deletedWith).toBe("");
  });

  test("a Secret is sent as the SDK's own class sends it", async () => {
    const sent = await recordRequests(false);
    const contents = { data: { a: "YQ==" }, stringData: { b: "plain" } };
    await register(
      planOf((chart) => object(chart, "ours", "v1", "Secret", contents)),
      nothing,
    );
    const theirs = new kubernetes.core.v1.Secret("lab/theirs", {
      metadata: { name: "ours", namespace: "lab" },
      ...contents,
    });
    await settled(theirs.urn);
    const [ours, official] = [find(sent, "lab/ours"), find(sent, "lab/theirs")];
    expect(ours.inputs).toStrictEqual(official.inputs);
    expect(ours.inputs).toMatchObject({
      data: { secret: { a: "YQ==" } },
      stringData: { secret: { b: "plain" } },
    });
    expect(ours.additionalSecretOutputs).toStrictEqual(["data", "stringData"]);
    expect([ours.type, ours.additionalSecretOutputs]).toStrictEqual([
      official.type,
      official.additionalSecretOutputs,
    ]);
  });

  test("what the cluster reports is there as an Output", async () => {
    await recordRequests(false, {
      newResource: ({ inputs }) => ({ id: "x", state: stateOf(inputs, { status: { phase: "Active" } }) }),
      call: () => ({}),
    });
    const { objects } = await register(
      planOf((chart) => object(chart, "lab", "v1", "Namespace")),
      nothing,
    );
    const namespace = objects.get("Namespace lab");
    expect(namespace && (await settled(namespace.status)).value).toStrictEqual({ phase: "Active" });
  });
});

describe("named values", () => {
  const plan = planOf((chart) => {
    object(chart, "passwords", "v1", "Secret", {
      stringData: { url: `${text`mongodb://u:${secret("mongo").url()}@${address("db")}`}` },
    });
    object(chart, "settings", "v1", "ConfigMap", {
      metadata: { name: "settings", annotations: { sum: `${secret("mongo").hash(8)}` } },
      data: { host: `${address("db")}`, known: "x" },
    });
    object(chart, "api", "v1", "Service", { spec: { ports: [{ port: `${output("port")}` }] } });
  });
  const bindings = (port: pulumi.Input<number>): ValueBindings =>
    ValueBindings.of({ secrets: { mongo: "p@ss" }, addresses: { db: "192.168.3.9" }, outputs: { port } });

  test("are bound with their types and secretness", async () => {
    const sent = await recordRequests(false);
    await register(plan, bindings(pulumi.output(8080)));
    expect(find(sent, "lab/passwords").inputs).toMatchObject({
      stringData: { secret: { url: "mongodb://u:p%40ss@192.168.3.9" } },
    });
    const sum = createHash("sha256").update("p@ss").digest("hex").slice(0, 8);
    expect(find(sent, "lab/settings").inputs).toMatchObject({
      metadata: { annotations: { sum: { secret: sum } } },
      data: { host: "192.168.3.9", known: "x" },
    });
    expect(find(sent, "lab/api").inputs).toMatchObject({ spec: { ports: [{ port: 8080 }] } });
  });

  test("that a preview does not know stay unknown alone", async () => {
    const sent = await recordRequests(true);
    const unknown = ValueBindings.of({
      secrets: { mongo: later<string>("mongo") },
      addresses: { db: later<string>("db") },
      outputs: { port: later<number>("port") },
    });
    await register(plan, unknown);
    expect(find(sent, "lab/settings").inputs).toMatchObject({
      kind: "ConfigMap",
      data: { host: "unknown", known: "x" },
    });
    expect(find(sent, "lab/api").inputs).toMatchObject({ spec: { ports: [{ port: "unknown" }] } });
  });

  test("that are missing are named together, before anything is registered", async () => {
    const sent = await recordRequests(false);
    const provider = new kubernetes.Provider("cluster", { kubeconfig: "known" });
    await settled(provider.urn);
    expect(() =>
      registerPlan(plan, { provider, bindings: ValueBindings.of({ outputs: { port: 1 } }) }),
    ).toThrow(
      'nothing is bound to address("db"), secret("mongo"); add them to the ValueBindings that this is registered with',
    );
    await settled(new Later<string>("afterwards").urn);
    expect(sent.map(({ name }) => name)).toStrictEqual(["cluster", "afterwards"]);
  });

  test("bindings do not hide each other, and lift files as well", async () => {
    expect(() => bindings(1).and(ValueBindings.of({ addresses: { db: "other" } }))).toThrow(
      "bound twice: address:db",
    );
    const file = bindings(1).text(`listen ${address("db")}:80\n`);
    expect(await settled(file)).toStrictEqual({
      known: true,
      secret: false,
      value: "listen 192.168.3.9:80\n",
    });
    expect(await settled(bindings(1).text(secret("mongo").base64()))).toMatchObject({
      secret: true,
      value: "cEBzcw==",
    });
    expect(await settled(bindings(1).text("plain"))).toMatchObject({ secret: false, value: "plain" });
  });
});

describe("raw Outputs", () => {
  test("are found by the resolver, keep their types, secretness and places", async () => {
    const sent = await recordRequests(false);
    const markers = new OutputMarkers();
    const port = pulumi.output(8080);
    const plan = planOf((chart) => {
      object(chart, "web", "v1", "Service", {
        spec: {
          ports: [{ port, targetPort: port }],
          externalName: markers.embed("zone", pulumi.output("lab")).toString() + ".example",
        },
      });
      object(chart, "passwords", "v1", "Secret", { stringData: { a: pulumi.secret("hidden") } });
    }, markers);
    const spec = plan.objects.find(({ name }) => name === "lab/web")?.manifest["spec"];
    expect(spec).toStrictEqual({
      externalName: "((labstead:output:raw/zone)).example",
      ports: [
        {
          port: "((labstead:output:raw/lab/web/spec/ports/0/port))",
          targetPort: "((labstead:output:raw/lab/web/spec/ports/0/port))",
        },
      ],
    });
    await register(plan, nothing.and(markers.bindings()));
    expect(find(sent, "lab/web").inputs).toMatchObject({
      spec: { ports: [{ port: 8080, targetPort: 8080 }], externalName: "lab.example" },
    });
    expect(find(sent, "lab/passwords").inputs).toMatchObject({ stringData: { secret: { a: "hidden" } } });
  });

  test("stay unknown in a preview, and secret outside of a Secret", async () => {
    const sent = await recordRequests(true);
    const markers = new OutputMarkers();
    const plan = planOf((chart) => {
      object(chart, "settings", "v1", "ConfigMap", {
        data: { a: later<string>("a"), b: pulumi.secret("y"), c: "z" },
      });
    }, markers);
    await register(plan, markers.bindings());
    expect(find(sent, "lab/settings").inputs).toMatchObject({
      data: { a: "unknown", b: { secret: "y" }, c: "z" },
    });
  });

  test("work inside the unions of generated classes", async () => {
    const sent = await recordRequests(false);
    const markers = new OutputMarkers();
    const unit: { readonly value: unknown } = k8s.IntOrString.fromNumber(0);
    Object.assign(unit, { value: pulumi.output(8080) });
    const plan = planOf((chart) => {
      new k8s.KubeService(chart, "web", {
        metadata: { name: "web" },
        spec: { ports: [{ port: 80, targetPort: unit as k8s.IntOrString }] },
      });
    }, markers);
    await register(plan, markers.bindings());
    expect(find(sent, "lab/web").inputs).toMatchObject({ spec: { ports: [{ port: 80, targetPort: 8080 }] } });
  });

  test("are refused where they identify an object, and where they became text", async () => {
    await recordRequests(false);
    const markers = new OutputMarkers();
    const name = pulumi.output("x");
    // What a template string does with an Output where no lint rule forbids it.
    // eslint-disable-next-line @typescript-eslint/no-base-to-string -- the mistake that this test is about
    const lost = ["", name].join("");
    const build = (): DeployPlan =>
      planOf((chart) => {
        object(chart, "named", "v1", "ConfigMap", { metadata: { name } });
        object(chart, "lost", "v1", "ConfigMap", { data: { a: `http://${lost}`, [lost]: "b" } });
      }, markers);
    jest.spyOn(console, "warn").mockReturnValue();
    expect(build).toThrow(
      "lab/named: metadata.name: holds <output raw/lab/named/name>; what identifies an object must be known at once",
    );
    expect(build).toThrow(
      'lab/lost: data.a: an Output was turned into text ("Calling [toString] on an [Output<T>]")',
    );
    expect(build).toThrow(
      'lab/lost: data: in a key: an Output was turned into text ("Calling [toString] on an [Output<T>]")',
    );
  });

  test("without the resolver are an error that names the place", async () => {
    await recordRequests(false);
    const plan = (): DeployPlan =>
      planOf((chart) => object(chart, "a", "v1", "ConfigMap", { data: { x: pulumi.output("y") } }));
    expect(plan).toThrow("lab/a: Failed serializing construct at path 'lab/a' with name 'a'");
  });

  test("long and odd places get short names of their own", () => {
    const markers = new OutputMarkers();
    const [one, two, three] = ["1", "2", "3"].map((value) => pulumi.output(value));
    if (one === undefined || two === undefined || three === undefined) throw new Error("three values");
    expect(`${markers.embed("a b", one)}`).toMatch(/^\(\(labstead:output:raw\/a_b\.[0-9a-f]{8}\)\)$/);
    expect(`${markers.embed("other", one)}`).toBe(`${markers.embed("a b", one)}`);
    expect(`${markers.embed("x".repeat(400), two)}`.length).toBeLessThan(200);
    expect(`${markers.embed("x".repeat(400), three)}`).toMatch(/\.2\)\)$/);
  });
});

test("sets by namespace: what is outside first, one resource for what stays apart, a Namespace with data protected", async () => {
  const sent = await recordRequests(false);
  const plan = planOf((chart) => {
    for (const name of ["lab", "empty"]) object(chart, name, "v1", "Namespace");
    object(chart, "fast", "storage.k8s.io/v1", "StorageClass", { provisioner: "x" });
    deployOptions(object(chart, "data", "v1", "PersistentVolumeClaim", { spec: {} }), { protect: true });
    object(chart, "api", "v1", "Service", { spec: {} });
  });
  const provider = new kubernetes.Provider("cluster", { kubeconfig: "known" });
  const registered = registerPlan(plan, {
    provider,
    bindings: nothing,
    deploy: {
      kind: "applySet",
      name: "prod",
      provider: new LabsteadProvider("labstead"),
      settings: { kubeconfig: "known", salt: "a salt of the stack" },
      division: { kind: "namespaces" },
      apart: ({ manifest }) => manifest.kind === "Namespace",
    },
  });
  await Promise.all(registered.sets.map(({ urn }) => settled(urn)));
  const reported = sent.filter(({ type }) => /Namespace|ApplySet/.test(type));
  expect(reported.map(({ name, dependsOn, protect }) => ({ name, dependsOn, protect }))).toEqual([
    { name: "lab", dependsOn: [], protect: true },
    { name: "empty", dependsOn: [], protect: false },
    { name: "prod/cluster", dependsOn: ["empty", "lab"], protect: false },
    { name: "prod/namespace/lab", dependsOn: ["lab", "prod/cluster"], protect: false },
  ]);
  expect(find(sent, "prod/cluster").inputs).toMatchObject({ name: "prod", namespace: "default" });
  expect(find(sent, "prod/namespace/lab").inputs).toMatchObject({
    name: "prod",
    namespace: "lab",
    notAwaited: ["lab/data/PersistentVolumeClaim", "lab/api/Service"],
  });
});
