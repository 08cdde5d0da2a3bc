/** One node of a cluster: the inputs from which its files are rendered. */
import { addressText } from "../../../environment/address-text";
import { apiOf } from "../../../environment/plan/api";
import type { EnvironmentPlan, NodeSettingsPlan, ServerPlan } from "../../../environment/plan/types";
import { volumeUnit } from "../base/volumes";
import { releaseOf, type Release } from "./releases";
import { DATA, ETCD } from "./paths";

export interface Node {
  readonly server: ServerPlan;
  readonly plan: EnvironmentPlan;
  readonly cluster: NodeSettingsPlan;
  readonly release: Release;
  readonly controlPlane: boolean;
  /** Address of the node, or the marker of one that Neutron chooses. */
  readonly address: string;
  /** `<address>:<port>` of the API, for all nodes and clients. */
  readonly endpoint: string;
  /** Units of the volumes that the node's services need. */
  readonly dataUnit?: string;
  readonly etcdUnit?: string;
}

/** @throws Error for a server that is not a node: a bug in the program */
export function nodeOf(server: ServerPlan, plan: EnvironmentPlan): Node {
  const { nodeSettings } = plan;
  if (nodeSettings === undefined || (server.role !== "controlPlane" && server.role !== "workers"))
    throw new Error(`${server.key} is no Kubernetes node of ${plan.environment}`);
  const api = apiOf(plan.cluster);
  const dataUnit = unitAt(DATA, server, plan);
  const etcdUnit = server.role === "controlPlane" ? unitAt(ETCD, server, plan) : undefined;
  return {
    server,
    plan,
    cluster: nodeSettings,
    release: releaseOf(nodeSettings),
    controlPlane: server.role === "controlPlane",
    address: addressText(server.address),
    endpoint: `${addressText(api.address)}:${String(api.port)}`,
    ...(dataUnit === undefined ? {} : { dataUnit }),
    ...(etcdUnit === undefined ? {} : { etcdUnit }),
  };
}

/** Addresses of the other control planes. */
export function peersOf({ plan, server }: Node): readonly string[] {
  return plan.servers
    .filter((each) => each.role === "controlPlane" && each.key !== server.key)
    .map((each) => addressText(each.address));
}

function unitAt(mountPoint: string, server: ServerPlan, plan: EnvironmentPlan): string | undefined {
  const volume = plan.volumes.find(
    ({ server: of, use }) => of === server.key && use.kind === "filesystem" && use.mountPoint === mountPoint,
  );
  return volume === undefined ? undefined : volumeUnit(volume.key);
}
