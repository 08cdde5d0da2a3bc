import { Problem } from "../errors/problem";

/** One thing that is wrong with what is to be deployed. */
export interface DeployProblem {
  /** The construct's path (`datalab/api/Resource`), with the field where there is one. */
  readonly path: string;
  readonly message: string;
}

/** Everything that is wrong, in one error: one line for each problem. */
export class DeployPlanError extends Problem {
  constructor(readonly problems: readonly DeployProblem[]) {
    super(
      `${problems.length} problem(s) in the objects to deploy:\n` +
        problems.map(({ path, message }) => `  ${path}: ${message}`).join("\n"),
    );
    this.name = "DeployPlanError";
  }
}
