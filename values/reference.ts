/** References of named values, and their encoders. */

/**
 * What a reference stands for. `secret`: generated or from Pulumi config, never printed. `address`: an IP address or
 * host name. `output`: any other later fact, such as an id.
 */
export type ReferenceKind = "secret" | "address" | "output";

/** The name under which a later value is bound. */
export interface Reference {
  readonly kind: ReferenceKind;
  /** Letters, digits and `. _ - /`, beginning and ending with a letter or digit, at most 200 characters. */
  readonly name: string;
}

/** A step from a value to its text; the steps of a value apply from left to right. */
export type Encoder =
  | { readonly kind: "json" }
  | { readonly kind: "escape" }
  | { readonly kind: "url" }
  | { readonly kind: "base64" }
  | { readonly kind: "hash"; readonly length: number };
