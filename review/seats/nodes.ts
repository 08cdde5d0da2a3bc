/** The pools of a cluster's nodes, and what is free on each node before anybody comes. */
import { fieldOf, type Manifest } from "../../deploy/manifest";
import type { DeployPlan } from "../../deploy/plan";
import type { EnvironmentPlan, ServerPlan } from "../../environment/plan/types";
import { mebibytes, millicores } from "../../environment/schema/quantities";
import { added, mayRunOn, NO_AMOUNTS, podAmounts, type Amounts } from "./pods";

/** What is planned of a cluster: its servers, and the objects on it. */
export interface PlannedCluster {
  readonly plan: EnvironmentPlan;
  readonly deploy: DeployPlan;
}

/** Nodes that are alike: of one pool, with one flavor. */
export interface NodePool {
  readonly name: string;
  readonly nodes: number;
  /** One of them. */
  readonly server: ServerPlan;
  readonly size: Amounts;
  /** What the system, the kubelet and eviction keep of each. */
  readonly reserved: Amounts;
  /** kube-proxy, and the DaemonSets of the lab that run there. */
  readonly daemons: Amounts;
  /** Of each node's share of workloads that can run in no other pool. */
  readonly others: Amounts;
}

/** kubeadm's DaemonSet, which requests nothing. */
const KUBE_PROXY: Amounts = { ...NO_AMOUNTS, pods: 1 };

export function freeOn({ size, reserved, daemons, others }: NodePool): Amounts {
  const used = [reserved, daemons, others].reduce(added, NO_AMOUNTS);
  return {
    cpuMillis: size.cpuMillis - used.cpuMillis,
    memoryMiB: size.memoryMiB - used.memoryMiB,
    pods: size.pods - used.pods,
  };
}

/** The volumes of one server, and the one that it boots from. */
export function disksOf(
  { key, bootVolume }: ServerPlan,
  { volumes }: Pick<EnvironmentPlan, "volumes">,
): readonly Pick<EnvironmentPlan["volumes"][number], "volumeType" | "sizeGiB">[] {
  const own = volumes.filter(({ server }) => server === key);
  return bootVolume === undefined ? own : [...own, bootVolume];
}

export interface NodePools {
  readonly known: readonly NodePool[];
  readonly unknown: readonly string[];
}

/** Pools of workers; control planes that take pods are for the lab's own. */
export function poolsOf(cluster: PlannedCluster): NodePools {
  const { plan } = cluster;
  const groups = new Map<string, readonly ServerPlan[]>();
  for (const server of plan.servers.filter(({ role }) => role === "workers")) {
    const name = `${server.pool} (${server.flavor})`;
    groups.set(name, [...(groups.get(name) ?? []), server]);
  }
  const pools = [...groups].map(([name, servers]) => ({ name, servers }));
  const isKnown = ({ servers }: Group) => plan.project.flavors[servers[0]?.flavor ?? ""] !== undefined;
  return {
    known: pools.filter(isKnown).flatMap((group) => nodePool(group, pools, cluster)),
    unknown: pools
      .filter((group) => !isKnown(group))
      .map(
        ({ name, servers }) => `${name}: its size is not known; write flavors.${servers[0]?.flavor ?? ""}`,
      ),
  };
}

/**
 * The most CPU and the most memory that a worker has free with nothing but DaemonSets on it; undefined where a size is
 * not known, or where pods also run on control planes.
 */
export function largestNode(cluster: PlannedCluster): Amounts | undefined {
  const { known, unknown } = poolsOf(cluster);
  const onWorkersOnly = !cluster.plan.cluster.schedulableControlPlane;
  if (known.length === 0 || unknown.length > 0 || !onWorkersOnly) return undefined;
  const free = known.map((pool) => freeOn({ ...pool, others: NO_AMOUNTS }));
  const most = (amount: keyof Amounts) => Math.max(...free.map((each) => each[amount]));
  return { cpuMillis: most("cpuMillis"), memoryMiB: most("memoryMiB"), pods: most("pods") };
}

interface Group {
  readonly name: string;
  readonly servers: readonly ServerPlan[];
}

function nodePool(
  { name, servers }: Group,
  all: readonly Group[],
  { plan, deploy }: PlannedCluster,
): readonly NodePool[] {
  const [server] = servers;
  const flavor = plan.project.flavors[server?.flavor ?? ""];
  const settings = plan.nodeSettings?.nodes;
  if (server === undefined || flavor === undefined || settings === undefined) return [];
  const { systemReserved, kubeReserved, eviction, maxPods } = settings;
  const manifests = deploy.objects.map(({ manifest }) => manifest);
  const daemons = manifests.filter((each) => each.kind === "DaemonSet" && mayRunOn(server, each));
  const givingWay = classesThatGiveWay(manifests);
  const others = manifests
    .filter(({ kind }) => kind === "Deployment" || kind === "StatefulSet")
    .filter((each) => !givingWay.has(fieldOf(each, "spec", "template", "spec", "priorityClassName")))
    .filter((each) => all.every((group) => (group.name === name) === mayRunIn(group, each)));
  return [
    {
      ...{ name, nodes: servers.length, server },
      size: { cpuMillis: flavor.vcpus * 1000, memoryMiB: flavor.ramMiB, pods: maxPods },
      reserved: {
        cpuMillis: millicores(systemReserved.cpu) + millicores(kubeReserved.cpu),
        memoryMiB: [systemReserved.memory, kubeReserved.memory, eviction.memory]
          .map(mebibytes)
          .reduce((total, amount) => total + amount, 0),
        pods: 0,
      },
      daemons: daemons.map(podAmounts).reduce(added, KUBE_PROXY),
      others: shared(
        others.map((each) => times(podAmounts(each), replicasOf(each))).reduce(added, NO_AMOUNTS),
        servers.length,
      ),
    },
  ];
}

/** Priorities below the default: such pods, as placeholders of hubs, lose their place to a person's server. */
function classesThatGiveWay(manifests: readonly Manifest[]): ReadonlySet<unknown> {
  return new Set(
    manifests
      .filter(({ kind }) => kind === "PriorityClass")
      .filter((each) => Number(each["value"] ?? 0) < 0)
      .map(({ metadata }) => metadata.name),
  );
}

function mayRunIn({ servers }: Group, manifest: Parameters<typeof mayRunOn>[1]): boolean {
  return servers[0] !== undefined && mayRunOn(servers[0], manifest);
}

function replicasOf(manifest: Parameters<typeof mayRunOn>[1]): number {
  const { replicas } = (manifest["spec"] ?? {}) as { readonly replicas?: unknown };
  return typeof replicas === "number" ? replicas : 1;
}

function times({ cpuMillis, memoryMiB, pods }: Amounts, count: number): Amounts {
  return { cpuMillis: cpuMillis * count, memoryMiB: memoryMiB * count, pods: pods * count };
}

function shared({ cpuMillis, memoryMiB, pods }: Amounts, nodes: number): Amounts {
  return {
    cpuMillis: Math.ceil(cpuMillis / nodes),
    memoryMiB: Math.ceil(memoryMiB / nodes),
    pods: Math.ceil(pods / nodes),
  };
}
