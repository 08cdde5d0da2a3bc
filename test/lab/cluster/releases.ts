/** Which Kubernetes release each part of a cluster has, without a leading `v`. */
import type { TestCluster } from "./cluster";

type Releases = Readonly<Record<string, string>>;

/** Of each node's kubelet, by the node's name. */
export async function nodeReleases(cluster: TestCluster): Promise<Releases> {
  const line = '{range .items[*]}{.metadata.name} {.status.nodeInfo.kubeletVersion}{"\\n"}{end}';
  const text = await cluster.kubectlMust(["get", "nodes", "--output", `jsonpath=${line}`]);
  const lines = text.trim().split("\n");
  return Object.fromEntries(lines.map((each) => each.split(" v") as [string, string]));
}

/** Of the API server that runs on each control plane, by the server's key. */
export async function serverReleases(cluster: TestCluster, keys: readonly string[]): Promise<Releases> {
  const releases: [string, string][] = [];
  for (const key of keys) {
    const url = "https://127.0.0.1:6443/version";
    const answer = await cluster.machine(key).must(["curl", "--silent", "--fail", "--insecure", url]);
    const { gitVersion } = JSON.parse(answer) as { readonly gitVersion: string };
    releases.push([key, gitVersion.slice(1)]);
  }
  return Object.fromEntries(releases);
}

const SETTINGS = ["--namespace", "kube-system", "get", "configmap", "kubeadm-config", "--output", "yaml"];
const RELEASE = /kubernetesVersion: v(\S+)/;

/** What kubeadm's settings in the cluster say, which new nodes join by. */
export async function clusterRelease(cluster: TestCluster): Promise<string> {
  return RELEASE.exec(await cluster.kubectlMust(SETTINGS))?.[1] ?? "";
}

/** Puts another release there, as if nobody had brought the settings to theirs. */
export async function forgetRelease(cluster: TestCluster, release: string): Promise<void> {
  const text = (await cluster.kubectlMust(SETTINGS)).replace(RELEASE, `kubernetesVersion: v${release}`);
  await cluster.kubectlMust(["replace", "--filename", "-"], text);
}

/** The image of the first container of something in kube-system. */
export async function imageOf(cluster: TestCluster, what: string): Promise<string> {
  const containers = what.startsWith("pod/") ? ".spec.containers" : ".spec.template.spec.containers";
  const path = `jsonpath={${containers}[0].image}`;
  return cluster.kubectlMust(["--namespace", "kube-system", "get", what, "--output", path]);
}
