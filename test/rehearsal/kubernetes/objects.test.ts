import { reveal, Secret, UNKNOWN } from "../../../provider-protocol";
import type { PropertyMap } from "../../../provider-protocol";
import { builtInKind } from "../../../rehearsal/kubernetes/kinds";
import {
  CLUSTER_ADDRESS,
  configMap,
  deployment,
  Folder,
  namespace,
  OPTIONS,
  service,
  type Provider,
} from "./harness";

let folder: Folder;
let provider: Provider;
beforeEach(async () => {
  folder = new Folder();
  provider = await folder.provider();
});
afterEach(() => folder.remove());

function metadata(object: PropertyMap): PropertyMap {
  return reveal(object["metadata"] ?? null) as PropertyMap;
}

describe("names and ids", () => {
  it("makes a name of 8 hexadecimal digits after the resource's, keeps it, and reports it", async () => {
    const unnamed: PropertyMap = { apiVersion: "v1", kind: "ConfigMap", metadata: {}, data: { a: "1" } };
    const made = await provider.create(unnamed, "settings");
    expect(made.id).toMatch(/^default\/settings-[0-9a-f]{8}$/);
    expect(metadata(made.inputs)["annotations"]).toEqual({ "pulumi.com/autonamed": "true" });
    expect((await provider.diff(made, unnamed)).changes).toEqual({});
    const other = await provider.diff(made, { ...unnamed, metadata: { namespace: "elsewhere" } });
    expect(other).toMatchObject({
      changes: { "metadata.namespace": { change: "update", replace: true } },
      deleteBeforeReplace: false,
    });
  });

  it("has ids of namespace and name, or of the name alone", async () => {
    expect((await provider.create(namespace("lab"))).id).toBe("lab");
    expect((await provider.create(configMap("a", {}, "lab"))).id).toBe("lab/a");
    expect((await provider.create(configMap("a", {}))).id).toBe("default/a");
  });

  it("puts objects without a namespace in the provider's namespace", async () => {
    await provider.create(namespace("lab"));
    const inLab = await folder.provider({ ...OPTIONS, namespace: "lab" });
    expect((await inLab.create(configMap("a", {}))).id).toBe("lab/a");
    expect((await inLab.create(namespace("second"))).id).toBe("second");
  });
});

describe("inputs", () => {
  it("refuses a manifest that is not of its type, and fields that the kind does not have", async () => {
    const { failures } = await provider.check("kubernetes:apps/v1:Deployment", "d", {
      apiVersion: "apps/v1beta1",
      metadata: {},
      specs: {},
    });
    expect(failures).toEqual([
      { property: "apiVersion", reason: 'must be "apps/v1" for this type, not "apps/v1beta1"' },
      { property: "kind", reason: 'must be "Deployment" for this type, not null' },
      { property: "specs", reason: "field not declared in schema of apps/v1 Deployment" },
    ]);
  });

  it("does not know Patch resources, Helm releases or other packages' types", () => {
    for (const token of [
      "kubernetes:core/v1:NamespacePatch",
      "kubernetes:helm.sh/v3:Release",
      "random:index:X",
    ])
      expect(provider.configured.resource(token)).toBeUndefined();
    expect(() => provider.configured.resource("kubernetes:core/v1:PodList")).toThrow(
      /cannot be created directly/,
    );
  });
});

describe("what the server adds", () => {
  it("shows as outputs and never as a change", async () => {
    const manifest = deployment("api", { replicas: 2 });
    const made = await provider.create(manifest);
    expect(metadata(made.outputs)).toMatchObject({
      namespace: "default",
      generation: 1,
      uid: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      resourceVersion: expect.stringMatching(/^\d+$/) as string,
      creationTimestamp: expect.stringMatching(/^\d{4}-.*\dZ$/) as string,
    });
    expect(made.outputs["status"]).toMatchObject({ replicas: 2, readyReplicas: 2, observedGeneration: 1 });
    expect((await provider.diff(made, manifest)).changes).toEqual({});
    const refreshed = await provider.refreshed(made);
    expect(refreshed.inputs).toEqual(made.inputs);
    expect((await provider.diff(refreshed, manifest)).changes).toEqual({});
  });

  it("stays when the object changes; the generation counts changes of what is wanted", async () => {
    const made = await provider.create(service("web", [{ port: 80 }], { type: "NodePort" }));
    const changed = await provider.update(
      made,
      service("web", [{ port: 80 }], { type: "NodePort", selector: {} }),
    );
    const [before, after] = [made, changed].map(({ outputs }) => outputs["spec"] as PropertyMap);
    expect(after?.["clusterIP"]).toBe(before?.["clusterIP"]);
    expect(metadata(changed.outputs)["uid"]).toBe(metadata(made.outputs)["uid"]);
    expect([metadata(made.outputs)["generation"], metadata(changed.outputs)["generation"]]).toEqual([1, 2]);
  });

  it("keeps what others have set and the program does not say", async () => {
    const made = await provider.create(deployment("api"));
    const kind = builtInKind("apps/v1", "Deployment")!;
    folder.clusters.cluster(CLUSTER_ADDRESS).edit(kind, { namespace: "default", name: "api" }, (live) => ({
      ...live,
      spec: { ...(live["spec"] as object), replicas: 5 },
    }));
    const changed = await provider.update(made, deployment("api", { minReadySeconds: 3 }));
    expect(changed.outputs["spec"]).toMatchObject({ replicas: 5, minReadySeconds: 3 });
    expect(changed.outputs["status"]).toMatchObject({ readyReplicas: 5 });
  });

  it("removes what the program no longer has", async () => {
    const made = await provider.create(configMap("a", { one: "1", two: "2" }));
    const changed = await provider.update(made, configMap("a", { two: "2" }));
    expect(changed.outputs["data"]).toEqual({ two: "2" });
  });
});

