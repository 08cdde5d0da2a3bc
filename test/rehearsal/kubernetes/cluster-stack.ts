/** A program of Kubernetes objects under the real engine, against a built-in cluster of three nodes. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { serve } from "../../../provider-protocol";
import { Engine } from "../../../rehearsal/engine";
import { pulumiExecutable } from "../engine-lab";
import { clusterPackages, type ClusterPackages } from "./cluster-packages";

export interface ClusterStack {
  /** Where engine and cluster keep their files. */
  readonly folder: string;
  readonly packages: ClusterPackages;
  readonly engine: Engine;
  readonly close: () => Promise<void>;
}

export async function openClusterStack(program: PulumiFn): Promise<ClusterStack> {
  const folder = mkdtempSync(join(tmpdir(), "labstead-cluster-"));
  const packages = clusterPackages(join(folder, "cloud"), { nodes: () => 3 });
  const [objects, gate] = [await serve(packages.kubernetes), await serve(packages.labstead)];
  const engine = await Engine.open({
    directory: join(folder, "work"),
    pulumi: pulumiExecutable(),
    source: { project: "lab", stack: "prod" },
    program,
    debugProviders: `kubernetes:${objects.port},labstead:${gate.port}`,
    checkpoints: false,
  });
  const close = async (): Promise<void> => {
    await Promise.all([objects.close(), gate.close()]);
    packages.clusters.close();
    rmSync(folder, { recursive: true });
  };
  return { folder, packages, engine, close };
}
