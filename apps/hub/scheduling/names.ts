/** Names of what makes nodes ready for people: zero-to-jupyterhub's, with the environment where the cluster has one set. */
export const SCHEDULING_COMPONENTS = {
  scheduler: "user-scheduler",
  placeholder: "user-placeholder",
  puller: "continuous-image-puller",
} as const;

/** As servers name their scheduler. */
export function schedulerName(environment: string): string {
  return `${environment}-user-scheduler`;
}

/**
 * Priorities, the values of zero-to-jupyterhub. They are cluster-scoped, and one set serves all hubs: a hub's own would
 * clash with the next hub's.
 */
export const PRIORITIES = {
  server: { value: 0, description: "Servers of people: they take the place of placeholders and pullers." },
  puller: { value: -5, description: "Pods that pull images for servers." },
  placeholder: { value: -10, description: "Pods that keep a node free until somebody needs it." },
} as const;
export type Priority = keyof typeof PRIORITIES;

const SUFFIXES: Readonly<Record<Priority, string>> = {
  server: "hub-default-priority",
  puller: "hub-image-puller-priority",
  placeholder: "hub-user-placeholder-priority",
};

export function priorityClass(environment: string, priority: Priority): string {
  return `${environment}-${SUFFIXES[priority]}`;
}