describe("a change behind the program's back", () => {
  it("shows after a refresh, as a change back", async () => {
    const manifest = configMap("a", { one: "1" });
    const made = await provider.create(manifest);
    const kind = builtInKind("v1", "ConfigMap")!;
    folder.clusters
      .cluster(CLUSTER_ADDRESS)
      .edit(kind, { namespace: "default", name: "a" }, (live) => ({ ...live, data: { one: "drifted" } }));
    const refreshed = await provider.refreshed(made);
    expect(refreshed.inputs["data"]).toEqual({ one: "drifted" });
    expect((await provider.diff(refreshed, manifest)).changes).toEqual({
      "data.one": { change: "update", replace: false },
    });
    await provider.update(refreshed, manifest);
    expect((await provider.refreshed(made)).outputs["data"]).toEqual({ one: "1" });
  });

  it("is gone after a deletion, and a deletion of what is gone succeeds", async () => {
    const made = await provider.create(configMap("a", {}));
    await provider.delete(made);
    await provider.delete(made);
    expect(await provider.read("kubernetes:core/v1:ConfigMap", made.id)).toBeUndefined();
  });
});

describe("replacement", () => {
  const cases: readonly (readonly [string, PropertyMap, PropertyMap, string])[] = [
    ["a name", configMap("a", {}), configMap("b", {}), "metadata.name"],
    [
      "a selector",
      deployment("api"),
      deployment("api", { selector: { matchLabels: { app: "other" } } }),
      "spec.selector.matchLabels.app",
    ],
    [
      "a cluster IP",
      service("a", [{ port: 1 }]),
      service("a", [{ port: 1 }], { clusterIP: "None" }),
      "spec.clusterIP",
    ],
    [
      "a claim's class",
      claim({ storageClassName: "a" }),
      claim({ storageClassName: "b" }),
      "spec.storageClassName",
    ],
    ["a class's parameters", storageClass({ type: "ssd" }), storageClass({ type: "hdd" }), "parameters.type"],
    ["a roleRef", roleBinding("reader"), roleBinding("writer"), "roleRef.name"],
    ["a job's template", job("a:1"), job("a:2"), "spec.template.spec.containers[0].image"],
  ];

  it.each(cases)("of %s is foretold, the old one going first", async (_what, before, after, path) => {
    const made = await provider.create(before);
    const result = await provider.diff(made, after);
    expect(Object.entries(result.changes).filter(([, change]) => change.replace)).toMatchObject([
      [path, { replace: true }],
    ]);
    expect(result.deleteBeforeReplace).toBe(path !== "metadata.name");
  });

  it("is not needed for what changes in place", async () => {
    const made = await provider.create(claim({}));
    const bigger = claim({ resources: { requests: { storage: "2Gi" } } });
    expect((await provider.diff(made, bigger)).changes).toEqual({
      "spec.resources.requests.storage": { change: "update", replace: false },
    });
    await provider.update(made, bigger);
    const scaled = await provider.diff(
      await provider.create(deployment("a")),
      deployment("a", { replicas: 3 }),
    );
    expect(scaled.changes).toEqual({ "spec.replicas": { change: "add", replace: false } });
  });

  it.each([
    ["ConfigMap", "enableConfigMapMutable", configMap("a", { k: "1" }), configMap("a", { k: "2" })],
    ["Secret", "enableSecretMutable", secret({ k: "1" }), secret({ k: "2" })],
  ])("of a %s follows from its data unless %s is set", async (_kind, option, before, after) => {
    const made = await provider.create(before);
    expect((await provider.diff(made, after)).changes).toEqual({
      "data.k": { change: "update", replace: false },
    });
    const plain = await folder.provider({ ...OPTIONS, [option]: false });
    expect(await plain.diff(made, after)).toMatchObject({
      changes: { "data.k": { replace: true } },
      deleteBeforeReplace: true,
    });
    const frozen = await provider.diff(made, { ...after, immutable: true });
    expect(frozen.changes["data.k"]).toEqual({ change: "update", replace: true });
  });

  it("is not asked for by an ignored change", async () => {
    const made = await provider.create(deployment("api", { replicas: 1 }));
    const after = deployment("api", { replicas: 4 });
    expect((await provider.diff(made, after, ["spec.replicas"])).changes).toEqual({});
    expect(Object.keys((await provider.diff(made, after, ["spec.rep"])).changes)).toEqual(["spec.replicas"]);
  });
});

