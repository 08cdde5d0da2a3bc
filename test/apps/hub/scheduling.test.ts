/** What makes nodes ready for people, once for all hubs of an environment. */
import { App } from "cdk8s";
import { HubSchedulingChart } from "../../../apps/hub/scheduling/chart";
import { SCHEDULER_RELEASES } from "../../../apps/hub/scheduling/images";
import { hubCharts } from "../../../apps/hub/chart";
import type { HubPlan } from "../../../apps/hub/plan";
import { findingText } from "../../../environment/findings";
import { KUBERNETES_VERSIONS } from "../../../environment/schema/cluster";
import { releaseOf } from "../../../platform/machines/kubernetes/releases";
import { checkEnvironment } from "../../environments";
import {
  changed,
  configOf,
  environmentOf,
  plannedOf,
  stackFiles,
  type Json,
} from "../../environment/configs";
import { renderChart } from "../manifests";
import { outline } from "../outline";
import { environmentWith, hubPlan, NATIVE, VARIANTS } from "./hubs";

const ALL: Json = {
  "apps.hub.scheduling": {
    userScheduler: true,
    userPlaceholder: { replicas: 2, cpu: "7", memory: "14Gi" },
    continuousImagePuller: true,
  },
};

test("scheduler, placeholders, pullers and priorities", () => {
  const { scheduling } = hubPlan({ ...NATIVE, ...VARIANTS["profiles"], nodePurpose: "require" }, ALL);
  if (scheduling === undefined) throw new Error("nothing is planned");
  const chart = new HubSchedulingChart(new App(), "hub-scheduling", scheduling);
  expect(outline(renderChart(chart).manifests)).toMatchSnapshot();
});

test("nothing is made that is not asked for, but priorities and the namespace", () => {
  const { scheduling } = hubPlan(NATIVE, { "apps.hub.scheduling": {} });
  if (scheduling === undefined) throw new Error("nothing is planned");
  const { manifests } = renderChart(new HubSchedulingChart(new App(), "hub-scheduling", scheduling));
  expect([...new Set(manifests.map(({ kind }) => kind))].sort()).toEqual([
    "LimitRange",
    "Namespace",
    "NetworkPolicy",
    "PriorityClass",
    "ResourceQuota",
  ]);
});

test("two hubs share one set", () => {
  const { parts } = plannedOf(configOf("hubs", environmentWith({ physics: NATIVE, biology: NATIVE }, ALL)));
  const app = new App();
  hubCharts(app, parts["hub"] as readonly HubPlan[]);
  const names = app.node.children.map(({ node }) => node.id);
  expect(names).toEqual(["hub-physics", "hub-biology", "hub-scheduling"]);
});

test("the scheduler has the release of the cluster", () => {
  const known = KUBERNETES_VERSIONS.map((version) => [version, `v${releaseOf({ version }).release}`]);
  expect(Object.entries(SCHEDULER_RELEASES)).toEqual(known);
  const changes = { ...ALL, "cluster.release": "1.36.2" };
  expect(hubPlan(NATIVE, changes).scheduling?.scheduler?.tag).toBe("v1.36.2");
});

describe("what cannot be made", () => {
  const scheduling = { userScheduler: true };
  const said = (config: ReturnType<typeof configOf>): readonly string[] =>
    checkEnvironment(config)
      .filter(({ severity, id }) => severity === "error" && id === "hub.scheduling")
      .map(findingText);

  test("on a cluster of a release that the program has no scheduler of", () => {
    const existing = environmentOf(stackFiles().get("existing-cluster") ?? {}) as Json;
    const changes = { "cluster.version": "1.34", "apps.hub": { scheduling, hubs: { physics: NATIVE } } };
    expect(said(configOf("science", changed(existing, changes)))).toEqual([
      "apps.hub.scheduling.userScheduler: needs a scheduler of Kubernetes 1.34, and the program knows those of 1.25, 1.35, 1.36, 1.37; leave it out",
    ]);
  });

  test("by a tenant", () => {
    const tenant = { domain: "test.example.org", cluster: { kind: "shared", owner: "prod" } };
    const apps = { hub: { scheduling, hubs: { physics: NATIVE } } };
    expect(said(configOf("test", { ...tenant, apps }))).toEqual([
      "apps.hub.scheduling: makes priorities and a scheduler for the whole cluster, which a tenant may not; leave it out, and set it in the environment that owns the cluster",
    ]);
  });
});
