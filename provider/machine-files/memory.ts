/**
 * Inputs that `Check` does not return: contents, and texts that must not be printed. The plugin's process stores them
 * from the check of a resource to its creation or update, which the engine does in one run over one connection; the
 * next run sends everything again.
 */
export interface Remembered {
  /** Content by path, with its entry. */
  readonly files: ReadonlyMap<string, { readonly entry: string; readonly content: string }>;
  /** Texts to hide in the messages of a machine, which may quote them. */
  readonly mask: readonly string[];
}

export class Memory {
  readonly #byUrn = new Map<string, Remembered>();

  keep(urn: string, remembered: Remembered): void {
    this.#byUrn.set(urn, remembered);
  }

  forget(urn: string): void {
    this.#byUrn.delete(urn);
  }

  mask(urn: string): readonly string[] {
    return this.#byUrn.get(urn)?.mask ?? [];
  }

  /**
   * The contents of checked entries.
   * @throws if one was not given to `Check` in this run
   */
  contents(urn: string, entries: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
    const files = this.#byUrn.get(urn)?.files;
    const missing: string[] = [];
    const contents = new Map<string, string>();
    for (const [path, entry] of entries) {
      const known = files?.get(path);
      if (known?.entry === entry) contents.set(path, known.content);
      else missing.push(path);
    }
    if (missing.length === 0) return contents;
    throw new Error(
      `the contents of ${missing.join(", ")} were not given to the plugin in this run: they are stored nowhere, so the program has to run; run: pulumi up`,
    );
  }
}
