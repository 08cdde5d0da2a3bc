import { Secret, UNKNOWN } from "../../provider-protocol";
import type { PropertyMap, ResourceHandler } from "../../provider-protocol";
import { httpNamespaceProbe } from "../../provider/kubernetes-api/http-namespace";
import { tenantProtectionHandler } from "../../provider/tenant-protection/handler";
import { apiServer, authority, kubeconfig } from "./api-server";
import type { ApiServer, Authority } from "./api-server";

const URN = "urn:pulumi:prod::labstead::labstead:index:TenantProtection::tenants";
const PACE = { looks: 3, betweenLooks: 10, oneLook: 5_000 };

let ca: Authority;
let api: ApiServer;
let address: string;
let protection: ResourceHandler;
let logged: string[];
beforeAll(() => {
  ca = authority("lab");
});
afterAll(() => ca.remove());
beforeEach(async () => {
  api = await apiServer(ca);
  address = `https://127.0.0.1:${api.port}`;
  protection = tenantProtectionHandler(httpNamespaceProbe, PACE);
  logged = [];
});
afterEach(() => api.close());

const common = (signal = new AbortController().signal) => ({
  urn: URN,
  type: "labstead:index:TenantProtection",
  name: "tenants",
  log: (severity: string, message: string): void => {
    logged.push(`${severity}: ${message}`);
  },
  timeoutSeconds: undefined,
  signal,
});

const tenants = (namespaces: Readonly<Record<string, readonly string[]>>): PropertyMap =>
  Object.fromEntries(Object.entries(namespaces).map(([name, each]) => [name, { namespaces: each }]));

const TESTLAB = tenants({ test: ["testlab"] });

function inputs(given: PropertyMap = {}): PropertyMap {
  const base = { cluster: "prod/lab", environment: "prod", tenants: TESTLAB };
  return { ...base, kubeconfig: new Secret(kubeconfig(ca, address)), ...given };
}

const destroy = (given: PropertyMap = {}, signal?: AbortSignal) =>
  protection.delete({ ...common(signal), id: "prod/lab", state: {}, inputs: inputs(given) });

const change = (before: PropertyMap, after: PropertyMap, preview = false) =>
  protection.update({
    ...common(),
    id: "prod/lab",
    preview,
    oldState: {},
    oldInputs: inputs(before),
    newInputs: inputs(after),
    ignoreChanges: [],
  });

async function refusal(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.catch((reason: unknown) => reason);
  if (!(error instanceof Error)) throw new Error("it did not refuse");
  return error.message;
}

/** Lets a namespace exist, labelled as an environment's. */
function exists(name: string, environment: string | undefined, metadata: object = {}): void {
  const labels = environment === undefined ? {} : { "labstead.dev/environment": environment };
  api.answers.set(`/api/v1/namespaces/${name}`, [200, { metadata: { name, labels, ...metadata } }]);
}

/** Lets a namespace hold something of a kind. */
function holds(name: string, kind: string, items: readonly object[] = [{}]): void {
  api.answers.set(`/api/v1/namespaces/${name}/${kind}?limit=1`, [200, { items }]);
}

describe("a destroy goes on", () => {
  it("once every namespace of every tenant is gone", async () => {
    await destroy({ tenants: tenants({ test: ["testlab", "testlab-hub"], beta: ["beta lab"] }) });
    expect(api.asked).toEqual([
      "/api/v1/namespaces/beta%20lab",
      "/api/v1/namespaces/testlab",
      "/api/v1/namespaces/testlab-hub",
    ]);
  });

  it("past a namespace of the owner, or of another label's", async () => {
    exists("testlab", "prod");
    await destroy();
    exists("testlab", undefined);
    await destroy();
  });

  it("past namespaces that the owner made and no tenant uses", async () => {
    exists("testlab", "test");
    for (const kind of ["resourcequotas", "persistentvolumeclaims", "services", "pods"])
      holds("testlab", kind, []);
    await destroy({ namespacesBy: "owner" });
    expect(api.asked).toHaveLength(5);
  });
});

