/** Entries of the registry of findings. */

/** An error stops `up`; warnings and notes are for the reader. */
export type Severity = "error" | "warning" | "info";

export interface FindingRow {
  readonly severity: Severity;
  /** A short noun phrase without a full stop. */
  readonly title: string;
  /** Two or three sentences: what goes wrong if it is ignored, and the usual fix. */
  readonly why: string;
}

/** What triggers a finding, and what just does not; both as YAML. */
export interface FindingExample {
  readonly found: string;
  readonly notFound: string;
}

/** Findings about one subject; the documentation gives each topic a section. */
export interface FindingTopic<Id extends string = string> {
  readonly title: string;
  /** Where the keys of this subject are described: a page of `docs/` with a heading. */
  readonly guide: string;
  readonly rows: Readonly<Record<Id, FindingRow>>;
}

/** Preserves the ids as a type, so that a finding without a row does not compile. */
export function topic<const Id extends string>(of: FindingTopic<Id>): FindingTopic<Id> {
  return of;
}
