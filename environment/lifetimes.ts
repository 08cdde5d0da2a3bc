/** Lifetimes of certificates: those that the program signs, and those that kubeadm and the kubelet sign. */

export interface Lifetime {
  readonly days: number;
  /** Days before expiry in which the next `up` renews it. Without them it is never renewed. */
  readonly renewalDays?: number;
}

export const LIFETIMES = {
  /** Ten years: an authority lasts longer than the clusters that it signs for. */
  authority: { days: 10 * 365 },
  /** One year, as kubeadm's own client certificates. */
  client: { days: 365, renewalDays: 60 },
  /**
   * A person's is on a laptop and cannot be revoked: 90 days. In its last 45 the next `up` renews it, so a lab with one
   * `up` a month never hands out one that expires within a fortnight.
   */
  person: { days: 90, renewalDays: 45 },
  /**
   * A node joins by its certificate, and again when its disk was emptied; the kubelet has its own afterwards. It is in
   * user data, so it lasts as long as a server may: incrementing a pool's generation renews it.
   */
  node: { days: 5 * 365, renewalDays: 60 },
  /** Of the ingress, if the lab provides none: browsers warn anyway. */
  defaultCertificate: { days: 2 * 365, renewalDays: 30 },
} as const satisfies Record<string, Lifetime>;

/**
 * Certificates that kubeadm signs for a control plane, and the controllers for a kubelet (Kubernetes' own defaults).
 */
export const KUBERNETES_DAYS = 365;
