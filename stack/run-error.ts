/** Errors as the engine shows them. */
import { RunError } from "@pulumi/pulumi";
import { Problem } from "../errors/problem";

/** Errors that the user can fix are shown by their message only; any other is a bug in the program, shown with its stack. */
export function asRunError(error: unknown): unknown {
  return error instanceof Problem ? new RunError(error.message) : error;
}