describe("a destroy is refused", () => {
  it("while a tenant lives", async () => {
    exists("testlab", "test");
    expect(await refusal(destroy())).toBe(
      `tenant test is still in cluster "prod/lab", so nothing was removed
  found: namespace testlab (labstead.dev/environment: test)
  first run: pulumi destroy -s test
  then go on with prod; where no such stack is left: kubectl delete namespace testlab`,
    );
  });

  it("naming all tenants, also one that is being deleted or has a new name", async () => {
    exists("testlab", "test", { deletionTimestamp: "2026-01-01T00:00:00Z" });
    exists("betalab", "beta");
    const all = tenants({ staging: ["testlab"], beta: ["betalab"], gone: ["gone"] });
    expect(await refusal(destroy({ tenants: all }))).toBe(
      `tenants beta, test are still in cluster "prod/lab", so nothing was removed
  found: namespace betalab (labstead.dev/environment: beta)
  found: namespace testlab (labstead.dev/environment: test); it is being deleted: wait until it is gone
  first run: pulumi destroy -s beta && pulumi destroy -s test
  then go on with prod; where no such stack is left: kubectl delete namespace betalab testlab`,
    );
  });

  it("while something is in a namespace that the owner made", async () => {
    exists("testlab", "test");
    for (const kind of ["resourcequotas", "services"]) holds("testlab", kind, []);
    for (const kind of ["persistentvolumeclaims", "pods"]) holds("testlab", kind);
    expect(await refusal(destroy({ namespacesBy: "owner" }))).toBe(
      `tenant test is still in cluster "prod/lab", so nothing was removed
  found: namespace testlab (labstead.dev/environment: test), with persistentvolumeclaims, pods in it
  first run: pulumi destroy -s test
  then go on with prod; where no such stack is left: kubectl delete all,resourcequotas,persistentvolumeclaims --all -n testlab`,
    );
  });

  it("while the cluster does not answer, with the remedy", async () => {
    await api.close();
    expect(await refusal(destroy({ how: "wireguard", hint: "See docs/real-cloud.md." }))).toBe(
      `cluster "prod/lab" does not report whether tenant test is gone, so nothing was removed
  asked: ${address}/api/v1/namespaces/testlab (3 times)
  last answer: connect ECONNREFUSED 127.0.0.1:${api.port}
  check: that the WireGuard tunnel is up: sudo wg-quick up wg0, and sudo wg show wg0 names a handshake of the last minutes; then run this again
  See docs/real-cloud.md.
  if the cluster is lost, or you know that its tenants are gone: pulumi state delete '${URN}' -s prod
  then run this again: the cluster is not asked any more`,
    );
    expect(logged).toHaveLength(2);
    api = await apiServer(ca);
  });

  it("to a user who may not look, at the first answer", async () => {
    const message = 'namespaces "testlab" is forbidden';
    api.answers.set("/api/v1/namespaces/testlab", [403, { kind: "Status", message }]);
    expect(await refusal(destroy())).toBe(
      `cluster "prod/lab" does not report whether tenant test is gone, so nothing was removed
  asked: ${address}/api/v1/namespaces/testlab (once)
  last answer: HTTP 403: ${message}
  check: the kubeconfig's user: it may not read namespaces
  pulumi up -s prod renews the kubeconfig that is asked with
  if the cluster is lost, or you know that its tenants are gone: pulumi state delete '${URN}' -s prod
  then run this again: the cluster is not asked any more`,
    );
  });

  it.each<[string, number, object, string]>([
    ["a 404 that is no API server's", 404, {}, "last answer: HTTP 404: {}"],
    ["an answer that is no namespace", 200, { items: [] }, "last answer: this is no namespace"],
    ["an error of the server", 500, { message: "etcd is gone" }, "last answer: HTTP 500: etcd is gone"],
  ])("by %s", async (_what, status, body, expected) => {
    api.answers.set("/api/v1/namespaces/testlab", [status, body]);
    expect(await refusal(destroy())).toContain(expected);
  });

  it("where a look inside is not answered", async () => {
    exists("testlab", "test");
    api.answers.set("/api/v1/namespaces/testlab/resourcequotas?limit=1", [403, { message: "no" }]);
    expect(await refusal(destroy({ namespacesBy: "owner" }))).toContain("it may not read resourcequotas");
  });

  it("at once when the engine cancels", async () => {
    await api.close();
    const slow = { ...PACE, looks: 1000, betweenLooks: 1_000 };
    protection = tenantProtectionHandler(httpNamespaceProbe, slow);
    const stop = new AbortController();
    const asking = destroy({}, stop.signal);
    setTimeout(() => stop.abort(new Error("cancelled")), 50);
    await expect(asking).rejects.toThrow();
    api = await apiServer(ca);
  });
});

