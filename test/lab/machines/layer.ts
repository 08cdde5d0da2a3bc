/** What some tests' machines have besides, as a layer over the root file system that all share; built once, and kept. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runs } from "../host/programs";
import { host } from "./host";

runs("mount", "umount");

export interface Layer {
  /** Folder that keeps the layer, and nothing else; what it kept before goes when another one is built. */
  readonly cache: string;
  /** Folder of the shared root file system. */
  readonly base: string;
  /** Name of the layer; another recipe has another name. */
  readonly name: string;
  /** Installs into the whole root file system, which is mounted for that time. */
  readonly install: (root: string) => Promise<void>;
}

/** Folders for an overlay's lower side, the upper one first. */
export async function layered({ cache, base, name, install }: Layer): Promise<string> {
  const layer = join(cache, name);
  if (!existsSync(layer)) await make(layer, { cache, base, install });
  return `${layer}:${base}`;
}

async function make(layer: string, { cache, base, install }: Omit<Layer, "name">): Promise<void> {
  mkdirSync(cache, { recursive: true });
  for (const old of readdirSync(cache)) rmSync(join(cache, old), { recursive: true });
  const work = join(cache, `work-${String(process.pid)}`);
  const [upper, scratch, root] = [join(work, "upper"), join(work, "work"), join(work, "root")];
  for (const each of [upper, scratch, root]) mkdirSync(each, { recursive: true });
  const layers = `lowerdir=${base},upperdir=${upper},workdir=${scratch}`;
  await host(["mount", "-t", "overlay", "overlay", "-o", layers, root]);
  try {
    await install(root);
  } finally {
    await host(["umount", root]);
  }
  renameSync(upper, layer);
  rmSync(work, { recursive: true });
}