describe("secrets", () => {
  it("are secret outputs, change by what they hold, and are never written down", async () => {
    const manifest = { ...secret({}), stringData: { password: "correct horse" } };
    const made = await provider.create(manifest);
    expect(made.inputs["stringData"]).toBeUndefined();
    expect(made.outputs["data"]).toBeInstanceOf(Secret);
    const encoded = Buffer.from("correct horse").toString("base64");
    expect(reveal(made.outputs)["data"]).toEqual({ password: encoded });
    expect((await provider.diff(made, manifest)).changes).toEqual({});
    expect((await provider.refreshed(made)).inputs).toEqual(made.inputs);
    const changed = { ...manifest, stringData: { password: "other" } };
    expect(Object.keys((await provider.diff(made, changed)).changes)).toEqual(["data.password"]);
    const stored = JSON.stringify([...folder.reopened().cluster(CLUSTER_ADDRESS).objects()]);
    expect(stored).toContain("password");
    expect(stored).not.toContain(encoded);
    expect(stored).not.toContain("correct horse");
  });

  it("stay secret inside of other kinds, and their neighbours stay readable", async () => {
    const env = [{ name: "KEY", value: new Secret("s3cret") }];
    const containers = [{ name: "main", image: "a", env }];
    const labels = { app: "api" };
    const manifest = deployment("api", { template: { metadata: { labels }, spec: { containers } } });
    const made = await provider.create(manifest);
    const spec = made.outputs["spec"] as PropertyMap;
    const template = spec["template"] as PropertyMap;
    expect(template["metadata"]).toEqual({ labels });
    expect((template["spec"] as PropertyMap)["containers"]).toBeInstanceOf(Secret);
    expect(reveal(made.outputs)).toMatchObject({
      spec: { template: { spec: { containers: [{ env: reveal({ env })["env"] }] } } },
    });
    expect((await provider.diff(made, manifest)).changes).toEqual({});
  });

  it("refuses data that is not base64", async () => {
    await expect(provider.create(secret({ k: "not base64!" }))).rejects.toThrow(
      'Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 3',
    );
  });
});

describe("a preview", () => {
  it("gives inputs back while parts are unknown, and changes nothing", async () => {
    const manifest = configMap("a", { address: UNKNOWN });
    expect(await provider.preview(manifest)).toEqual(manifest);
    const made = await provider.create(configMap("a", { address: "old" }));
    const { changes } = await provider.diff(made, manifest);
    expect(changes).toEqual({ "data.address": { change: "update", replace: false } });
    expect((await provider.update(made, manifest, true)).outputs["data"]).toEqual({ address: UNKNOWN });
    expect((await provider.refreshed(made)).outputs["data"]).toEqual({ address: "old" });
  });

  it("asks the server where everything is known", async () => {
    await expect(provider.preview(deployment("Upper"))).rejects.toThrow(/lowercase RFC 1123 subdomain/);
    expect(await provider.preview(configMap("a", {}, "not-there-yet"))).toMatchObject({ kind: "ConfigMap" });
    expect((await provider.preview(service("web", [{ port: 80 }])))["spec"]).not.toHaveProperty("clusterIP");
    expect(await provider.read("kubernetes:core/v1:Service", "default/web")).toBeUndefined();
  });
});

function claim(spec: PropertyMap): PropertyMap {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "data" },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } }, ...spec },
  };
}

function storageClass(parameters: PropertyMap): PropertyMap {
  return {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "fast" },
    provisioner: "cinder.csi.openstack.org",
    parameters,
  };
}

function roleBinding(role: string): PropertyMap {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: { name: "b" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role },
    subjects: [{ kind: "User", name: "ada" }],
  };
}

function job(image: string): PropertyMap {
  const spec = { restartPolicy: "Never", containers: [{ name: "main", image }] };
  return { apiVersion: "batch/v1", kind: "Job", metadata: { name: "once" }, spec: { template: { spec } } };
}

/** Values of one letter are encoded, longer ones are taken as they are. */
function secret(data: Readonly<Record<string, string>>): PropertyMap {
  const encoded = Object.entries(data).map(([key, value]) => [
    key,
    value.length > 1 ? value : Buffer.from(value).toString("base64"),
  ]);
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "s" },
    data: Object.fromEntries(encoded) as PropertyMap,
  };
}
