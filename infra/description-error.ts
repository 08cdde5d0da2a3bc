import { Problem } from "../errors/problem";

/** One problem of a described resource. */
export interface DescriptionProblem {
  /** Key of the resource. */
  readonly key: string;
  readonly message: string;
}

/** All problems of a description, such as invalid references of an override, in one error. */
export class DescriptionError extends Problem {
  constructor(readonly problems: readonly DescriptionProblem[]) {
    super(problems.map(({ key, message }) => `${key} ${message}`).join("\n"));
    this.name = "DescriptionError";
  }
}
