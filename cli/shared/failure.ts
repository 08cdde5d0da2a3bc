/** A failure that the user can act on is one message; any other is printed with its stack trace. */
import { isNativeError } from "node:util/types";
import { Problem } from "../../errors/problem";

/** An error whose message is all that the user needs. */
export class UserError extends Problem {}

/** The system's or library's message of a failure, in one line. */
export function reasonOf(error: unknown): string {
  return isNativeError(error) ? (error.message.split("\n")[0] ?? "") : String(error);
}

/** Of a file, a disk or a program: the message names the call and the path, and a stack trace would add nothing. */
function isSystemError(error: unknown): boolean {
  return isNativeError(error) && "syscall" in error && "code" in error;
}

export function reportFailure(error: unknown): void {
  process.exitCode = 1;
  if (!isNativeError(error)) console.error(String(error));
  else console.error(error instanceof Problem || isSystemError(error) ? error.message : error.stack);
}

/**
 * Runs the command. Every failure is reported, with exit code 1: also an unhandled one, which ends the process at once,
 * and a promise that never settles, after which Node would exit with 0.
 */
export function runToEnd(command: () => Promise<unknown>): void {
  let ended = false;
  process.on("uncaughtException", (error) => {
    reportFailure(error);
    process.exit();
  });
  process.on("beforeExit", () => {
    if (ended) return;
    ended = true;
    reportFailure(new Problem("the command has stopped without a result, which is a fault of labstead"));
  });
  void command()
    .catch(reportFailure)
    .finally(() => {
      ended = true;
    });
}
