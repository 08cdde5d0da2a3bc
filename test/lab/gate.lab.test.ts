/** The gate before a real API server, and the kubeconfigs that the program makes, used by the official client. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fieldOf } from "../../deploy/manifest";
import { kubeconfigText } from "../../trust/kubeconfig";
import { tenantIdentity } from "../../trust/cluster-trust";
import { clusterReadyHandler } from "../../provider/cluster-ready/handler";
import { httpProbe } from "../../provider/kubernetes-api/http-probe";
import type { CreateResult } from "../../provider-protocol";
import { setUp } from "./host/undo";
import { Authority } from "./kubernetes/authority";
import { kubernetesVersion } from "./kubernetes/binaries";
import { ControlPlane } from "./kubernetes/control-plane";
import { applyAll, boundLab } from "./kubernetes/environments";

let cluster: ControlPlane;
let folder: string;

setUp(async (undo) => {
  cluster = undo.use(await ControlPlane.start());
  folder = undo.folder("gate");
});

const gate = clusterReadyHandler(httpProbe, { betweenLooks: 100, oneLook: 2_000, refusedFor: 500 });

function open(
  kubeconfig: string,
  timeoutSeconds = 3,
  inputs: Readonly<Record<string, string>> = {},
): Promise<CreateResult> {
  return gate.create({
    urn: "urn:pulumi:prod::labstead::labstead:index:ClusterReady::lab",
    type: "labstead:index:ClusterReady",
    name: "lab",
    log: () => undefined,
    preview: false,
    inputs: { kubeconfig, ...inputs },
    timeoutSeconds,
    signal: new AbortController().signal,
  });
}

/** What the gate says when it stays shut, with durations and counts made the same. */
async function refusal(
  kubeconfig: string,
  timeoutSeconds?: number,
  inputs?: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const error: unknown = await open(kubeconfig, timeoutSeconds, inputs).catch((reason: unknown) => reason);
  if (!(error instanceof Error)) throw new Error("the gate opened");
  return error.message
    .replace(/after \d+ s \(\d+ attempts?\)/, "after N s (N attempts)")
    .split("\n")
    .map((line) => line.trim());
}

function kubectl(kubeconfig: string, ...args: readonly string[]): string {
  const file = join(folder, "kubeconfig");
  writeFileSync(file, kubeconfig, { mode: 0o600 });
  return execFileSync(cluster.kubectl, ["--kubeconfig", file, ...args], { encoding: "utf8", stdio: "pipe" });
}

describe("a kubeconfig of the program", () => {
  test("leads kubectl to the API by a client certificate, although the address is no name of the server", async () => {
    const kubeconfig = await cluster.kubeconfig({ user: "ada", group: "system:masters" });
    expect(kubectl(kubeconfig, "auth", "whoami", "-o", "jsonpath={.status.userInfo.username}")).toBe("ada");
    expect(kubectl(kubeconfig, "get", "namespaces", "-o", "name")).toContain("namespace/kube-system");
  });

  test("leads nowhere without the server's name", async () => {
    const { server, ca, certificate, key } = await cluster.access();
    const wrong = {
      cluster: "lab",
      user: "ada",
      server,
      ca,
      certificate,
      key,
      serverName: "other.example.org",
    };
    expect(() => kubectl(kubeconfigText(wrong), "get", "namespaces")).toThrow(
      "valid for api.lab.example.org, not other.example.org",
    );
  });
});

describe("the gate", () => {
  test("opens, with the cluster's version and identity", async () => {
    const admin = await cluster.client();
    const system = (await admin.get("/api/v1/namespaces/kube-system")).body;
    const clusterId = fieldOf(system, "metadata", "uid");
    expect(await open(await cluster.kubeconfig())).toEqual({
      id: clusterId,
      outputs: { ready: true, serverVersion: `v${kubernetesVersion()}`, clusterId },
    });
  });

  test("opens for a tenant's limited kubeconfig", async () => {
    await applyAll(await cluster.client(), boundLab("prod").manifests);
    const { outputs } = await open(await cluster.kubeconfig(tenantIdentity("test")));
    expect(outputs).toMatchObject({ ready: true });
  });

  test("refuses another cluster's authority", async () => {
    const access = await cluster.access();
    const { pem: ca } = await Authority.create("another");
    const said = await refusal(kubeconfigText({ cluster: "lab", user: "ada", ...access, ca }));
    expect(said[0]).toBe("the Kubernetes API refuses this program after N s (N attempts)");
    expect(said[2]).toMatch(/^last answer: its certificate is not signed by the kubeconfig's CA/);
  });

  test("names a client certificate that another authority signed", async () => {
    const access = await cluster.access();
    const another = await (
      await Authority.create("another")
    ).client({ user: "ada", group: "system:masters" });
    const said = await refusal(kubeconfigText({ cluster: "lab", user: "ada", ...access, ...another }));
    expect(said[0]).toBe("the Kubernetes API refuses this program after N s (N attempts)");
    expect(said[2]).toContain("401");
    expect(said[3]).toBe(
      "check: the kubeconfig's user: its certificate or token is not of this cluster, or has expired",
    );
  });

  test("names a user without rights", async () => {
    const said = await refusal(await cluster.kubeconfig({ user: "nobody" }));
    expect(said[0]).toBe("the Kubernetes API refuses this program after N s (N attempts)");
    expect(said[2]).toBe(
      'last answer: HTTP 403: namespaces "kube-system" is forbidden: User "nobody" cannot get resource "namespaces" in API group "" in the namespace "kube-system"',
    );
  });

  test("gives up on an API that does not come back, and says what to look at", async () => {
    const kubeconfig = await cluster.kubeconfig();
    await cluster.stopApi();
    const said = await refusal(kubeconfig, 1, { cluster: "prod", hint: "See docs/operating.md." });
    const { port } = new URL(cluster.server);
    expect(said).toEqual([
      'the Kubernetes API of cluster "prod" is not ready after N s (N attempts)',
      `asked: ${cluster.server}/readyz, certificate name api.lab.example.org`,
      `last answer: connect ECONNREFUSED 127.0.0.1:${port}`,
      `check: that this machine reaches it (curl -k ${cluster.server}/readyz), and the control plane's log (journalctl -u kubelet)`,
      "See docs/operating.md.",
    ]);
  });
});
