/** Stand-ins of Cinder volumes: sparse files behind loop devices, which outlive the machines that they are attached to. */
import { existsSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runs } from "../host/programs";
import { host } from "./host";

runs("losetup");

export interface TestVolume {
  /** As Cinder gives it: the machine finds its disk by the first 20 characters. */
  readonly id: string;
  readonly file: string;
  readonly loop: string;
}

/** Makes an empty volume in a folder, or opens the one that is there. */
export async function openVolume(folder: string, id: string, mebibytes: number): Promise<TestVolume> {
  const file = join(folder, `volume-${id}.img`);
  if (!existsSync(file)) {
    writeFileSync(file, "");
    truncateSync(file, mebibytes * 1024 * 1024);
  }
  const loop = (await host(["losetup", "--find", "--show", file])).trim();
  return { id, file, loop };
}

/** Lets the loop device go; the file and its data stay. */
export async function closeVolume(volume: TestVolume): Promise<void> {
  await host(["losetup", "--detach", volume.loop]);
}
