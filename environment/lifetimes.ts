/** How long what is signed is good for: what the program signs itself, and what kubeadm and the kubelet sign. */

export interface Lifetime {
  readonly days: number;
  /** Days before expiry in which the next `up` renews it. Without them it is never renewed. */
  readonly renewalDays?: number;
}

export const LIFETIMES = {
  /** Ten years: an authority outlives the clusters that it signs for. */
  authority: { days: 10 * 365 },
  /** One year, as kubeadm's own client certificates. */
  client: { days: 365, renewalDays: 60 },
  /**
   * A person's is on a laptop and cannot be revoked: 90 days. In its last 45 the next `up` makes a new one, so a lab
   * that is brought up once a month never hands out one that ends within a fortnight.
   */
  person: { days: 90, renewalDays: 45 },
  /**
   * A node joins by its certificate, and again when its disk was emptied; the kubelet has one of its own afterwards. It
   * stands in user data, so it lasts as long as a server may: a pool's generation brings a new one.
   */
  node: { days: 5 * 365, renewalDays: 60 },
  /** Of the ingress, where the lab gives none of its own: browsers ask anyway. */
  defaultCertificate: { days: 2 * 365, renewalDays: 30 },
} as const satisfies Record<string, Lifetime>;

/** What kubeadm signs for a control plane, and what the controllers sign for a kubelet (Kubernetes' own defaults). */
export const KUBERNETES_DAYS = 365;
