import { Problem } from "../errors/problem";

/** One problem of the objects to deploy. */
export interface DeployProblem {
  /** The construct's path (`datalab/api/Resource`), with the field if there is one. */
  readonly path: string;
  readonly message: string;
}

/** All problems in one error: one line for each. */
export class DeployPlanError extends Problem {
  constructor(readonly problems: readonly DeployProblem[]) {
    super(
      `${problems.length} problem(s) in the objects to deploy:\n` +
        problems.map(({ path, message }) => `  ${path}: ${message}`).join("\n"),
    );
    this.name = "DeployPlanError";
  }
}
