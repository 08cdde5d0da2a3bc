import { containsSecret, Secret, UNKNOWN } from "../../provider-protocol";
import type { PropertyMap, ResourceHandler } from "../../provider-protocol";
import { clusterReadyHandler } from "../../provider/cluster-ready/handler";
import { httpProbe } from "../../provider/kubernetes-api/http-probe";
import { apiServer, authority, CLUSTER_UID, httpProxy, kubeconfig, socksProxy } from "./api-server";
import type { ApiServer, Authority } from "./api-server";

const PACE = { betweenLooks: 20, oneLook: 5_000, refusedFor: 100 };
const READY = { id: CLUSTER_UID, outputs: { ready: true, serverVersion: "v1.36.3", clusterId: CLUSTER_UID } };

let ca: Authority;
let api: ApiServer;
let address: string;
let gate: ResourceHandler;
let logged: string[];
let onLog: () => void;
beforeAll(() => {
  ca = authority("lab");
});
afterAll(() => ca.remove());
beforeEach(async () => {
  api = await apiServer(ca);
  address = `https://127.0.0.1:${api.port}`;
  gate = clusterReadyHandler(httpProbe, PACE);
  logged = [];
  onLog = () => undefined;
});
afterEach(() => api.close());

const common = (signal = new AbortController().signal) => ({
  urn: "urn:pulumi:prod::lab::labstead:index:ClusterReady::gate",
  type: "labstead:index:ClusterReady",
  name: "gate",
  log: (severity: string, message: string): void => {
    logged.push(`${severity}: ${message.replace(/\d+ of 60 s/, "N of 60 s")}`);
    onLog();
  },
  timeoutSeconds: undefined,
  signal,
});

function create(inputs: PropertyMap, signal?: AbortSignal) {
  return gate.create({ ...common(signal), preview: false, inputs: { timeoutSeconds: 60, ...inputs } });
}

/** The message of the error, with durations and counts made the same. */
async function refusal(inputs: PropertyMap): Promise<string> {
  const error: unknown = await create({ timeoutSeconds: 0.3, ...inputs }).catch((reason: unknown) => reason);
  if (!(error instanceof Error)) throw new Error("the gate opened");
  return error.message.replace(/after \d+ s \(\d+ attempts?\)/, "after N s (N attempts)");
}

describe("the gate opens", () => {
  it("at once if the API is ready, telling version and identity", async () => {
    expect(await create({ kubeconfig: new Secret(kubeconfig(ca, address)) })).toEqual(READY);
    expect(api.asked).toEqual(["/readyz?verbose", "/version", "/api/v1/namespaces/kube-system"]);
  });

  it("after some answers that it is not ready yet, telling each", async () => {
    api.readyz = [
      [503, "[+]ping ok\n[-]etcd failed: reason withheld\nreadyz check failed"],
      [500, ""],
      [200, "ok"],
    ];
    expect(await create({ kubeconfig: kubeconfig(ca, address) })).toEqual(READY);
    expect(logged).toEqual([
      "info: HTTP 503: [-]etcd failed: reason withheld (N of 60 s)",
      "info: HTTP 500: no text (N of 60 s)",
    ]);
  });

  it("when so many nodes are ready as are wanted", async () => {
    api.nodes = [true, false];
    onLog = () => (api.nodes = [true, true]);
    expect(await create({ kubeconfig: kubeconfig(ca, address), wants: { nodes: 2 } })).toEqual(READY);
    expect(logged[0]).toBe("info: 1 of 2 nodes are ready; not ready: worker-1 (N of 60 s)");
  });

  it("for the name in the certificate, whatever the address", async () => {
    const named = kubeconfig(ca, `https://localhost:${api.port}`, { "tls-server-name": "kubernetes.lab" });
    expect(await create({ kubeconfig: named })).toEqual(READY);
    const plain = kubeconfig(ca, `https://localhost:${api.port}`);
    expect(await create({ kubeconfig: plain, serverName: "kubernetes.lab" })).toEqual(READY);
  });

  it.each([
    ["http", httpProxy, (port: number) => `http://ada:pass@127.0.0.1:${port}`],
    ["socks5", socksProxy, (port: number) => `socks5://127.0.0.1:${port}`],
  ])("through a proxy (%s), which resolves the name", async (_kind, start, url) => {
    const proxy = await start();
    const cluster = { "proxy-url": url(proxy.port), "tls-server-name": "kubernetes.lab" };
    const inputs = { kubeconfig: kubeconfig(ca, `https://api.inside:${api.port}`, cluster) };
    expect(await create(inputs)).toEqual(READY);
    expect(proxy.seen[0]).toMatch(new RegExp(`^api.inside:${api.port}( Basic YWRhOnBhc3M=)?$`));
    await proxy.close();
  });
});

