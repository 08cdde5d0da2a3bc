/** The package `labstead`: what no other provider has and a lab needs. */
import { clusterReadyHandler } from "./cluster-ready/handler";
import type { Pace } from "./cluster-ready/handler";
import type { Probe } from "./cluster-ready/probe";
import { CLUSTER_READY } from "./tokens";
import type { PackageHandler, ResourceHandler } from "./rpc";

export type { Observation, Probe, ProbeTarget } from "./cluster-ready/probe";

/** Of the plugin and its protocol; the program and the plugin come from one repository. */
const VERSION = "0.1.0";

export interface LabsteadOptions {
  /** How ClusterReady looks at a cluster. */
  readonly probe: Probe;
  /** @default a look every 2 s of at most 10 s; a refusal is final after 60 s */
  readonly pace?: Pace;
}

export function labsteadPackage({ probe, pace }: LabsteadOptions): PackageHandler {
  const resources: ReadonlyMap<string, ResourceHandler> = new Map([
    [CLUSTER_READY, clusterReadyHandler(probe, pace)],
  ]);
  return {
    name: "labstead",
    version: VERSION,
    configure: () => Promise.resolve({ resource: (type) => resources.get(type) }),
  };
}
