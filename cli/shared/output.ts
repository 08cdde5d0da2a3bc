/** Output of the command, if its reader stops early or if it cannot be written. */
import { reasonOf } from "./failure";

/**
 * Once, before anything is printed. A reader that stops early (`labstead plan | head -1`) changes nothing: the command
 * completes its work, with its own exit code. Any other failure of an output makes the exit code 1.
 */
export function guardOutputs(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") return;
    process.exitCode = 1;
    console.error(`the standard output cannot be written: ${reasonOf(error)}`);
  });
  // There is no output left for a message.
  process.stderr.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") process.exitCode = 1;
  });
}
