/** Pods that copy a hub's database, and where they connect to. */
import { outwardFlow, type ClientEndpoint, type Flow } from "../../../environment/parts/flows";
import type { BackupsConfig } from "./configuration";

/** Nobody connects to them. */
export function copyEndpoints(namespace: string): Readonly<Record<"backup" | "restore", ClientEndpoint>> {
  return {
    backup: { namespace, name: "hub-backup" },
    restore: { namespace, name: "hub-restore" },
  };
}

export function copyFlows(namespace: string, backups: Pick<BackupsConfig, "endpoint">): readonly Flow[] {
  return Object.values(copyEndpoints(namespace)).map((from) => outwardFlow(from, storeDestination(backups)));
}

/** The object store, by the port of its address. */
export function storeDestination({ endpoint }: Pick<BackupsConfig, "endpoint">) {
  const { port } = new URL(endpoint);
  return { kind: "internet", port: port === "" ? 443 : Number(port) } as const;
}
