/** What to do about a pod that does not come up, by what Kubernetes says of it. */

interface Fix {
  readonly pattern: RegExp;
  readonly fix: string;
}

/** The first that fits counts. */
const FIXES: readonly Fix[] = [
  { pattern: /exceeded quota/, fix: "stop another pod, or raise apps.userPods.activePodLimit" },
  {
    pattern: /denied request|violates PodSecurity|is forbidden/,
    fix: "a rule of the cluster refuses the pod: see docs/cluster-rules.md and docs/per-user-pods.md",
  },
  {
    pattern: /ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull/,
    fix: "check the image's name, and that the nodes reach its registry",
  },
  {
    pattern: /persistentvolumeclaim .* not found|unbound immediate PersistentVolumeClaims/,
    fix: "make the claim in the namespace, or look at kubectl describe pvc",
  },
  {
    pattern: /is not scheduled/,
    fix: "no node has room or the labels of apps.userPods.nodes: compare with kubectl describe nodes",
  },
  {
    pattern: /CrashLoopBackOff|CreateContainer|RunContainerError/,
    fix: "the container's program ends: read its output by kubectl logs",
  },
];

export function fixOf(reason: string): string {
  return (
    FIXES.find(({ pattern }) => pattern.test(reason))?.fix ??
    "wait longer by --wait, or look at kubectl describe pod"
  );
}
