/** The package `labstead`: resources that a lab needs and no other provider has. */
import { applySetHandler } from "./apply-set/handler";
import type { OpenCluster } from "./apply-set/objects";
import { APPLY_SET } from "./apply-set/token";
import { clusterInitHandler } from "./cluster-init/handler";
import { permitWriter } from "./cluster-init/permits";
import { CLUSTER_INIT } from "./cluster-init/token";
import type { ClusterCloud } from "./cluster-made/cloud";
import { clusterMadeHandler } from "./cluster-made/handler";
import { CLUSTER_MADE } from "./cluster-made/token";
import { clusterReadyHandler } from "./cluster-ready/handler";
import type { Pace } from "./cluster-ready/handler";
import type { Probe } from "./cluster-ready/probe";
import { CLUSTER_READY } from "./cluster-ready/token";
import { ChangeGuardHandler } from "./change-guard/handler";
import { CHANGE_GUARD, CHANGES_JUDGED } from "./change-guard/token";
import { machineFilesHandler } from "./machine-files/handler";
import type { MachineAccess } from "./machine-files/handler";
import { MACHINE_FILES } from "./machine-files/token";
import { etcdMembersHandler } from "./etcd/handler";
import { Membership } from "./etcd/membership";
import { etcdMemberGate } from "./etcd/member-gate";
import type { EtcdAccess } from "./etcd/member-gate";
import { sshEtcd } from "./etcd/ssh-etcd";
import { ETCD_MEMBERS } from "./etcd/token";
import { text } from "./inputs";
import { rolloutHandler } from "./rollout/handler";
import { ROLLOUT } from "./rollout/token";
import { serverReadyHandler } from "./server-ready/handler";
import { httpClusters } from "./kubernetes-api/http-objects";
import type { NodePace } from "./server-ready/drain";
import type { Nodes } from "./server-ready/nodes";
import { SERVER_READY } from "./server-ready/token";
import { tenantProtectionHandler } from "./tenant-protection/handler";
import type { LookPace } from "./tenant-protection/handler";
import type { NamespaceProbe } from "./tenant-protection/probe";
import { TENANT_PROTECTION } from "./tenant-protection/token";
import type { ConfiguredPackage, PackageHandler, ResourceHandler } from "../provider-protocol";

export { NOTHING_MADE, realCloud } from "./cluster-made/cloud";
export type { ClusterCloud } from "./cluster-made/cloud";
export type { ClusterAccess } from "./kubernetes-api/kubeconfig";
export { DELETE_DATA, deletesDataByEnvironment } from "./apply-set/delete-data";
export { ApiRefusal, NoAnswer } from "./apply-set/objects";
export type { ClusterObjects, LiveObject, OpenCluster } from "./apply-set/objects";
export type { GroupKind, ObjectRef } from "./apply-set/entries";
export { skipsDrainByEnvironment } from "./server-ready/skipped-nodes";
export type { Nodes, NodeObservation, NodeTarget, MovablePod } from "./server-ready/nodes";
export type { MachineAccess } from "./machine-files/handler";
export type { Observation, Probe, ProbeTarget } from "./cluster-ready/probe";
export { ENVIRONMENT_LABEL } from "./tenant-protection/probe";
export type {
  NamespaceObservation,
  NamespaceProbe,
  NamespaceTarget,
  TenantObject as SignOfLife,
} from "./tenant-protection/probe";

/** Of the plugin and its protocol; the program and the plugin come from one repository. */
const VERSION = "0.1.0";

export interface LabsteadOptions {
  /** How ClusterReady checks a cluster. */
  readonly probe: Probe;
  /** How TenantProtection checks a namespace. */
  readonly namespaceProbe: NamespaceProbe;
  /** How ServerReady accesses nodes. */
  readonly nodes: Nodes;
  /** How ApplySet accesses the objects of a cluster. @default by HTTPS */
  readonly openCluster?: OpenCluster;
  /** Where ClusterMade looks for what a cluster has made. */
  readonly cloud: ClusterCloud;
  /**
   * Whether a deletion of an ApplySet deletes claims, volumes, Namespaces and definitions too, and that of ClusterMade
   * volumes. @default false
   */
  readonly deletesData?: boolean;
  /** How MachineFiles connects to servers. @default by SSH */
  readonly machines?: MachineAccess;
  /** How gates of control planes connect to etcd. @default as MachineFiles connects to servers */
  readonly etcd?: EtcdAccess;
  /** @default a check every 2 s of at most 10 s; a refusal is final after 60 s */
  readonly pace?: Pace;
  /** @default three checks of at most 10 s, 2 s between them */
  readonly lookPace?: LookPace;
  /** @default a check every 2 s of at most 10 s, three if there is no answer */
  readonly nodePace?: NodePace;
  /** Names of nodes that ServerReady does not drain. @default none */
  readonly skipDrain?: readonly string[];
  /** Names of nodes whose etcd member ServerReady does not change. @default none */
  readonly skipEtcd?: readonly string[];
}

export function labsteadPackage(options: LabsteadOptions): PackageHandler {
  const { openCluster = httpClusters() } = options;
  const resources: ReadonlyMap<string, ResourceHandler> = new Map([
    [CLUSTER_READY, clusterReadyHandler(options.probe, options.pace)],
    [ROLLOUT, rolloutHandler()],
    [TENANT_PROTECTION, tenantProtectionHandler(options.namespaceProbe, options.lookPace)],
  ]);
  return {
    name: "labstead",
    version: VERSION,
    configure: () => Promise.resolve(configured(resources, { ...options, openCluster })),
  };
}

/**
 * Stateful handlers exist once for each phase of each stack: the guard knows whether it has run, MachineFiles and
 * ApplySet have the contents, and the gates of servers have the members of EtcdMembers.
 */
function configured(
  shared: ReadonlyMap<string, ResourceHandler>,
  options: LabsteadOptions & Required<Pick<LabsteadOptions, "openCluster">>,
): ConfiguredPackage {
  const {
    machines = { kind: "ssh" },
    etcd = etcdAccess(machines),
    nodes,
    nodePace: pace,
    skipDrain,
    deletesData = false,
  } = options;
  const guard = new ChangeGuardHandler();
  const membership = new Membership();
  const memberGate = etcdMemberGate(membership, etcd, options.skipEtcd);
  const resources = new Map([
    ...shared,
    [APPLY_SET, applySetHandler({ open: options.openCluster, deletesData })] as const,
    [CLUSTER_MADE, clusterMadeHandler({ cloud: options.cloud, deletesData })] as const,
    [CHANGE_GUARD, guard] as const,
    [MACHINE_FILES, machineFilesHandler(machines)] as const,
    [CLUSTER_INIT, clusterInitHandler(permitWriter(machines))] as const,
    [ETCD_MEMBERS, etcdMembersHandler(membership)] as const,
    [SERVER_READY, serverReadyHandler({ nodes, memberGate, pace, skipDrain })] as const,
  ]);
  return {
    resource: (type) => resources.get(type),
    invoke: ({ token, args }) => {
      if (token !== CHANGES_JUDGED) throw new Error(`the package labstead has no function ${token}`);
      return Promise.resolve({ result: { ...guard.judgement(text(args["urn"])) } });
    },
  };
}

function etcdAccess(machines: MachineAccess): EtcdAccess {
  return machines.kind === "none" ? machines : { kind: "asked", etcd: sshEtcd() };
}
