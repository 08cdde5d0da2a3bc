/** File systems that exist elsewhere, as the servers of a pool mount them. */
import type { HostMountConfig } from "../config";

/** One mount of a server, with the place where pods and people find it. */
export type HostMountPlan = HostMountConfig & {
  /** Of the entry in the configuration; unique on the server. */
  readonly name: string;
  readonly where: string;
};

export function hostMountPlans(mounts: Readonly<Record<string, HostMountConfig>>): readonly HostMountPlan[] {
  return Object.entries(mounts).map(([name, mount]) => ({ ...mount, name, where: mountedAt(mount) }));
}

/** CernVM-FS is at one place on every machine of the world. */
export function mountedAt(mount: HostMountConfig): string {
  return mount.kind === "cvmfs" ? `/cvmfs/${mount.repository}` : mount.mountPoint;
}
