/** One line of the report of `labstead doctor`. */
export interface Diagnosis {
  readonly what: string;
  readonly state: "ok" | "missing" | "optional";
  readonly detail: string;
  /** Empty if nothing has to be done. */
  readonly fix: string;
}