describe("the gate stays closed and reports what to do", () => {
  it("while nothing listens", async () => {
    await api.close();
    const inputs = { kubeconfig: kubeconfig(ca, address), cluster: "lab", hint: "See docs/operating.md." };
    expect(await refusal(inputs)).toBe(
      `the Kubernetes API of cluster "lab" is not ready after N s (N attempts)
  asked: ${address}/readyz
  last answer: connect ECONNREFUSED 127.0.0.1:${api.port}
  check: that this machine reaches it (curl -k ${address}/readyz), and the control plane's log (journalctl -u kubelet)
  See docs/operating.md.`,
    );
    api = await apiServer(ca);
  });

  it.each([
    ["allowlist", "that the address this machine comes from is in access.operator.from of the stack's file"],
    ["wireguard", "sudo wg show wg0 names a handshake of the last minutes"],
    ["tunnel", "ssh -N -D 127.0.0.1:1080 <bastion>; leave it running and run up again"],
  ])("with the way in (%s)", async (how, advice) => {
    api.readyz = [[503, "starting"]];
    const message = await refusal({ kubeconfig: kubeconfig(ca, address), how });
    expect(message).toContain("last answer: HTTP 503: starting");
    expect(message).toContain(advice);
  });

  it("to a user whom the API refuses", async () => {
    api.readyz = [
      [
        403,
        JSON.stringify({ kind: "Status", message: 'forbidden: User "tenant" cannot get path "/readyz"' }),
      ],
    ];
    expect(await refusal({ kubeconfig: kubeconfig(ca, address), timeoutSeconds: 60 })).toBe(
      `the Kubernetes API refuses this program after N s (N attempts)
  asked: ${address}/readyz
  last answer: HTTP 403: forbidden: User "tenant" cannot get path "/readyz"
  check: the kubeconfig's user: it may not read /readyz, kube-system or the nodes`,
    );
  });

  it("before a server of another CA, well before the time is over", async () => {
    const stranger = authority("stranger");
    const foreign = JSON.parse(kubeconfig(ca, address)) as {
      clusters: [{ cluster: Record<string, string> }];
    };
    foreign.clusters[0].cluster["certificate-authority-data"] = Buffer.from(stranger.certificate).toString(
      "base64",
    );
    const message = await refusal({ kubeconfig: JSON.stringify(foreign), timeoutSeconds: 60 });
    expect(message).toContain("last answer: its certificate is not signed by the kubeconfig's CA (");
    expect(message).toContain(
      "check: that the address is this cluster's, and that the kubeconfig is this cluster's",
    );
    expect(api.asked).toEqual([]);
    stranger.remove();
  });

  it("before a certificate for another name", async () => {
    const wrong = kubeconfig(ca, address, { "tls-server-name": "other.lab" });
    const message = await refusal({ kubeconfig: wrong, timeoutSeconds: 60 });
    expect(message).toContain("Host: other.lab. is not in the cert's altnames");
    expect(message).toContain(
      "check: the kubeconfig's tls-server-name (other.lab): the certificate is for other names",
    );
  });

  it("with a client certificate of another CA", async () => {
    const stranger = authority("stranger");
    const message = await refusal({ kubeconfig: kubeconfig(ca, address, {}, stranger), timeoutSeconds: 60 });
    expect(message).toContain("last answer: HTTP 401: Unauthorized");
    expect(message).toContain(
      "check: the kubeconfig's user: its certificate or token is not of this cluster, or has expired",
    );
    stranger.remove();
  });

  it("behind a proxy that refuses or is not there, without its password", async () => {
    const [http, socks] = [await httpProxy(true), await socksProxy(2)];
    const through = (url: string): Promise<string> =>
      refusal({ kubeconfig: kubeconfig(ca, address, { "proxy-url": url }), how: "tunnel" });
    expect(await through(`http://ada:hidden@127.0.0.1:${http.port}`)).toContain(
      "last answer: the proxy answers 403 Forbidden",
    );
    expect(await through(`http://ada:hidden@127.0.0.1:${http.port}`)).not.toContain("hidden");
    expect(await through(`socks5://127.0.0.1:${socks.port}`)).toContain(
      "the proxy cannot connect: not allowed by its rules",
    );
    await Promise.all([http.close(), socks.close()]);
    const gone = await through(`socks5://127.0.0.1:${socks.port}`);
    expect(gone).toContain(`the proxy does not answer: connect ECONNREFUSED 127.0.0.1:${socks.port}`);
    expect(gone).toContain(
      `check: that the tunnel through the bastion is open: ssh -N -D 127.0.0.1:${socks.port} <bastion>`,
    );
  });

  it("and stops at once when the engine cancels", async () => {
    api.readyz = [[503, ""]];
    const stop = new AbortController();
    const waiting = create({ kubeconfig: kubeconfig(ca, address), timeoutSeconds: 60 }, stop.signal);
    setTimeout(() => stop.abort(new Error("cancelled")), 50);
    await expect(waiting).rejects.toThrow();
  });
});

