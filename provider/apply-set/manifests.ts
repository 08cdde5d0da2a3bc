/**
 * The manifests that `Check` receives and does not return. The plugin's process stores them from the check of a set to
 * its creation or update, which the engine does in one run over one connection; the next run sends everything again.
 */
/** One manifest. */
export interface CheckedManifest {
  readonly digest: string;
  /** JSON. */
  readonly text: string;
  /** Whether its values are secret. */
  readonly isSecret: boolean;
}

export class Manifests {
  readonly #byUrn = new Map<string, ReadonlyMap<string, CheckedManifest>>();

  keep(urn: string, manifests: ReadonlyMap<string, CheckedManifest>): void {
    this.#byUrn.set(urn, manifests);
  }

  forget(urn: string): void {
    this.#byUrn.delete(urn);
  }

  /** Undefined if it was not given to `Check` in this run. */
  find(urn: string, key: string, digest: string): CheckedManifest | undefined {
    const found = this.#byUrn.get(urn)?.get(key);
    return found?.digest === digest ? found : undefined;
  }

  /** @throws if it was not given to `Check` in this run */
  given(urn: string, key: string, digest: string): CheckedManifest {
    const found = this.find(urn, key, digest);
    if (found === undefined)
      throw new Error(
        `the manifest of ${key} was not given to the plugin in this run: manifests are stored nowhere, so the program has to run; run: pulumi up`,
      );
    return found;
  }
}
