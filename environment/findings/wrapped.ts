/** Longest line of a page of the documentation, and of a text in a terminal. */
const LINE_LENGTH = 118;

/** A paragraph in lines that are not too long, each after the indentation. */
export function wrapped(text: string, indentation = ""): string {
  const lines = text.split(" ").reduce<readonly string[]>((done, word) => {
    const last = done.at(-1);
    const longer = `${last ?? ""} ${word}`;
    return last !== undefined && indentation.length + longer.length <= LINE_LENGTH
      ? [...done.slice(0, -1), longer]
      : [...done, word];
  }, []);
  return lines.map((line) => `${indentation}${line}`).join("\n");
}
