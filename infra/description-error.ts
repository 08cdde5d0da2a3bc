import { Problem } from "../errors/problem";

/** One thing that is wrong with a described resource. */
export interface DescriptionProblem {
  /** Key of the resource. */
  readonly key: string;
  readonly message: string;
}

/** Everything that is wrong with a description, such as what an override refers to, in one error. */
export class DescriptionError extends Problem {
  constructor(readonly problems: readonly DescriptionProblem[]) {
    super(problems.map(({ key, message }) => `${key} ${message}`).join("\n"));
    this.name = "DescriptionError";
  }
}
