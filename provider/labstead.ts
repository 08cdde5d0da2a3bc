/** The package `labstead`: what no other provider has and a lab needs. */
import { clusterReadyHandler } from "./cluster-ready/handler";
import type { Pace } from "./cluster-ready/handler";
import type { Probe } from "./cluster-ready/probe";
import { ChangeGuard } from "./change-guard/handler";
import { CHANGE_GUARD, CHANGES_JUDGED, CLUSTER_READY, ROLLOUT, SERVER_READY, TENANT_PROTECTION } from "./tokens";
import { rolloutHandler } from "./rollout/handler";
import { serverReadyHandler } from "./server-ready/handler";
import type { NodePace } from "./server-ready/handler";
import type { Nodes } from "./server-ready/nodes";
import { tenantProtectionHandler } from "./tenant-protection/handler";
import type { LookPace } from "./tenant-protection/handler";
import type { NamespaceProbe } from "./tenant-protection/probe";
import type { ConfiguredPackage, PackageHandler, ResourceHandler } from "./rpc";

export type { Nodes, NodeSeen, NodeTarget, PodSeen } from "./server-ready/nodes";
export type { Observation, Probe, ProbeTarget } from "./cluster-ready/probe";
export { ENVIRONMENT_LABEL } from "./tenant-protection/probe";
export type {
  NamespaceObservation,
  NamespaceProbe,
  NamespaceTarget,
  SignOfLife,
} from "./tenant-protection/probe";

/** Of the plugin and its protocol; the program and the plugin come from one repository. */
const VERSION = "0.1.0";

export interface LabsteadOptions {
  /** How ClusterReady looks at a cluster. */
  readonly probe: Probe;
  /** How TenantProtection looks at a namespace. */
  readonly namespaceProbe: NamespaceProbe;
  /** How ServerReady reaches nodes. */
  readonly nodes: Nodes;
  /** @default a look every 2 s of at most 10 s; a refusal is final after 60 s */
  readonly pace?: Pace;
  /** @default three looks of at most 10 s, 2 s between them */
  readonly lookPace?: LookPace;
  /** @default a look every 2 s of at most 10 s, three where there is no answer */
  readonly nodePace?: NodePace;
}

export function labsteadPackage(options: LabsteadOptions): PackageHandler {
  const resources: ReadonlyMap<string, ResourceHandler> = new Map([
    [CLUSTER_READY, clusterReadyHandler(options.probe, options.pace)],
    [ROLLOUT, rolloutHandler()],
    [SERVER_READY, serverReadyHandler(options.nodes, options.nodePace)],
    [TENANT_PROTECTION, tenantProtectionHandler(options.namespaceProbe, options.lookPace)],
  ]);
  return {
    name: "labstead",
    version: VERSION,
    configure: () => Promise.resolve(configured(resources)),
  };
}

/** The guard is one for each phase of each stack: it knows whether it was asked. */
function configured(resources: ReadonlyMap<string, ResourceHandler>): ConfiguredPackage {
  const guard = new ChangeGuard();
  return {
    resource: (type) => (type === CHANGE_GUARD ? guard : resources.get(type)),
    invoke: ({ token }) => {
      if (token !== CHANGES_JUDGED) throw new Error(`the package labstead has no function ${token}`);
      return Promise.resolve({ result: { judged: guard.judged } });
    },
  };
}
