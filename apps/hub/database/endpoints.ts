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

/** To the object store, by the port of its address. */
export function copyFlows(namespace: string, { endpoint }: Pick<BackupsConfig, "endpoint">): readonly Flow[] {
  const { port } = new URL(endpoint);
  const to = { kind: "internet", port: port === "" ? 443 : Number(port) } as const;
  return Object.values(copyEndpoints(namespace)).map((from) => outwardFlow(from, to));
}
