/** `labstead verify` against a server that answers as an API server would: what it creates, how it waits, what it removes. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { JsonObject, Manifest } from "../../deploy/manifest";
import type { ClusterAccess } from "../../provider/kubernetes-api/kubeconfig";
import type { PlannedCheck, Task, VerifyPlan } from "../../cli/verify/plan";
import { verify, type CheckResult } from "../../cli/verify/verify";
import { apiServer, authority, type ApiServer, type Authority } from "../provider/api-server";

const NAMESPACE = "/api/v1/namespaces/labstead-verify";
const PODS = `${NAMESPACE}/pods`;

/** Keeps objects by path; pods are ready or done as soon as they exist, unless their image is missing. */
class Cluster {
  readonly created: Manifest[] = [];
  private readonly objects = new Map<string, JsonObject>();

  readonly handle: ApiServer["handle"] = (method, url, body) => {
    const path = url.split("?")[0] ?? "";
    switch (method) {
      case "POST":
        return this.post(path, JSON.parse(body) as Manifest);
      case "DELETE":
        // A namespace goes with the objects of all API groups in it.
        if (path === NAMESPACE) this.objects.clear();
        else this.objects.delete(path);
        return [200, {}];
      default:
        return this.get(path, url);
    }
  };

  get left(): readonly string[] {
    return [...this.objects.keys()];
  }

  put(path: string, object: JsonObject): void {
    this.objects.set(path, object);
  }

  private post(path: string, manifest: Manifest): readonly [number, object] {
    if (manifest.metadata.name === "verify-nginx-service" && JSON.stringify(manifest).includes("30000"))
      return [422, { message: "policy denied request: the NodePorts of lab are 30048 to 30060" }];
    this.created.push(manifest);
    const waits = manifest.kind === "Pod" && this.hasUnboundClaim();
    const status = waits ? { phase: "Pending" } : statusOf(manifest);
    this.objects.set(`${path}/${manifest.metadata.name}`, { ...manifest, status });
    if (manifest.kind === "Job") {
      const { template } = manifest["spec"] as { template: JsonObject };
      this.objects.set(`${PODS}/${manifest.metadata.name}-pod`, { ...template, status: {} });
    }
    return [201, {}];
  }

  /** A pod does not start before its volumes are there. */
  private hasUnboundClaim(): boolean {
    return [...this.objects.values()].some(
      ({ kind, status }) => kind === "PersistentVolumeClaim" && (status as JsonObject)["phase"] === "Pending",
    );
  }

  private get(path: string, url: string): readonly [number, object] {
    const object = this.objects.get(path);
    if (object !== undefined) return [200, object];
    if (path === "/api/v1/nodes") return [200, { items: url.includes("worker1") ? [{}] : [] }];
    if (path.includes("storageclasses")) return [404, { message: "not found" }];
    if (path === PODS || /events$|services$|policies$|claims$|jobs$|ingresses$|pods$/.test(path)) {
      const items = [...this.objects]
        .filter(([known]) => known.startsWith(`${path}/`))
        .map(([, each]) => each);
      return [200, { items: path.endsWith("events") ? [] : items }];
    }
    return [404, { message: `${path} not found` }];
  }
}

function statusOf(manifest: Manifest): JsonObject {
  switch (manifest.kind) {
    case "Job":
      return { succeeded: 1 };
    case "PersistentVolumeClaim":
      return { phase: JSON.stringify(manifest).includes("absent") ? "Pending" : "Bound" };
    case "Pod": {
      const text = JSON.stringify(manifest);
      if (text.includes("missing:1")) {
        const waiting = { reason: "ImagePullBackOff", message: "no such host" };
        return { phase: "Pending", containerStatuses: [{ name: "a", state: { waiting } }] };
      }
      if (text.includes("absent")) return { phase: "Pending" };
      return text.includes("readinessProbe")
        ? { phase: "Running", conditions: [{ type: "Ready", status: "True" }] }
        : { phase: "Succeeded" };
    }
    default:
      return {};
  }
}

function check(id: string, task: PlannedCheck["task"], limitSeconds = 20): PlannedCheck {
  return { id, proves: `that ${id} works`, limitSeconds, task };
}

function planOf(checks: readonly PlannedCheck[], overrides: Partial<VerifyPlan> = {}): VerifyPlan {
  const place = { kind: "own" as const, namespace: "labstead-verify" };
  return { environment: "lab", place, toolbox: "busybox:1.37.0", checks, ...overrides };
}

const DNS: Task = { kind: "dns", names: ["kubernetes.default.svc.cluster.local"] };
const SHARED: Task = {
  kind: "sharedClaim",
  storageClass: "nfs",
  nodeLabel: { key: "name", value: "worker1" },
};

