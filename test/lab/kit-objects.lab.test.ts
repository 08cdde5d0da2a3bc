/**
 * The kit's objects on a real API server: it knows every field, each value comes back as it was written, and what the kit
 * refuses of schedules the API server refuses too.
 */
import { App, Chart } from "cdk8s";
import { ConfigMap, Secret } from "cdk8s-plus-27";
import type { JsonObject, Manifest } from "../../deploy/manifest";
import { planCharts } from "../../deploy/plan";
import {
  Account,
  ComponentNamespace,
  Controller,
  CronJob,
  image,
  Job,
  NodeAgent,
  NOBODY,
  onPools,
  PodService,
  PriorityClass,
  Rights,
  selectorOf,
  SERVICE_RESOURCES,
  SingleStore,
  StorageClass,
  VolumeClaim,
  type ContainerSpec,
  type Identity,
  type TaskContainerSpec,
} from "../../kit";
import { checkSchedule, checkTimeZone } from "../../kit/cron";
import { setUp } from "./host/undo";
import type { ApiClient } from "./kubernetes/api-client";
import { ControlPlane } from "./kubernetes/control-plane";
import { applyAll } from "./kubernetes/environments";
import { CONTAINER, IDENTITY } from "../kit/rendering";

const namespace = "web";
const ON_HOST: ContainerSpec = {
  ...CONTAINER,
  user: "image",
  security: {
    reason: "reads the host's processes",
    allow: ["hostPath", "hostNetwork", "hostPid", "rootUser"],
  },
};
const TASK: TaskContainerSpec = {
  name: "web",
  image: image("example/web", "1.0.0"),
  resources: SERVICE_RESOURCES,
  user: NOBODY,
};

let written: readonly Manifest[];
let live: readonly JsonObject[];
let client: ApiClient;

setUp(async (undo) => {
  const plane = await ControlPlane.start();
  undo.use(plane);
  const app = new App();
  everything(new Chart(app, "kit"));
  written = planCharts(app).objects.map(({ manifest }) => manifest);
  client = await plane.client();
  live = await applyAll(client, written);
});

test("every object comes back as it was written", () => {
  expect(new Set(written.map(({ kind }) => kind)).size).toBeGreaterThan(15);
  expect(live).toHaveLength(written.length);
  expect(live).toMatchObject(written);
});

test.each([
  ["*/15 0-6/2 1,15 jan-DEC mon", "Europe/London"],
  ["5/10 3 * * 0", "America/Argentina/Buenos_Aires"],
  ["60 * * * *", "Etc/UTC"],
  ["0 24 * * *", "Etc/UTC"],
  ["0 0 0 * *", "Etc/UTC"],
  ["0 0 * 13 *", "Etc/UTC"],
  ["0 0 * dec-jan *", "Etc/UTC"],
  ["0 0 * * 7", "Etc/UTC"],
  ["*/0 * * * *", "Etc/UTC"],
  ["0 0 * *", "Etc/UTC"],
  ["0 0 * * *", "Europe/Atlantis"],
  ["0 0 * * *", "+01:00"],
])("the schedule %j in %s is taken by both or by neither", async (schedule, timeZone) => {
  const cronJob = written.find(({ kind }) => kind === "CronJob");
  if (cronJob === undefined) throw new Error("no CronJob was made");
  const spec = { ...(cronJob["spec"] as object), schedule, timeZone };
  const { status } = await client.apply({ ...cronJob, spec }, { dryRun: "All" });
  expect([200, 422]).toContain(status);
  const check = (): void => {
    checkSchedule("web", schedule);
    checkTimeZone("web", timeZone);
  };
  if (status === 200) expect(check).not.toThrow();
  else expect(check).toThrow("web: ");
});

function named(name: string): Identity & { readonly namespace: string } {
  return { ...IDENTITY, name, namespace };
}

function everything(chart: Chart): void {
  new ComponentNamespace(chart, "Namespace", { ...IDENTITY, enforce: "privileged" });
  new PriorityClass(chart, "Priority", { ...named("users"), value: -10, description: "User pods." });
  storage(chart);
  account(chart);
  workloads(chart);
  jobs(chart);
  services(chart);
}

function storage(chart: Chart): void {
  const provisioner = "cinder.csi.openstack.org";
  const common = { provisioner, expandable: true, reclaimPolicy: "Delete", binding: "Immediate" } as const;
  new StorageClass(chart, "Class", { ...named("cinder"), ...common, parameters: { type: "ssd" } });
  new VolumeClaim(chart, "Claim", { ...named("data"), size: "20Gi", storageClass: "cinder" });
}

function account(chart: Chart): void {
  const made = new Account(chart, "Account", named("web"));
  const rules = [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }] as const;
  new Rights(chart, "Rights", { ...named("web"), account: made, everywhere: rules, inNamespace: rules });
}

function workloads(chart: Chart): void {
  new Controller(chart, "Scaled", {
    ...named("scaled"),
    replicas: { min: 1, max: 8, target: { cpuPercent: 80, memoryPercent: 120 } },
    zoneSpread: "preferred",
    runtimeClass: "nvidia",
    nodeAffinity: {
      required: [onPools("gpu")],
      preferred: [{ rules: [{ kind: "exists", key: "example.org/ssd" }] }],
    },
    podAffinity: [{ kind: "required", labels: selectorOf({ name: "cache" }), within: "zone" }],
    podAntiAffinity: [{ kind: "preferred", labels: selectorOf({ name: "batch" }), within: "node" }],
    shareProcessNamespace: true,
    containers: [fullContainer(chart)],
  });
  new NodeAgent(chart, "Agent", {
    ...named("agent"),
    hostNetwork: true,
    hostPid: true,
    dns: "node",
    containers: [ON_HOST],
  });
}

function fullContainer(chart: Chart): ContainerSpec {
  return {
    ...CONTAINER,
    workingDirectory: "/srv",
    devices: { "nvidia.com/gpu": 1 },
    envFrom: [
      { kind: "configMap", configMap: ConfigMap.fromConfigMapName(chart, "Settings", "settings") },
      { kind: "secret", secret: Secret.fromSecretName(chart, "Keys", "keys"), prefix: "KEY_" },
    ],
    security: { reason: "stops another container", allow: ["shareProcessNamespace"] },
  };
}

function jobs(chart: Chart): void {
  const containers = [TASK];
  new Job(chart, "Job", {
    ...named("once"),
    containers,
    deadlineSeconds: 600,
    keepSeconds: 3600,
    suspended: true,
  });
  new CronJob(chart, "CronJob", {
    ...named("nightly"),
    containers,
    schedule: "*/5 3 * jan-dec mon",
    startingDeadlineSeconds: 300,
    restart: "OnFailure",
  });
}

function services(chart: Chart): void {
  new SingleStore(chart, "Store", {
    ...named("store"),
    containers: [CONTAINER],
    spelling: "lean",
    service: {
      kind: "headless",
      name: "store",
      ports: [{ name: "http", port: 8080 }],
      publishNotReady: true,
    },
  });
  new PodService(chart, "Entry", {
    ...named("entry"),
    workload: "scaled",
    service: {
      kind: "nodePort",
      name: "entry",
      ports: [{ name: "http", port: 80, targetPort: 8080, nodePort: 30080 }],
      externalTrafficPolicy: "Local",
      clientAffinitySeconds: 600,
    },
  });
}
