/** A secret, declared once: its origin, its length, and the effect of a new value. */

/** What `labstead rotate` does with it. */
export type SecretRotation =
  /** A new value is generated and applied in the same run. `does` says what users notice. */
  | { readonly kind: "rotate"; readonly does: string }
  /** Not by this program; `why` says what a new value would break, and what to do instead. */
  | { readonly kind: "refused"; readonly why: string };

interface Declared {
  /** Unique in the environment: `datalab.mongo-password`. The name in Pulumi's state follows from it. */
  readonly name: string;
  readonly rotation: SecretRotation;
}

/** Letters and digits. */
export interface PasswordPlan extends Declared {
  readonly kind: "password";
  readonly length: number;
}

export interface RsaKeyPairPlan extends Declared {
  readonly kind: "keyPair";
  readonly algorithm: "RSA";
  readonly bits: 2048 | 4096;
}

/** Self-signed, for these hosts. */
export interface CertificatePlan extends Declared {
  readonly kind: "certificate";
  readonly hosts: readonly string[];
}

export interface WireGuardKeyPlan extends Declared {
  readonly kind: "wireGuardKey";
}

/** Given by `pulumi config set --secret labstead:<configKey>`, and changed by the same command. */
export interface GivenSecretPlan {
  readonly kind: "given";
  readonly name: string;
  readonly configKey: string;
}

/**
 * A secret that the program makes or is given; charts and machine files take its value by `secretValue`, `keyPairValues`
 * or `certificateValues`.
 */
export type SecretPlan = PasswordPlan | RsaKeyPairPlan | CertificatePlan | WireGuardKeyPlan | GivenSecretPlan;
