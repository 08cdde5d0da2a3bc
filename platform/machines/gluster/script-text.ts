import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Text of a script that servers get unchanged. */
export function scriptText(name: string): string {
  return readFileSync(join(__dirname, "scripts", name), "utf8");
}
