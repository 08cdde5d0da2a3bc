/** Objects over HTTPS, before a server that answers as an API server does. */
import { httpClusters } from "../../../provider/kubernetes-api/http-objects";
import { parseKubeconfig } from "../../../provider/kubernetes-api/kubeconfig";
import { ApiRefusal } from "../../../provider/apply-set/objects";
import type { ClusterObjects } from "../../../provider/apply-set/objects";
import type { PlainMap } from "../../../provider-protocol";
import { apiServer, authority, kubeconfig } from "../api-server";
import type { ApiServer, Authority } from "../api-server";

const PATIENCE = { oneRequest: 2_000, altogether: 1_500, firstPause: 1, longestPause: 20 };
const signal = new AbortController().signal;
const OPTIONS = { manager: "labstead/default/users", force: false, signal };
const REF = { group: "", kind: "ConfigMap", namespace: "lab", name: "one" };

let ca: Authority;
let server: ApiServer;
let objects: ClusterObjects;
beforeAll(() => {
  ca = authority("lab");
});
afterAll(() => ca.remove());
beforeEach(async () => {
  server = await apiServer(ca);
  objects = httpClusters(4, PATIENCE)(parseKubeconfig(kubeconfig(ca, `https://127.0.0.1:${server.port}`)));
});
afterEach(() => server.close());

type Answers = ReturnType<ApiServer["handle"]>;

const CORE = {
  resources: [
    { name: "configmaps", kind: "ConfigMap", namespaced: true },
    { name: "configmaps/status", kind: "ConfigMap", namespaced: true },
    { name: "namespaces", kind: "Namespace", namespaced: false },
  ],
};

/** Answers discovery of the core group; everything else is the test's. */
function serve(answer: (method: string, path: string, body: string) => Answers): void {
  server.handle = (method, path, body) => (path === "/api/v1" ? [200, CORE] : answer(method, path, body));
}

function configMap(name: string, namespace: string | undefined = "lab") {
  const metadata = namespace === "" ? { name } : { name, namespace };
  return { apiVersion: "v1", kind: "ConfigMap", metadata };
}

function live(name: string, managedFields: readonly object[] = []) {
  return { metadata: { name, namespace: "lab", uid: `uid-${name}`, labels: { a: "b" }, managedFields } };
}

async function refusal(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => "no refusal",
    (error: unknown) => error,
  );
}

test("applies with its manager over few connections that are kept", async () => {
  const seen: string[] = [];
  serve((method, path, body) => {
    seen.push(`${method} ${path}`);
    const { metadata } = JSON.parse(body) as { readonly metadata: { readonly name: string } };
    return [200, live(metadata.name)];
  });
  const names = Array.from({ length: 40 }, (_, index) => `c${index}`);
  const applied = await Promise.all(names.map((name) => objects.apply(configMap(name), OPTIONS)));
  expect(applied.map(({ uid }) => uid)).toEqual(names.map((name) => `uid-${name}`));
  expect(applied[0]).toMatchObject({ namespace: "lab", labels: { a: "b" }, terminating: false });
  expect(server.connections()).toBeLessThanOrEqual(4);
  expect(seen).toContain(
    "PATCH /api/v1/namespaces/lab/configmaps/c0?fieldManager=labstead/default/users&force=false&fieldValidation=Strict",
  );
});

test("deletes over connections that are kept", async () => {
  serve(() => [200, live("one")]);
  const deleted = Array.from({ length: 40 }, () => objects.delete(REF, "uid-one", signal));
  expect(new Set(await Promise.all(deleted))).toEqual(new Set(["deleted"]));
  expect(server.connections()).toBeLessThanOrEqual(4);
});

test("reads who applied which fields", async () => {
  const fields = { "f:data": { "f:a": {} } };
  serve(() => [
    200,
    live("one", [
      { manager: "labstead/default/users", operation: "Apply", fieldsV1: fields },
      { manager: "kubectl-edit", operation: "Update", fieldsV1: {} },
    ]),
  ]);
  const found = await objects.find(REF, signal);
  expect(found?.managers).toEqual(["labstead/default/users"]);
  expect(found?.recordOf("labstead/default/users")).toBe(JSON.stringify(fields));
  expect(found?.recordOf("kubectl-edit")).toBe("");
});

