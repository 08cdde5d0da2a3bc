import type { PropertyMap } from "../../../provider-protocol";
import { UNKNOWN } from "../../../provider-protocol";
import { diffProvider } from "../../../rehearsal/kubernetes/config";
import {
  CLUSTER_ADDRESS,
  configMap,
  deployment,
  Folder,
  kubeconfig,
  namespace,
  OPTIONS,
  service,
  type Provider,
} from "./harness";

let folder: Folder;
let provider: Provider;
let down: string | undefined;
beforeEach(async () => {
  down = undefined;
  folder = new Folder({ unreachable: () => down });
  provider = await folder.provider();
});
afterEach(() => folder.remove());

const URN = (token: string): string => `urn:pulumi:prod::lab::${token}::object`;

describe("refusals with the API server's messages", () => {
  it("of an object that exists", async () => {
    await provider.create(configMap("a", {}));
    await expect(provider.create(configMap("a", {}))).rejects.toThrow(
      `resource "${URN("kubernetes:core/v1:ConfigMap")}" was not successfully created by the Kubernetes API server: configmaps "a" already exists\n\nThe resource already exists in the cluster.`,
    );
    const taking = await folder.provider({ ...OPTIONS, upsertExistingObjects: true });
    expect((await taking.create(configMap("a", { x: "1" }))).outputs["data"]).toEqual({ x: "1" });
  });

  it("of a namespace that never comes", async () => {
    await expect(provider.create(configMap("a", {}, "nowhere"))).rejects.toThrow(
      `was not successfully created by the Kubernetes API server: namespaces "nowhere" not found`,
    );
    expect(provider.logged).toContain('info: Retry #0; creation failed: namespaces "nowhere" not found');
  });

  it("not of a namespace that is being made", async () => {
    const made = provider.create(configMap("a", {}, "soon"));
    await provider.create(namespace("soon"));
    expect((await made).id).toBe("soon/a");
  });

  it("of NodePorts that are taken or out of range", async () => {
    await provider.create(service("one", [{ port: 80, nodePort: 30080 }], { type: "NodePort" }));
    await expect(
      provider.create(service("two", [{ port: 80, nodePort: 30080 }], { type: "NodePort" })),
    ).rejects.toThrow(
      'Service "two" is invalid: spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated',
    );
    await expect(
      provider.preview(service("three", [{ port: 80, nodePort: 80 }], { type: "NodePort" })),
    ).rejects.toThrow("provided port is not in the valid range. The range of valid ports is 30000-32767");
    await expect(provider.create(service("four", [{ port: 80, nodePort: 30090 }]))).rejects.toThrow(
      "may not be used when `type` is 'ClusterIP'",
    );
  });

  it("of selectors that do not select, and of changes that cannot be", async () => {
    const labels = { app: "other" };
    await expect(
      provider.create(deployment("api", { template: { metadata: { labels }, spec: {} } })),
    ).rejects.toThrow("`selector` does not match template `labels`");
    const reclaim = {
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      provisioner: "p",
      metadata: { name: "c" },
    };
    const made = await provider.create(reclaim);
    await expect(provider.update(made, { ...reclaim, reclaimPolicy: "Retain" })).rejects.toMatchObject({
      name: "PartialFailure",
      id: "c",
      reasons: [expect.stringContaining('reclaimPolicy: Invalid value: "Retain": field is immutable')],
    });
    expect((await provider.refreshed(made)).outputs["reclaimPolicy"]).toBe("Delete");
  });

  it("of a kind that is not defined, until it is", async () => {
    const custom = { apiVersion: "example.org/v1", kind: "Lab", metadata: { name: "l" }, anything: true };
    await expect(provider.create(custom)).rejects.toThrow(
      'Verify that any required CRDs have been created: no matches for kind "Lab" in version "example.org/v1"',
    );
    const made = provider.create(custom);
    await provider.create({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "labs.example.org" },
      spec: {
        group: "example.org",
        scope: "Cluster",
        names: { kind: "Lab", plural: "labs" },
        versions: [{ name: "v1", served: true, storage: true }],
      },
    });
    expect((await made).id).toBe("l");
  });
});

