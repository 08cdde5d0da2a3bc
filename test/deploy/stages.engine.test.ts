/**
 * Parts of a cluster by the real engine on the built-in cloud, as resources and as sets: the network plugin comes before
 * what runs pods, and goes after it.
 */
import * as kubernetes from "@pulumi/kubernetes";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { ApiObject, App, Chart } from "cdk8s";
import { ValueBindings } from "../../deploy/bindings";
import { planCharts } from "../../deploy/plan";
import { registerPlan, type DeployMode } from "../../deploy/register";
import { Catalog } from "../../environment/parts/catalog";
import { component } from "../../environment/parts/part";
import { kubeRouter } from "../../platform/cluster/kube-router/part";
import { LabsteadProvider } from "../../provider/sdk";
import { changed, configOf, ownerBase, plannedOf } from "../environment/configs";
import { openClusterStack, type ClusterStack } from "../rehearsal/kubernetes/cluster-stack";
import { KUBECONFIG } from "../provider/apply-set/set";

/** A part with a pod; before the network plugin in the catalog, and after it in the cluster. */
const web = component({
  key: "web",
  title: "web",
  plan: () => ({}),
  charts: () => (scope) => {
    const chart = new Chart(scope, "web");
    new ApiObject(chart, "Namespace", { apiVersion: "v1", kind: "Namespace", metadata: { name: "web" } });
    const labels = { app: "web" };
    const template = { metadata: { labels }, spec: { containers: [{ name: "main", image: "nginx:1" }] } };
    new ApiObject(chart, "Deployment", {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", namespace: "web" },
      spec: { replicas: 1, selector: { matchLabels: labels }, template },
    });
  },
});

const { parts } = plannedOf(
  configOf("lab", changed(ownerBase(), { "cluster.cni": { kind: "kube-router" } })),
);

/** As an environment deploys its charts. */
function sets(): DeployMode {
  return {
    kind: "applySet",
    name: "lab",
    provider: new LabsteadProvider("labstead"),
    settings: { kubeconfig: KUBECONFIG, salt: "a salt for the digests of tests" },
    division: { kind: "namespaces" },
    apart: ({ manifest }) => manifest.kind === "Namespace",
  };
}

async function program(deploy: DeployMode): Promise<void> {
  await Promise.resolve();
  const provider = new kubernetes.Provider("lab", {
    kubeconfig: KUBECONFIG,
    clusterIdentifier: "lab",
    enableServerSideApply: true,
  });
  const app = new App();
  new Catalog([web, kubeRouter]).render(app, { web: {}, "kube-router": parts["kube-router"] });
  registerPlan(planCharts(app), { provider, bindings: ValueBindings.of({}), deploy });
}

/** Beginnings and ends of the operations on objects, in the order of the engine's events. */
class Sequence {
  readonly #seen: string[] = [];

  readonly onEvent = ({ resourcePreEvent, resOutputsEvent }: EngineEvent): void => {
    if (resourcePreEvent !== undefined) this.note("begin", resourcePreEvent.metadata.urn);
    if (resOutputsEvent !== undefined) this.note("end", resOutputsEvent.metadata.urn);
  };

  private note(moment: "begin" | "end", urn: string): void {
    if (/kubernetes:|ApplySet/.test(urn) && !urn.includes("pulumi:providers"))
      this.#seen.push(`${moment} ${urn.split("::").at(-1) ?? ""}`);
  }

  /** Places of a moment of objects below a namespace's name or of its set, and of the namespace itself. */
  places(moment: "begin" | "end", namespace: string): readonly number[] {
    const name = new RegExp(`^${moment} (lab/namespace/)?${namespace}(/|$)`);
    return this.#seen.flatMap((each, place) => (name.test(each) ? [place] : []));
  }
}

describe.each([
  ["as resources", (): DeployMode => ({ kind: "objects" }), 6],
  ["as sets", sets, 2],
] as const)("%s", (_how, deploy, resources) => {
  let stack: ClusterStack;
  beforeAll(async () => {
    stack = await openClusterStack(() => program(deploy()));
  });
  afterAll(() => stack.close());

  test("nothing of a later stage begins before all of the network plugin has come to its end", async () => {
    const sequence = new Sequence();
    await stack.engine.up({ onEvent: sequence.onEvent });
    const [ends, begins] = [sequence.places("end", "kube-router"), sequence.places("begin", "web")];
    expect(ends.length).toBe(resources);
    expect(begins.length).toBe(2);
    expect(Math.max(...ends)).toBeLessThan(Math.min(...begins));
  });

  test("the second preview is empty", async () => {
    const { changes } = await stack.engine.preview();
    expect(Object.keys(changes)).toEqual(["same"]);
  });

  test("the network plugin goes when nothing of a later stage is left", async () => {
    const sequence = new Sequence();
    await stack.engine.destroy({ onEvent: sequence.onEvent });
    const [ends, begins] = [sequence.places("end", "web"), sequence.places("begin", "kube-router")];
    expect(ends.length).toBe(2);
    expect(Math.max(...ends)).toBeLessThan(Math.min(...begins));
  });
});