test.each([429, 503, 504])("repeats what is answered by %d", async (status) => {
  let asked = 0;
  serve(() => (++asked < 4 ? [status, { message: "later" }] : [200, live("one")]));
  expect((await objects.apply(configMap("one"), OPTIONS)).uid).toBe("uid-one");
  expect(asked).toBe(4);
});

test("waits as long as the server asks for", async () => {
  const times: number[] = [];
  serve(() => {
    times.push(Date.now());
    return times.length === 1 ? [429, {}, { "retry-after": "1" }] : [200, live("one")];
  });
  const patience = { ...PATIENCE, altogether: 5_000, longestPause: 1_000 };
  const access = parseKubeconfig(kubeconfig(ca, `https://127.0.0.1:${server.port}`));
  await httpClusters(1, patience)(access).apply(configMap("one"), OPTIONS);
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(990);
});

test("gives up on a server that throttles without an end, with its message", async () => {
  serve(() => [429, { message: "too many requests" }]);
  expect(await refusal(objects.apply(configMap("one"), OPTIONS))).toMatchObject({
    status: 429,
    message: "too many requests",
  });
});

test("does not repeat a refusal", async () => {
  let asked = 0;
  serve(() => {
    asked++;
    return [422, { reason: "Invalid", message: "spec.replicas: Invalid value: -1" }];
  });
  expect(await refusal(objects.apply(configMap("one"), OPTIONS))).toEqual(
    new ApiRefusal(422, "Invalid", "spec.replicas: Invalid value: -1"),
  );
  expect(asked).toBe(1);
});

test("names who owns a field", async () => {
  const cause = {
    reason: "FieldManagerConflict",
    message: 'conflict with "kubectl" using v1',
    field: ".data.a",
  };
  serve(() => [409, { reason: "Conflict", message: "Apply failed", details: { causes: [cause] } }]);
  expect(await refusal(objects.apply(configMap("one"), OPTIONS))).toMatchObject({
    conflicts: [{ manager: "kubectl", field: ".data.a" }],
  });
});

test("reports a server that is not there", async () => {
  await server.close();
  const error = await refusal(objects.apply(configMap("one"), OPTIONS));
  expect(String(error)).toBe(`NoAnswer: connect ECONNREFUSED 127.0.0.1:${server.port}`);
  server = await apiServer(ca);
});

test("stops when it is asked to", async () => {
  serve(() => [429, {}]);
  const abort = new AbortController();
  const asked = refusal(objects.apply(configMap("one"), { ...OPTIONS, signal: abort.signal }));
  abort.abort(new Error("cancelled"));
  expect(await asked).toMatchObject({ name: expect.stringMatching(/AbortError|Error/) as string });
});

test.each([
  [configMap("one", ""), "has no metadata.namespace; give it one"],
  [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: "lab", namespace: "lab" } },
    "metadata.namespace is lab, but namespaces are outside of namespaces; leave it out",
  ],
  [
    { apiVersion: "v1", kind: "Widget", metadata: { name: "one" } },
    "the cluster serves no Widget in v1; apply its CustomResourceDefinition first, or use a version that `kubectl api-resources` lists",
  ],
])("refuses %j", async (manifest, message) => {
  serve(() => undefined);
  expect(await refusal(objects.apply(manifest, OPTIONS))).toMatchObject({ message });
});

test("lists by the label, in one request", async () => {
  serve(() => [200, { metadata: {}, items: [live("one"), live("two")] }]);
  const found = await objects.list(REF, "a=b", [], signal);
  expect(found.map(({ name }) => name)).toEqual(["one", "two"]);
  expect(server.asked.slice(1)).toEqual(["/api/v1/configmaps?labelSelector=a%3Db"]);
});

const WIDGET = { group: "example.org", kind: "Widget", namespace: "lab", name: "one" };
const NO_PAGE: Answers = [404, { message: "404 page not found" }];