describe("ports and addresses", () => {
  it("are assigned once, stay, and are free again after a deletion", async () => {
    const ports = [{ port: 80 }, { port: 81, name: "b" }].map((port, index) => ({
      name: `p${index}`,
      ...port,
    }));
    const made = [];
    for (let index = 0; index < 20; index++)
      made.push(await provider.create(service(`s${index}`, ports, { type: "NodePort" })));
    const given = made.flatMap(({ outputs }) => nodePorts(outputs));
    expect(new Set(given).size).toBe(40);
    expect(Math.min(...given)).toBe(30086);
    const addresses = made.map(({ outputs }) => (outputs["spec"] as PropertyMap)["clusterIP"]);
    expect(new Set(addresses).size).toBe(20);
    const [first] = made;
    const explicit = service("again", [{ port: 1, nodePort: given[0] ?? 0 }], { type: "NodePort" });
    await expect(provider.create(explicit)).rejects.toThrow("already allocated");
    await provider.delete(first!);
    expect(nodePorts((await provider.create(explicit)).outputs)).toEqual([given[0]]);
  });

  it("are still held when the process starts again", async () => {
    await provider.create(service("one", [{ port: 80, nodePort: 30080 }], { type: "NodePort" }));
    await provider.create(service("lb", [{ port: 80 }], { type: "LoadBalancer" }));
    folder.reopened();
    const later = await folder.provider();
    await expect(
      later.create(service("two", [{ port: 80, nodePort: 30080 }], { type: "NodePort" })),
    ).rejects.toThrow("already allocated");
    const lb = await later.create(service("lb2", [{ port: 80 }], { type: "LoadBalancer" }));
    expect(lb.outputs["status"]).toEqual({
      loadBalancer: { ingress: [{ ip: "198.51.100.2", ipMode: "VIP" }] },
    });
  });
});

describe("clusters", () => {
  it("are what the kubeconfig leads to, whatever a program calls them: clashes between stacks are seen", async () => {
    const test = await folder.provider({ ...OPTIONS, clusterIdentifier: "other" });
    await provider.create(configMap("a", {}));
    await expect(test.create(configMap("a", {}))).rejects.toThrow("already exists");
    const elsewhere = await folder.provider({ ...OPTIONS, kubeconfig: kubeconfig("https://elsewhere") });
    expect((await elsewhere.create(configMap("a", {}))).id).toBe("default/a");
  });

  it("with an authority stay the same when their address moves", async () => {
    const [one, moved, other] = await Promise.all(
      [
        ["https://one", "authority"],
        ["https://two", "authority"],
        ["https://one", "another"],
      ].map(([server = "", authority]) => folder.provider({ kubeconfig: kubeconfig(server, authority) })),
    );
    await one!.create(configMap("a", {}));
    await expect(moved!.create(configMap("a", {}))).rejects.toThrow("already exists");
    await other!.create(configMap("a", {}));
  });

  it("that come late are looked for once by a provider, and answer who is configured later", async () => {
    const late = new Folder({ late: true });
    const before = await late.provider();
    const refused =
      "configured Kubernetes cluster is unreachable: unable to load schema information from the API server: dial tcp: connect: connection refused";
    await expect(before.create(configMap("a", {}))).rejects.toThrow(refused);
    late.clusters.startServer(CLUSTER_ADDRESS);
    await expect(before.create(configMap("a", {}))).rejects.toThrow(refused);
    const after = await late.provider();
    expect((await after.create(configMap("a", {}))).id).toBe("default/a");
    late.reopened();
    expect(await (await late.provider()).read("kubernetes:core/v1:ConfigMap", "default/a")).toBeDefined();
    late.remove();
  });

  it("lose a namespace with all it holds, and never their own namespaces", async () => {
    const lab = await provider.create(namespace("lab"));
    const inside = await provider.create(configMap("a", {}, "lab"));
    const outside = await provider.create(configMap("a", {}));
    await provider.delete(lab);
    expect(await provider.read("kubernetes:core/v1:ConfigMap", inside.id)).toBeUndefined();
    expect(await provider.read("kubernetes:core/v1:ConfigMap", outside.id)).toBeDefined();
    const system = { id: "kube-system", inputs: namespace("kube-system"), outputs: {} };
    await expect(provider.delete(system)).rejects.toThrow(
      'namespaces "kube-system" is forbidden: this namespace may not be deleted',
    );
  });

  it("that do not answer leave previews possible and stop everything else", async () => {
    const made = await provider.create(configMap("a", { k: "1" }));
    down = "dial tcp 192.0.2.1:8888: connect: connection refused";
    expect(await provider.preview(configMap("b", {}))).toEqual(configMap("b", {}));
    expect((await provider.diff(made, configMap("a", { k: "2" }))).changes).not.toEqual({});
    await expect(provider.create(configMap("b", {}))).rejects.toThrow(
      `configured Kubernetes cluster is unreachable: ${down}`,
    );
    await expect(provider.update(made, configMap("a", {}))).rejects.toThrow("is unreachable");
    await expect(provider.refreshed(made)).rejects.toThrow(
      /^failed to read resource state due to unreachable cluster/,
    );
    await expect(provider.delete(made)).rejects.toThrow(/PULUMI_K8S_DELETE_UNREACHABLE/);
    expect(provider.logged).toContain(`warning: configured Kubernetes cluster is unreachable: ${down}`);
    const forgetting = await folder.provider({ ...OPTIONS, deleteUnreachable: true });
    await forgetting.delete(made);
  });

  it("behind a kubeconfig that cannot be read do not answer either, and the kubeconfig is not shown", async () => {
    const broken = await folder.provider({ ...OPTIONS, kubeconfig: "users: [token: abc" });
    const error = await broken.create(configMap("a", {})).catch(String);
    expect(error).toContain("unreachable: failed to parse kubeconfig data: it is neither YAML nor JSON");
    expect(error).not.toContain("abc");
  });
});