describe("labstead verify", () => {
  let ca: Authority;
  let server: ApiServer;
  let cluster: Cluster;
  let access: ClusterAccess;

  beforeAll(async () => {
    ca = authority("lab");
    server = await apiServer(ca);
    const { cert, key } = ca.issue("admin");
    access = {
      server: `https://127.0.0.1:${String(server.port)}`,
      serverName: undefined,
      ca: ca.certificate,
      proxy: undefined,
      credentials: { kind: "certificate", certificate: cert, key },
    };
  });

  afterAll(async () => {
    await server.close();
    ca.remove();
  });

  beforeEach(() => {
    cluster = new Cluster();
    server.handle = cluster.handle;
  });

  const run = (plan: VerifyPlan, signal = new AbortController().signal): Promise<readonly CheckResult[]> =>
    verify(access, plan, { signal, settle: 0 });

  test("creates MK's examples without any rights, sees them work, and leaves nothing", async () => {
    const page = createServer((_, response) => {
      const pod = cluster.created.find(({ metadata }) => metadata.name === "verify-nginx");
      response.end(JSON.stringify(pod ?? {}));
    });
    await new Promise<void>((resolve) => page.listen(0, "127.0.0.1", resolve));
    const dial = { address: "127.0.0.1", port: (page.address() as AddressInfo).port };
    const results = await run(
      planOf([
        check("nodePort", { kind: "nodePort", nodePort: 30060, dial }),
        check("blockClaim", { kind: "blockClaim", storageClass: "csi-sc-cinderplugin" }),
        check("sharedClaim", SHARED),
        check("dns", DNS),
      ]),
    );
    page.close();
    expect(results.map(({ outcome }) => outcome.kind)).toEqual(["passed", "passed", "passed", "passed"]);
    expect(cluster.left).toEqual([]);
    expect(cluster.created.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      "Namespace labstead-verify",
      "Service verify-nginx-service",
      "Pod verify-nginx",
      "PersistentVolumeClaim verify-csi-pvc-cinderplugin",
      "Pod verify-writer",
      "PersistentVolumeClaim verify-nfs",
      "Job verify-busy-a",
      "Job verify-busy-b",
      "Pod verify-dns",
    ]);
    const spec = (name: string): unknown =>
      cluster.created.find(({ metadata }) => metadata.name === name)?.["spec"];
    expect(spec("verify-nginx-service")).toMatchObject({ type: "NodePort", ports: [{ nodePort: 30060 }] });
    expect(spec("verify-busy-a")).toMatchObject({
      template: {
        spec: {
          nodeSelector: { name: "worker1" },
          containers: [{ command: ["sh", "-c", "touch /mnt/busybox-A"] }],
        },
      },
    });
    for (const { kind, metadata } of cluster.created)
      expect([kind, metadata["labels"]]).toEqual([
        kind,
        expect.objectContaining({ "app.kubernetes.io/managed-by": "labstead-verify" }),
      ]);
  });

  test("says what kept a check, and leaves nothing then either", async () => {
    const dial = { address: "127.0.0.1", port: 1 };
    const results = await run(
      planOf(
        [
          check("admission", { kind: "nodePort", nodePort: 30000, dial }),
          check("image", DNS),
          check("volume", { kind: "blockClaim", storageClass: "absent" }),
        ],
        { toolbox: "missing:1" },
      ),
    );
    expect(results.map(({ outcome }) => (outcome.kind === "failed" ? outcome.reason : outcome))).toEqual([
      expect.objectContaining({
        cause: "admission",
        explanation:
          "the API server refuses Service verify-nginx-service: policy denied request: the NodePorts of lab are 30048 to 30060",
      }),
      expect.objectContaining({ cause: "image" }),
      expect.objectContaining({
        cause: "volume",
        explanation: "claim verify-csi-pvc-cinderplugin waits for the class absent, which does not exist",
      }),
    ]);
    expect(cluster.left).toEqual([]);
  });

  test("a page that does not come is a failure of the network, with its last answer", async () => {
    const dial = { address: "127.0.0.1", port: 1 };
    const [result] = await run(planOf([check("nodePort", { kind: "nodePort", nodePort: 30060, dial }, 2)]));
    expect(result?.outcome).toMatchObject({
      kind: "failed",
      reason: {
        cause: "network",
        explanation:
          "the pod is ready, and http://127.0.0.1:1/ (host 127.0.0.1) gives no page of it: connect ECONNREFUSED 127.0.0.1:1",
      },
    });
  });

  test("an interruption skips the rest, and everything is removed", async () => {
    const controller = new AbortController();
    const absent = check("blockClaim", { kind: "blockClaim", storageClass: "absent" }, 60);
    const running = verify(access, planOf([absent, check("dns", DNS)]), {
      signal: controller.signal,
      settle: 60_000,
    });
    const writes = async (): Promise<void> => {
      while (!controller.signal.aborted && !cluster.left.includes(`${PODS}/verify-writer`))
        await new Promise((resolve) => setTimeout(resolve, 20));
    };
    await Promise.race([writes(), running]);
    controller.abort();
    expect((await running).map(({ outcome }) => outcome)).toEqual([
      { kind: "skipped", why: "interrupted" },
      { kind: "skipped", why: "interrupted" },
    ]);
    expect(cluster.left).toEqual([]);
  });

  test("a namespace of somebody else is left alone", async () => {
    cluster.put(NAMESPACE, { metadata: { name: "labstead-verify", labels: { team: "soil" } } });
    await expect(run(planOf([check("dns", DNS)]))).rejects.toThrow(
      "the namespace labstead-verify exists and was not created by labstead verify",
    );
    expect(cluster.left).toEqual([NAMESPACE]);
  });

  test("in a tenant's namespace its pods may talk, and leftovers of a killed run go first", async () => {
    cluster.put(`${NAMESPACE}/services/verify-page`, { metadata: { name: "verify-page" } });
    const place = { kind: "given" as const, namespace: "labstead-verify" };
    const results = await run(planOf([check("dns", DNS)], { place }));
    expect(results.map(({ outcome }) => outcome.kind)).toEqual(["passed"]);
    expect(cluster.created.map(({ kind }) => kind)).toEqual(["NetworkPolicy", "Pod"]);
    expect(cluster.left).toEqual([]);
  });
});
