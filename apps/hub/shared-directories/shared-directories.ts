/** Shared directories of a hub: their own claims, and how servers mount them; those on drives are claimed with the homes. */
import { Construct } from "constructs";
import { VolumeClaim, type PythonValue } from "../../../kit";
import { identityOf } from "../names";
import type { HubPlan } from "../plan";
import { hasWriters, type SharedDirectoryPlan } from "./plan";

export class SharedDirectories extends Construct {
  constructor(scope: Construct, id: string, plan: HubPlan) {
    super(scope, id);
    const { namespace } = plan;
    for (const { claim, source } of plan.sharedDirectories) {
      if (source.kind !== "claim") continue;
      const { size, storageClass } = source;
      new VolumeClaim(this, claim, {
        ...identityOf(plan, claim, "shared-directory"),
        ...{ namespace, size, storageClass },
        accessMode: "ReadWriteMany",
      });
    }
  }
}

/** Volumes and mounts of every server: read-only, until the spawner sees who starts it. */
export function sharedMounts(directories: readonly SharedDirectoryPlan[], home: string) {
  const claims = [...new Set(directories.map(({ claim }) => claim))];
  return {
    volumes: claims.map((claim) => ({ name: claim, persistentVolumeClaim: { claimName: claim } })),
    volumeMounts: directories.map(({ name, claim, source }) => ({
      name: claim,
      mountPath: mountPath(home, name),
      ...(source.kind === "drive" ? { subPath: source.folder } : {}),
      readOnly: true,
    })),
  };
}

/** Of each directory that somebody may write, by its mount path. */
export function writersOf(
  directories: readonly SharedDirectoryPlan[],
  home: string,
): Readonly<Record<string, PythonValue>> {
  return Object.fromEntries(
    directories.filter(hasWriters).map(({ name, writers }) => [mountPath(home, name), { ...writers }]),
  );
}

function mountPath(home: string, name: string): string {
  return `${home}/shared/${name}`;
}
