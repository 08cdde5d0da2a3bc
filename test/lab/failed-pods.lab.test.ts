/** The job that collects failed pods: its program with the token of its account, on a real API server. */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { App } from "cdk8s";
import type { Manifest } from "../../deploy/manifest";
import { planCharts } from "../../deploy/plan";
import { COLLECTION_SCRIPT, COLLECTION_VARIABLES } from "../../platform/cluster/failed-pods/script";
import { FailedPodsChart } from "../../platform/cluster/failed-pods/chart";
import { runs } from "./host/programs";
import { setUp } from "./host/undo";
import { said, type ApiClient } from "./kubernetes/api-client";
import { ControlPlane } from "./kubernetes/control-plane";
import { applyAll } from "./kubernetes/environments";

runs("python3");

const NOW = Date.now();
const hoursAgo = (hours: number): string =>
  new Date(NOW - hours * 3_600_000).toISOString().slice(0, 19) + "Z";

function objects(): readonly Manifest[] {
  const app = new App();
  new FailedPodsChart(app, "failed-pods", { environment: "prod", afterHours: 24 });
  return planCharts(app).objects.map(({ manifest }) => manifest);
}

describe("failed pods", () => {
  let cluster: ControlPlane;
  let admin: ApiClient;
  let folder: string;

  setUp(async (undo) => {
    folder = undo.folder("failed-pods");
    cluster = undo.use(await ControlPlane.start({ serverNames: ["localhost"] }));
    admin = await cluster.client();
    await applyAll(admin, objects());
    writeFileSync(join(folder, "collect.py"), COLLECTION_SCRIPT);
    await mountAccount();
    // No controller makes it here.
    const account = { apiVersion: "v1", kind: "ServiceAccount" };
    await admin.create({ ...account, metadata: { name: "default", namespace: "default" } });
    await pod("failed-long-ago", { phase: "Failed", containerStatuses: [ended(25)] });
    await pod("failed-today", { phase: "Failed", containerStatuses: [ended(23)] });
    await pod("evicted-long-ago", {
      phase: "Failed",
      reason: "Evicted",
      conditions: [{ type: "DisruptionTarget", status: "True", lastTransitionTime: hoursAgo(30) }],
    });
    await pod("succeeded-long-ago", { phase: "Succeeded", containerStatuses: [ended(48)] });
    await pod("running", { phase: "Running" });
  });

  /** What the kubelet mounts for the job's account. */
  async function mountAccount(): Promise<void> {
    const account = join(folder, "account");
    mkdirSync(account);
    const { body } = await admin.ask(
      "POST",
      "/api/v1/namespaces/failed-pods/serviceaccounts/failed-pods/token",
      { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} },
    );
    writeFileSync(join(account, "token"), (body["status"] as { readonly token: string }).token);
    writeFileSync(join(account, "ca.crt"), (await cluster.access()).ca);
  }

  function ended(hours: number): object {
    return {
      name: "work",
      image: "work:1",
      imageID: "",
      ready: false,
      restartCount: 0,
      state: { terminated: { exitCode: 1, finishedAt: hoursAgo(hours) } },
    };
  }

  async function pod(name: string, status: object): Promise<void> {
    const made = { apiVersion: "v1", kind: "Pod", metadata: { name, namespace: "default" } };
    const spec = { containers: [{ name: "work", image: "work:1" }], automountServiceAccountToken: false };
    expect(said(await admin.create({ ...made, spec }))).toBe("201");
    const path = `/api/v1/namespaces/default/pods/${name}/status`;
    const { body } = await admin.ask("GET", path);
    expect(said(await admin.ask("PUT", path, { ...body, status }))).toBe("200");
  }

  async function pods(): Promise<readonly string[]> {
    const { body } = await admin.ask("GET", "/api/v1/namespaces/default/pods");
    const items = body["items"] as readonly { readonly metadata: { readonly name: string } }[];
    return items.map(({ metadata }) => metadata.name).sort();
  }

  function collect(): { readonly status: number | null; readonly says: string } {
    const { status, stdout, stderr } = spawnSync("python3", [join(folder, "collect.py")], {
      encoding: "utf8",
      env: {
        ...process.env,
        [COLLECTION_VARIABLES.hours]: "24",
        [COLLECTION_VARIABLES.account]: join(folder, "account"),
        KUBERNETES_SERVICE_HOST: "localhost",
        KUBERNETES_SERVICE_PORT: new URL(cluster.server).port,
      },
    });
    return { status, says: `${stdout}${stderr}` };
  }

  test("those that failed more than a day ago are deleted, and no others", async () => {
    const { status, says } = collect();
    expect(says.split("\n").filter(Boolean).sort()).toEqual([
      expect.stringMatching(/^deleted default\/evicted-long-ago, failed since /),
      expect.stringMatching(/^deleted default\/failed-long-ago, failed since /),
    ]);
    expect(status).toBe(0);
    expect(await pods()).toEqual(["failed-today", "running", "succeeded-long-ago"]);
  });

  test("a second run has nothing to do", () => {
    expect(collect()).toEqual({ status: 0, says: "" });
  });
});
