/** The Kubernetes provider under the real engine: a cluster whose API comes late, and one that is called by another name. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as kubernetes from "@pulumi/kubernetes";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { kubernetesProvider, kubernetesProviderOptions } from "../../deploy/kubernetes-provider";
import { serve, type Serving } from "../../provider-protocol";
import { ClusterReady, LabsteadProvider } from "../../provider/sdk";
import { Engine } from "../../rehearsal/engine";
import { clusterPackages, type ClusterPackages } from "../rehearsal/kubernetes/cluster-packages";
import { CLUSTER_ADDRESS, kubeconfig } from "../rehearsal/kubernetes/harness";
import { pulumiExecutable } from "../rehearsal/engine-lab";

const ADMIN = JSON.stringify({
  ...(JSON.parse(kubeconfig(CLUSTER_ADDRESS)) as object),
  users: [{ name: "admin", user: { token: "token" } }],
});

/** What the program of a test does: it changes between runs. */
interface Wanted {
  readonly clusterIdentifier: string;
  /** The provider as a program makes it that does not know of either trap. */
  readonly careless?: boolean;
}

let folder: string;
let packages: ClusterPackages;
let serving: readonly Serving[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "labstead-provider-"));
  packages = clusterPackages(join(folder, "cloud"), { late: true });
  serving = [await serve(packages.kubernetes), await serve(packages.labstead)];
});
afterEach(async () => {
  await Promise.all(serving.map((each) => each.close()));
  packages.clusters.close();
  rmSync(folder, { recursive: true });
});

function programOf({ clusterIdentifier, careless = false }: Wanted): PulumiFn {
  return () => {
    const settings = { kubeconfig: ADMIN, clusterIdentifier };
    const labstead = new LabsteadProvider("labstead");
    const gate = new ClusterReady("lab", { kubeconfig: ADMIN }, { provider: labstead });
    const provider = careless
      ? new kubernetes.Provider("lab", kubernetesProviderOptions(settings))
      : kubernetesProvider("lab", settings, { dependsOn: [gate] });
    const metadata = { name: "lab" };
    new kubernetes.core.v1.Namespace("lab", { metadata }, { provider, dependsOn: [gate] });
    return Promise.resolve();
  };
}

function engine(wanted: Wanted): Promise<Engine> {
  const [objects, labstead] = serving.map(({ port }) => String(port));
  return Engine.open({
    directory: join(folder, "work"),
    pulumi: pulumiExecutable(),
    source: { project: "lab", stack: "prod" },
    program: programOf(wanted),
    debugProviders: `kubernetes:${objects ?? ""},labstead:${labstead ?? ""}`,
    checkpoints: false,
  });
}

const namespaces = (): readonly unknown[] =>
  [...packages.clusters.cluster(CLUSTER_ADDRESS).objects()]
    .map((each) => (each["metadata"] as { readonly name: string }).name)
    .filter((name) => name === "lab");

test("a first up waits for an API that comes late, and an up that begins without one passes", async () => {
  const { changes } = await (await engine({ clusterIdentifier: "prod" })).up();
  expect(changes).toEqual({ create: 5 });
  expect(namespaces()).toEqual(["lab"]);
});

test("a provider that does not wait for the gate remembers that there was no API", async () => {
  const careless = await engine({ clusterIdentifier: "prod", careless: true });
  await expect(careless.up()).rejects.toThrow(
    "configured Kubernetes cluster is unreachable: unable to load schema information from the API server",
  );
});

test("a cluster that is called by another name keeps every object", async () => {
  await (await engine({ clusterIdentifier: "prod/lab" })).up();
  expect((await (await engine({ clusterIdentifier: "prod" })).up()).changes).toEqual({ same: 5 });
  expect(namespaces()).toEqual(["lab"]);
});

test("without that, the engine recreates all of it in the one cluster that there is", async () => {
  await (await engine({ clusterIdentifier: "prod/lab" })).up();
  const careless = await engine({ clusterIdentifier: "prod", careless: true });
  await expect(careless.up()).rejects.toThrow('namespaces "lab" already exists');
});
