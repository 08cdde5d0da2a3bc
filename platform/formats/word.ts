/** Shared by all formats: a text becomes exactly one word or one string of a file, whatever it contains. */

/**
 * The text unchanged if it contains nothing special to the format, else quoted.
 * @param plain matches a whole text that needs no quotes
 * @param quote for one line without control characters
 * @throws Error for a text that the format cannot represent: a bug in the schema or the plan
 */
export function wordOf(
  format: string,
  text: string,
  plain: RegExp,
  quote?: (text: string) => string,
): string {
  if (plain.test(text)) return text;
  if (quote === undefined || isControlled(text)) throw unrepresentable(format, text);
  return quote(text);
}

/** Whether it contains a character that ends a line or that is not valid in text. */
export function isControlled(text: string): boolean {
  return /[\p{Cc}\u2028\u2029]/u.test(text);
}

/** The error for a text that the format cannot represent. */
export function unrepresentable(format: string, text: string): Error {
  return new Error(`${JSON.stringify(text)} cannot be written to a file of ${format}`);
}
