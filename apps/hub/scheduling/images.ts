/** Images of the pods that make nodes ready for people. */
import type { PinnedImage } from "../../../environment/parts/images";
import type { KubernetesMinor } from "../../../environment/plan/types";

const SCHEDULER = "registry.k8s.io/kube-scheduler";

/** The scheduler's release is that of the cluster, by `cluster.version`. */
export const SCHEDULER_RELEASES: Readonly<Record<KubernetesMinor, string>> = {
  "1.25": "v1.25.16",
  "1.35": "v1.35.4",
  "1.36": "v1.36.3",
  "1.37": "v1.37.1",
};

/** A scheduler of another minor than its API server's is not supported. @param release of the cluster, if it sets one */
export function schedulerImage(minor: string, release: string | undefined): PinnedImage | undefined {
  const known = SCHEDULER_RELEASES[minor as KubernetesMinor] as string | undefined;
  if (known === undefined) return undefined;
  return { repository: SCHEDULER, tag: release === undefined ? known : `v${release}` };
}

/** Does nothing: of placeholders, and of pullers after their work. */
export const PAUSE: PinnedImage = { repository: "registry.k8s.io/pause", tag: "3.10.2" };

/** Of every minor, with its purpose. */
export const SCHEDULING_IMAGES: Readonly<Record<string, PinnedImage>> = {
  pause: PAUSE,
  ...Object.fromEntries(
    Object.entries(SCHEDULER_RELEASES).map(([minor, tag]) => [
      `${minor}-user-scheduler`,
      { repository: SCHEDULER, tag },
    ]),
  ),
};
