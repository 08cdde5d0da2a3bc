/** A failure that the user can act on is one message; any other is printed with its stack trace. */
import { Problem } from "../../errors/problem";

/** An error whose message is all that the user needs. */
export class UserError extends Problem {}

export function reportFailure(error: unknown): void {
  process.exitCode = 1;
  const known = error instanceof Problem;
  console.error(
    known || !(error instanceof Error) ? String(error instanceof Error ? error.message : error) : error.stack,
  );
}
