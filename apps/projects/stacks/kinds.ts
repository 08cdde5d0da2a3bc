/** Kinds of stacks, by what they are for. */

/** Where people work: they write to their project's storage. */
export const NOTEBOOKS = ["jupyter", "jupyterlab", "rstudio", "vscode", "zeppelin"] as const;
/** Pages that people publish: they read their project's storage. */
export const SITES = ["rshiny", "panel", "streamlit", "voila", "nbviewer"] as const;
/** Object stores. */
export const STORES = ["minio"] as const;
/** Clusters of workers, for computations of notebooks. */
export const CLUSTERS = ["dask", "spark"] as const;

export type NotebookKind = (typeof NOTEBOOKS)[number];
export type SiteKind = (typeof SITES)[number];
export type StoreKind = (typeof STORES)[number];
export type ClusterKind = (typeof CLUSTERS)[number];
/** Kinds with a page in the browser. */
export type WebKind = NotebookKind | SiteKind | StoreKind;
export type StackKind = WebKind | ClusterKind;

const isOneOf =
  <Kind extends StackKind>(kinds: readonly Kind[]) =>
  (kind: StackKind): kind is Kind =>
    (kinds as readonly StackKind[]).includes(kind);

export const isNotebook = isOneOf(NOTEBOOKS);
export const isSite = isOneOf(SITES);
export const isStore = isOneOf(STORES);
export const isCluster = isOneOf(CLUSTERS);
