/** One line of what `labstead doctor` finds. */
export interface Diagnosis {
  readonly what: string;
  readonly state: "ok" | "missing" | "optional";
  readonly detail: string;
  /** Empty where nothing is to be done. */
  readonly fix: string;
}