describe("a provider is replaced", () => {
  const replaced = async (oldInputs: PropertyMap, newInputs: PropertyMap): Promise<readonly string[]> => {
    const common = {
      urn: "",
      type: "",
      name: "",
      log: () => undefined,
      id: "",
      oldState: {},
      ignoreChanges: [],
    };
    const { changes } = await diffProvider({ ...common, oldInputs, newInputs });
    return Object.entries(changes).flatMap(([key, change]) => (change.replace ? [key] : []));
  };

  it("when its cluster has another identifier", async () => {
    const changed = { ...OPTIONS, clusterIdentifier: "other" };
    expect(await replaced(OPTIONS, changed)).toEqual(["clusterIdentifier"]);
  });

  it("not when a certificate is renewed or the address moves, as long as the identifier stays", async () => {
    const moved = { ...OPTIONS, kubeconfig: kubeconfig("https://moved") };
    expect(await replaced(OPTIONS, moved)).toEqual([]);
    expect(await replaced(OPTIONS, { ...OPTIONS, kubeconfig: UNKNOWN })).toEqual([]);
  });

  it("without an identifier: when the server moves or is not known yet", async () => {
    const of = (config: PropertyMap[string]): PropertyMap => ({ kubeconfig: config });
    expect(await replaced(of(kubeconfig("https://a")), of(kubeconfig("https://b")))).toEqual(["kubeconfig"]);
    expect(await replaced(of(kubeconfig("https://a")), of(UNKNOWN))).toEqual(["kubeconfig"]);
    expect(await replaced(of(kubeconfig("https://a")), of(`${kubeconfig("https://a")} `))).toEqual([]);
  });
});

it("decodes YAML for the SDK, and refuses other functions", async () => {
  const invoke = provider.configured.invoke!.bind(provider.configured);
  const args = { text: "kind: A\n---\nkind: B\n---\n" };
  expect(await invoke({ token: "kubernetes:yaml:decode", args, preview: false })).toEqual({
    result: { result: [{ kind: "A" }, { kind: "B" }] },
  });
  await expect(invoke({ token: "kubernetes:helm:template", args, preview: false })).rejects.toThrow(
    'unknown Invoke type "kubernetes:helm:template"',
  );
});

function nodePorts(outputs: PropertyMap): readonly number[] {
  const ports = (outputs["spec"] as PropertyMap)["ports"] as readonly PropertyMap[];
  return ports.map((port) => Number(port["nodePort"]));
}
