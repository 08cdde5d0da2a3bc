/** Errors as the engine shows them. */
import { RunError } from "@pulumi/pulumi";
import { Problem } from "../errors/problem";

/** What the user can mend is shown by its message alone; anything else is a fault of the program, with its stack. */
export function asRunError(error: unknown): unknown {
  return error instanceof Problem ? new RunError(error.message) : error;
}