describe("a change of tenants", () => {
  it("takes new tenants and namespaces without asking", async () => {
    exists("testlab", "test");
    await change({}, { tenants: tenants({ test: ["testlab", "more"], beta: ["betalab"] }) });
    expect(api.asked).toEqual([]);
  });

  it("lets a tenant go that is gone", async () => {
    await change({}, { tenants: {} });
    expect(api.asked).toEqual(["/api/v1/namespaces/testlab"]);
  });

  it.each([false, true])("keeps one that lives (preview: %s)", async (preview) => {
    exists("testlab", "test");
    expect(await refusal(change({}, { tenants: tenants({ beta: ["testlab"] }) }, preview))).toBe(
      `tenant test is still in cluster "prod/lab" in what prod no longer lists for it, so this run stops before it removes anything
  found: namespace testlab (labstead.dev/environment: test)
  first run: pulumi destroy -s test
  or put it back into tenants in Pulumi.prod.yaml; where no such stack is left: kubectl delete namespace testlab`,
    );
  });

  it("asks for a dropped namespace of a tenant that stays", async () => {
    exists("old", "test");
    const before = { tenants: tenants({ test: ["old", "testlab"] }) };
    expect(await refusal(change(before, {}))).toContain("found: namespace old (");
  });

  it("is refused while the cluster does not answer; a preview only warns, after one look", async () => {
    api.answers.set("/api/v1/namespaces/testlab", [503, { message: "starting" }]);
    expect(await refusal(change({}, { tenants: {} }))).toContain("last answer: HTTP 503: starting");
    api.asked.length = 0;
    logged = [];
    await change({}, { tenants: {} }, true);
    expect(api.asked).toHaveLength(1);
    expect(logged).toEqual([expect.stringMatching(/^warning: cluster "prod\/lab" does not report/)]);
  });

  it("asks with the old kubeconfig in a preview that does not know the new one yet", async () => {
    exists("testlab", "test");
    await expect(change({}, { tenants: {}, kubeconfig: new Secret(UNKNOWN) }, true)).rejects.toThrow(
      "tenant test is still",
    );
  });
});

describe("inputs and changes", () => {
  const check = (newInputs: PropertyMap) =>
    protection.check({ ...common(), newInputs, oldInputs: {}, randomSeed: new Uint8Array() });
  const diff = async (before: PropertyMap, after: PropertyMap) => {
    const compared = { oldInputs: inputs(before), newInputs: inputs(after) };
    const request = { ...common(), id: "x", oldState: {}, ignoreChanges: [], ...compared };
    return (await protection.diff(request)).changes;
  };

  it("keep the kubeconfig secret, and take what is not known yet", async () => {
    const { inputs: checked, failures } = await check(inputs({ kubeconfig: kubeconfig(ca, address) }));
    expect(failures).toEqual([]);
    expect(checked["kubeconfig"]).toBeInstanceOf(Secret);
    expect((await check(inputs({ kubeconfig: UNKNOWN, tenants: UNKNOWN }))).failures).toEqual([]);
  });

  const TENANTS = "is a map of tenants with their namespaces, such as { test: { namespaces: [testlab] } }";
  it.each<[string, PropertyMap, string, string]>([
    ["no cluster", { cluster: "" }, "cluster", "is missing; give a text"],
    ["no environment", { environment: null }, "environment", "is missing; give a text"],
    ["a list of tenants", { tenants: ["test"] }, "tenants", TENANTS],
    ["a tenant without namespaces", { tenants: { test: {} } }, "tenants", TENANTS],
    ["a namespace without a name", { tenants: tenants({ test: [""] }) }, "tenants", TENANTS],
    ["another maker", { namespacesBy: "nobody" }, "namespacesBy", "is one of tenant, owner"],
    [
      "an unknown input",
      { tenant: "test" },
      "tenant",
      "TenantProtection has no such input; it has kubeconfig, cluster, environment, tenants, namespacesBy, how, hint",
    ],
  ])("refuse %s", async (_what, given, property, reason) => {
    expect((await check(inputs(given))).failures).toEqual([{ property, reason }]);
  });

  it("show no change for a renewed kubeconfig and for how to ask", async () => {
    expect(await diff({ kubeconfig: new Secret("old") }, { kubeconfig: UNKNOWN, how: "tunnel" })).toEqual({});
    expect(await diff({}, { tenants: { test: { namespaces: ["testlab"] } }, hint: "h" })).toEqual({});
  });

  it("update other tenants, and none for another name of the cluster", async () => {
    expect(await diff({}, { tenants: tenants({ test: ["other"] }) })).toEqual({
      tenants: { change: "update", replace: false },
    });
    expect(await diff({}, { cluster: "prod/other" })).toEqual({});
  });
});

describe("making and refreshing", () => {
  it("asks no cluster", async () => {
    const request = { ...common(), inputs: inputs() };
    expect(await protection.create({ ...request, preview: false })).toEqual({ id: "prod/lab", outputs: {} });
    const unknown = { ...request, inputs: inputs({ kubeconfig: UNKNOWN }) };
    expect(await protection.create({ ...unknown, preview: true })).toEqual({ id: "", outputs: {} });
    const state = { id: "prod/lab", state: {} };
    expect(await protection.read({ ...request, ...state })).toEqual({
      id: "prod/lab",
      inputs: request.inputs,
      outputs: {},
    });
    expect(api.asked).toEqual([]);
  });

  it("cannot be imported", async () => {
    const request = { ...common(), id: "x", inputs: {}, state: {} };
    await expect(async () => protection.read(request)).rejects.toThrow(
      "TenantProtection cannot be imported: let `up` make it",
    );
  });
});
