/** What the command prints, where nobody reads it to the end or where it cannot be written. */
import { reasonOf } from "./failure";

/**
 * Once, before anything is printed. A reader that has enough (`labstead plan | head -1`) changes nothing: the command
 * does its work to the end and has the exit code of that. Any other failure of an output makes the exit code 1.
 */
export function guardOutputs(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") return;
    process.exitCode = 1;
    console.error(`the standard output cannot be written: ${reasonOf(error)}`);
  });
  // There is nowhere left to say so.
  process.stderr.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") process.exitCode = 1;
  });
}
