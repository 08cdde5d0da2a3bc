import type { Line } from "./types";

/** A line without its links. */
export function plainText(line: Line): string {
  return line.map((piece) => (typeof piece === "string" ? piece : piece.text)).join("");
}
