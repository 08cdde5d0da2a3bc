import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { reasonOf, UserError } from "./failure";

/** Writes a report, with the folders above it. @throws UserError if it cannot be written */
export function writeReport(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } catch (error) {
    throw new UserError(`${file}: the report cannot be written (${reasonOf(error)})`);
  }
}
