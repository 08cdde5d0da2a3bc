/** What all formats have in common: a text is one word or one string of a file, whatever is in it. */

/**
 * The text as it is where nothing in it is special to the format, else quoted.
 * @param plain matches a whole text that needs no quotes
 * @param quote for one line without control characters
 * @throws Error for a text that the format has no spelling for: the schema or the plan has let it pass, a fault of the program
 */
export function wordOf(
  format: string,
  text: string,
  plain: RegExp,
  quote?: (text: string) => string,
): string {
  if (plain.test(text)) return text;
  if (quote === undefined || isControlled(text)) throw unspeakable(format, text);
  return quote(text);
}

/** Whether it has a character that ends a line, or that no text has. */
export function isControlled(text: string): boolean {
  return /[\p{Cc}\u2028\u2029]/u.test(text);
}

export function unspeakable(format: string, text: string): Error {
  return new Error(`${JSON.stringify(text)} cannot stand in a file of ${format}`);
}