/** A server that stops serving widgets after they were looked up. @param groups of its list of groups; undefined: none */
function widgetsEnd(groups: readonly string[] | undefined, kinds: readonly object[]): void {
  let served = true;
  const widgets = [{ name: "widgets", kind: "Widget", namespaced: true }];
  serve((_method, path) => {
    if (path === "/apis/example.org") return [200, { preferredVersion: { groupVersion: "example.org/v1" } }];
    if (path === "/apis/example.org/v1") return [200, { resources: served ? widgets : kinds }];
    if (path === "/apis")
      return groups === undefined ? NO_PAGE : [200, { groups: groups.map((name) => ({ name })) }];
    served = false;
    return NO_PAGE;
  });
}

test.each([
  ["with its group", ["apps"], []],
  ["alone", ["apps", "example.org"], [{ name: "gadgets", kind: "Gadget", namespaced: true }]],
])("an object is gone when its definition went %s after it was looked up", async (_how, groups, kinds) => {
  widgetsEnd(groups, kinds);
  expect(await objects.find(WIDGET, signal)).toBeUndefined();
  widgetsEnd(groups, kinds);
  expect(await objects.delete(WIDGET, "uid-one", signal)).toBe("gone");
  widgetsEnd(groups, kinds);
  expect(await objects.list(WIDGET, "a=b", [], signal)).toEqual([]);
});

test("an object is not gone when something on the route has no page for anything", async () => {
  widgetsEnd(undefined, []);
  expect(await refusal(objects.delete(WIDGET, "uid-one", signal))).toMatchObject({ status: 404 });
});

test("lists namespace by namespace for a user who may not list the cluster", async () => {
  serve((_method, path) =>
    path.startsWith("/api/v1/configmaps")
      ? [403, { message: "forbidden" }]
      : [200, { metadata: {}, items: [live(path.includes("/lab/") ? "one" : "two")] }],
  );
  const found = await objects.list(REF, "a=b", ["lab", "other"], signal);
  expect(found.map(({ name }) => name)).toEqual(["one", "two"]);
});

test.each([
  [200, {}, "deleted"],
  [202, {}, "deleted"],
  [404, { reason: "NotFound" }, "gone"],
  [409, { reason: "Conflict" }, "another"],
] as const)("a deletion that is answered by %d has %j", async (status, answer, deletion) => {
  const bodies: string[] = [];
  serve((method, _path, body) => {
    if (method === "DELETE") bodies.push(body);
    return [status, answer];
  });
  expect(await objects.delete(REF, "uid-one", signal)).toBe(deletion);
  expect(JSON.parse(bodies[0] ?? "{}")).toMatchObject({ preconditions: { uid: "uid-one" } });
});

test("a workload is gone when its pods are, if that is asked for", async () => {
  const sent: unknown[] = [];
  const apps = { resources: [{ name: "deployments", kind: "Deployment", namespaced: true }] };
  serve((method, path, body) => {
    if (path === "/apis/apps") return [200, { preferredVersion: { groupVersion: "apps/v1" } }];
    if (path === "/apis/apps/v1") return [200, apps];
    if (method === "DELETE") sent.push((JSON.parse(body) as PlainMap)["propagationPolicy"]);
    return [200, live("one")];
  });
  const workload = { ...REF, group: "apps", kind: "Deployment" };
  await objects.delete(workload, "uid-one", signal, true);
  await objects.delete(REF, "uid-one", signal, true);
  await objects.delete(workload, "uid-one", signal);
  expect(sent).toEqual(["Foreground", "Background", "Background"]);
});

test("a user that is not known any more ends a run at once, with what to check", async () => {
  serve(() => [200, live("one")]);
  await objects.get(REF, signal);
  server.accepts = () => false;
  const error = await refusal(objects.get(REF, signal));
  expect(error).toMatchObject({
    name: "NoAnswer",
    message: "HTTP 401: Unauthorized",
    check: "the kubeconfig's user: its certificate or token is not of this cluster, or has expired",
  });
});
