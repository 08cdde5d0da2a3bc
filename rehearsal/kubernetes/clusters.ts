/** All clusters of the built-in cloud, in one file. */
import { join } from "node:path";

import { Journal } from "../journal";
import { LocalCluster } from "./local-cluster";
import type { StoredObject } from "./local-cluster";

/** How clusters depend on the rest of the built-in cloud. */
export interface ClusterSurroundings {
  /** Nodes of a cluster that are ready; undefined: as many as a client waits for. @default undefined */
  readonly nodes?: (cluster: string) => number | undefined;
  /** Why a cluster does not answer; undefined if it does. @default every cluster answers */
  readonly unreachable?: (cluster: string) => string | undefined;
  /**
   * Whether the API of a new cluster starts late, as a real one does: not before a client waits for it.
   * @default false: every cluster has started
   */
  readonly late?: boolean;
}

/** A client's error while an API server has not started yet. */
const NOT_YET = "dial tcp: connect: connection refused";

/** Stores nothing: for a cluster that does not exist. */
const NOWHERE = { entries: () => [], set: () => undefined, delete: () => undefined };

/** Between the cluster and the object in a key; no identifier of a cluster holds it. */
const SEPARATOR = "\0";

/** Nodes on which a DaemonSet runs if the number of nodes is unknown. */
const USUAL_NODES = 3;

export class Clusters {
  readonly #journal: Journal<StoredObject>;
  readonly #open = new Map<string, LocalCluster>();
  readonly #stored = new Map<string, [string, StoredObject][]>();

  /** @param directory of the file; one process at a time */
  constructor(
    directory: string,
    private readonly surroundings: ClusterSurroundings = {},
  ) {
    this.#journal = new Journal(join(directory, "kubernetes.jsonl"));
    for (const [key, object] of this.#journal.entries()) {
      const [cluster = "", name = ""] = key.split(SEPARATOR);
      const objects = this.#stored.get(cluster) ?? [];
      objects.push([name, object]);
      this.#stored.set(cluster, objects);
    }
  }

  /** The cluster of an identity, as far as it is there; a new one has only what every cluster has. */
  cluster(identity: string): LocalCluster {
    if (!this.hasStarted(identity)) return new LocalCluster(NOWHERE, () => 0);
    return this.#open.get(identity) ?? this.#opened(identity);
  }

  /** A client waits for the cluster's API server, which answers from the next request on. */
  startServer(identity: string): void {
    if (!this.hasStarted(identity)) this.#opened(identity);
  }

  private hasStarted(identity: string): boolean {
    return this.surroundings.late !== true || this.#open.has(identity) || this.#stored.has(identity);
  }

  #opened(identity: string): LocalCluster {
    const key = (name: string): string => `${identity}${SEPARATOR}${name}`;
    const store = {
      entries: () => this.#stored.get(identity) ?? [],
      set: (name: string, object: StoredObject) => this.#journal.set(key(name), object),
      delete: (name: string) => this.#journal.delete(key(name)),
    };
    const cluster = new LocalCluster(store, () => this.nodes(identity) ?? USUAL_NODES);
    this.#open.set(identity, cluster);
    this.#stored.delete(identity);
    return cluster;
  }

  /** Clusters that were ever written to. */
  identities(): readonly string[] {
    return [...new Set([...this.#stored.keys(), ...this.#open.keys()])];
  }

  nodes(identity: string): number | undefined {
    return this.surroundings.nodes?.(identity);
  }

  unreachable(identity: string): string | undefined {
    const problem = this.surroundings.unreachable?.(identity);
    return problem ?? (this.hasStarted(identity) ? undefined : NOT_YET);
  }

  close(): void {
    this.#journal.close();
  }
}