describe("inputs", () => {
  const check = (newInputs: PropertyMap) =>
    gate.check({ ...common(), newInputs, oldInputs: {}, randomSeed: new Uint8Array() });

  it("keep the kubeconfig secret, also if the program forgot to", async () => {
    const text = kubeconfig(ca, address);
    const { inputs, failures } = await check({ kubeconfig: text });
    expect(failures).toEqual([]);
    expect(inputs["kubeconfig"]).toBeInstanceOf(Secret);
    expect(containsSecret((await check({ kubeconfig: UNKNOWN })).inputs)).toBe(true);
  });

  it.each<[string, PropertyMap, string, string]>([
    ["no kubeconfig", {}, "", "kubeconfig is missing; give the contents of a kubeconfig"],
    [
      "no YAML",
      { kubeconfig: "a: [secretpart" },
      "",
      "kubeconfig is neither YAML nor JSON; give the contents of a kubeconfig",
    ],
    [
      "no context",
      { kubeconfig: "current-context: x" },
      "",
      'kubeconfig has no entry "x" in contexts; check current-context',
    ],
    [
      "an unknown input",
      { kubeconfg: "" },
      "kubeconfg",
      "ClusterReady has no such input; it has kubeconfig, cluster, serverName, wants, timeoutSeconds, how, hint, triggers",
    ],
    ["half a node", { wants: { nodes: 1.5 } }, "wants.nodes", "is a whole number of nodes, 0 or more"],
    ["no time", { timeoutSeconds: 0 }, "timeoutSeconds", "is a number of seconds above 0"],
    ["another way", { how: "luck" }, "how", "is one of direct, allowlist, tunnel, wireguard"],
  ])("refuse %s", async (_what, inputs, property, reason) => {
    expect((await check(inputs)).failures).toContainEqual({ property, reason });
  });

  it.each([
    [{ "insecure-skip-tls-verify": true }, "insecure-skip-tls-verify is set"],
    [{ server: "http://api" }, "has no https:// server"],
    [{ "proxy-url": "ftp://x" }, "has a proxy-url that is no http://, https:// or socks5:// address"],
  ])("refuse a kubeconfig with %j", async (cluster, reason) => {
    const { failures = [] } = await check({ kubeconfig: kubeconfig(ca, address, cluster) });
    expect(failures.map((each) => each.reason)).toEqual([expect.stringContaining(reason)]);
  });
});

describe("changes", () => {
  const diff = async (oldInputs: PropertyMap, newInputs: PropertyMap) =>
    (await gate.diff({ ...common(), id: "x", oldState: {}, oldInputs, newInputs, ignoreChanges: [] }))
      .changes;

  it("are none for a renewed kubeconfig, another name, and for how to wait", async () => {
    const before = { kubeconfig: new Secret("old"), how: "direct", timeoutSeconds: 5, cluster: "lab" };
    const after = { kubeconfig: new Secret("new"), how: "tunnel", hint: "h", cluster: "other" };
    expect(await diff(before, after)).toEqual({});
    expect(await diff(before, { ...after, kubeconfig: UNKNOWN })).toEqual({});
  });

  it("wait again for other wants or triggers", async () => {
    expect(await diff({ triggers: ["a"] }, { triggers: ["b"], wants: { nodes: 2 } })).toEqual({
      triggers: { change: "update", replace: false },
      wants: { change: "add", replace: false },
    });
  });
});

describe("previews and refreshes", () => {
  it("touch nothing in a preview", async () => {
    const inputs = { kubeconfig: UNKNOWN };
    expect(await gate.create({ ...common(), preview: true, inputs })).toEqual({
      id: "",
      outputs: { ready: true, serverVersion: UNKNOWN, clusterId: UNKNOWN },
    });
    expect(api.asked).toEqual([]);
  });

  it("report in a refresh, and keep state while the API is away", async () => {
    const inputs = { kubeconfig: new Secret(kubeconfig(ca, address)) };
    const state = { ready: true, serverVersion: "v1.35.0", clusterId: CLUSTER_UID };
    const read = () => gate.read({ ...common(), id: CLUSTER_UID, inputs, state });
    expect(await read()).toEqual({ ...READY, inputs });
    api.readyz = [[503, "down"]];
    expect((await read())?.outputs).toEqual(state);
    expect(logged).toEqual(["warning: the Kubernetes API does not answer as it should: HTTP 503: down"]);
  });

  it("report that a cluster was recreated", async () => {
    const newInputs = { kubeconfig: kubeconfig(ca, address) };
    const request = { oldInputs: {}, oldState: {}, newInputs, ignoreChanges: [], preview: false };
    expect(await gate.update({ ...common(), ...request, id: "earlier" })).toEqual(READY.outputs);
    expect(logged[0]).toMatch(/^warning: this is another cluster than last time/);
  });
});
