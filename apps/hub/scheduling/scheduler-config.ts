/** Configuration of the user scheduler: kube-scheduler, with the scores of zero-to-jupyterhub. */

/** Name of the Lease by which its two pods agree on one. */
export const LEASE = "user-scheduler-lock";

/**
 * A node that people prefer comes first, then one beside pods that are preferred, then the fullest, then one that has the
 * image; each weight is more than what all after it can add up to.
 */
const WEIGHTS = {
  NodeAffinity: 14631,
  InterPodAffinity: 1331,
  NodeResourcesFit: 121,
  ImageLocality: 11,
} as const;

/** @param name of the scheduler, as pods write it. @param namespace of the Lease */
export function schedulerConfig(name: string, namespace: string): object {
  const scored = Object.entries(WEIGHTS).map(([plugin, weight]) => ({ name: plugin, weight }));
  return {
    apiVersion: "kubescheduler.config.k8s.io/v1",
    kind: "KubeSchedulerConfiguration",
    leaderElection: {
      leaderElect: true,
      resourceLock: "leases",
      resourceName: LEASE,
      resourceNamespace: namespace,
    },
    profiles: [
      {
        schedulerName: name,
        plugins: {
          score: {
            disabled: [
              ...scored.map(({ name: plugin }) => ({ name: plugin })),
              // It would prefer the emptiest node.
              { name: "NodeResourcesBalancedAllocation" },
            ],
            enabled: scored,
          },
        },
        pluginConfig: [
          {
            name: "NodeResourcesFit",
            args: {
              scoringStrategy: {
                type: "MostAllocated",
                resources: [
                  { name: "cpu", weight: 1 },
                  { name: "memory", weight: 1 },
                ],
              },
            },
          },
        ],
      },
    ],
  };
}
