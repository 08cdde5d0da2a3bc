/** A text that was read somewhere, or why it was not. */
export type ReadText =
  { readonly kind: "text"; readonly text: string } | { readonly kind: "unread"; readonly why: string };
