/** Everything of an environment that grants access and may expire: when, who renews it, where its date is found. */

/** How long it is valid from the day of its creation, as far as the configuration says. */
export type LifetimePlan =
  | { readonly kind: "days"; readonly days: number }
  | { readonly kind: "until"; readonly at: string }
  /** Given from outside: its date is known only where it is stored. */
  | { readonly kind: "given" }
  | { readonly kind: "never" };

export type RenewalPlan =
  /** On the machine, by this timer. */
  | { readonly kind: "timer"; readonly unit: string }
  /** Its user renews it automatically. */
  | { readonly kind: "itself"; readonly by: string }
  /** Any `up` in its last days. `then` is a manual step afterwards, where one is needed. */
  | { readonly kind: "up"; readonly environment: string; readonly days: number; readonly then?: string }
  /** `labstead rotate <environment> <what>`. */
  | { readonly kind: "rotate"; readonly environment: string; readonly what: string }
  /** Replacing the server renews it: increment `setting`. */
  | { readonly kind: "generation"; readonly setting: string }
  /** Manually; or never, and why. */
  | { readonly kind: "hand"; readonly how: string };

/** Where the actual expiry date is read. */
export type ExpiryDatePlan =
  /** Output of a resource in the stack's state, by its Pulumi type and name. */
  | { readonly kind: "state"; readonly type: string; readonly name: string; readonly output: string }
  /** A node's first certificate: in the state, unless it was renewed after the server had booted with the one before. */
  | { readonly kind: "node"; readonly name: string; readonly server: string }
  /** Annotation of a node of the cluster; where it has none yet, the one that older servers write. */
  | {
      readonly kind: "annotation";
      readonly node: string;
      readonly annotation: string;
      readonly formerly: string;
    }
  /** The certificate in a Secret of type kubernetes.io/tls. */
  | { readonly kind: "tlsSecret"; readonly namespace: string; readonly name: string }
  /** The client certificate in the stack's own kubeconfig. */
  | { readonly kind: "kubeconfig" }
  /** Nowhere that this program can read, or there is none. */
  | { readonly kind: "none" };

export interface ExpiryPlan {
  /** The identity: `person/alice`, `kubeadm/controlPlane/0`. */
  readonly key: string;
  /** Description, the same for all of its kind: `certificate of a person`. */
  readonly what: string;
  readonly lifetime: LifetimePlan;
  readonly renewal: RenewalPlan;
  readonly date: ExpiryDatePlan;
  /** Days before expiry from which a person should act: automatic renewal has then failed or needs help. */
  readonly noticeDays: number;
}
