/** What `labstead adopt` is given. */
export interface AdoptOptions {
  readonly role?: readonly string[];
  readonly network?: string;
  readonly domain?: string;
  readonly write?: true;
  readonly import?: true;
  /** Kubeconfig of an existing cluster. */
  readonly cluster?: string;
  readonly json?: true;
}
