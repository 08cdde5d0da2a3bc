/** Differences between the Kubernetes releases that the program supports. */
import type { NodeSettingsPlan } from "../../../environment/plan/types";

export interface Release {
  /** Newest patch that was tested or known at the time of writing; `cluster.release` sets another. */
  readonly release: string;
  /** Version of kubeadm's own files. */
  readonly kubeadm: "v1beta3" | "v1beta4";
  /** Tag of the pause image that kubeadm of this release uses. */
  readonly pause: string;
  /** Format of containerd's settings: 3 was introduced by containerd 2, which Kubernetes requires from 1.36 on. */
  readonly containerd: 2 | 3;
}

const RELEASES: Readonly<Record<NodeSettingsPlan["version"], Release>> = {
  "1.25": { release: "1.25.16", kubeadm: "v1beta3", pause: "3.8", containerd: 2 },
  "1.35": { release: "1.35.4", kubeadm: "v1beta4", pause: "3.10.1", containerd: 3 },
  "1.36": { release: "1.36.3", kubeadm: "v1beta4", pause: "3.10.2", containerd: 3 },
  "1.37": { release: "1.37.1", kubeadm: "v1beta4", pause: "3.10.2", containerd: 3 },
};

export function releaseOf({ version, release }: Pick<NodeSettingsPlan, "version" | "release">): Release {
  const known = RELEASES[version];
  return release === undefined ? known : { ...known, release };
}
