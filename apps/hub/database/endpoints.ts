/** Pods that copy a hub's database, and where they connect to. */
import { outwardFlow, type Endpoint, type Flow } from "../../../environment/parts/flows";
import type { BackupsConfig } from "./configuration";

/** Nobody connects to them. */
const NO_PORT = 0;

export function copyEndpoints(namespace: string): Readonly<Record<"backup" | "restore", Endpoint>> {
  return {
    backup: { namespace, name: "hub-backup", port: NO_PORT },
    restore: { namespace, name: "hub-restore", port: NO_PORT },
  };
}

/** To the object store, by the port of its address. */
export function copyFlows(namespace: string, { endpoint }: Pick<BackupsConfig, "endpoint">): readonly Flow[] {
  const { port } = new URL(endpoint);
  const to = { kind: "internet", port: port === "" ? 443 : Number(port) } as const;
  return Object.values(copyEndpoints(namespace)).map((from) => outwardFlow(from, to));
}
