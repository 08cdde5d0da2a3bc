/** Effect of a new value of a configuration key on a running environment. */
export type Effect =
  /** The next `up` changes it where it is. `does` says what users notice. */
  | { readonly kind: "inPlace"; readonly does: string }
  /** Nothing yet: it is taken when this happens. */
  | { readonly kind: "later"; readonly when: string }
  /** The next `up` replaces one after the other, so that the rest goes on. */
  | { readonly kind: "inTurns"; readonly does: string }
  /** `up` stops before anything is changed. */
  | {
      readonly kind: "stopped";
      /** What it would do, before the name of the part: `replaces all objects and the database of`. */
      readonly would: string;
      /** What to do instead. */
      readonly instead: string;
    };

/** An effect for each key, at any depth; a key without one does not compile. Lists and unions have one as a whole. */
export type Effects<Config> = {
  readonly [Key in keyof Config]-?: Effect | NestedEffects<NonNullable<Config[Key]>>;
};

type NestedEffects<Value> = Value extends readonly unknown[] | string | number | boolean
  ? never
  : Effects<Value>;

/** Effects without their types: `EffectTree` of any part. */
export interface EffectTree {
  readonly [key: string]: Effect | EffectTree;
}

export interface KeyEffect {
  /** Below the part's configuration: `storage.databaseSize`. */
  readonly key: string;
  readonly effect: Effect;
}

/** All keys with their effects, in the order in which they are declared. */
export function effectsOf(tree: EffectTree, prefix = ""): readonly KeyEffect[] {
  return Object.entries(tree).flatMap(([name, each]) => {
    const key = `${prefix}${name}`;
    return isEffect(each) ? [{ key, effect: each }] : effectsOf(each, `${key}.`);
  });
}

function isEffect(each: Effect | EffectTree): each is Effect {
  return typeof each["kind"] === "string";
}

/** A setting of a part that cannot change while the environment runs. */
export interface FixedSetting {
  /** In `labstead:environment`: `apps.datalab.namespace`. */
  readonly path: string;
  /** Empty where the configuration does not say. */
  readonly value: string;
  /** What another value would do, before the name of the part. */
  readonly would: string;
  readonly instead: string;
}

/**
 * The settings of one part whose effect is `stopped`.
 * @param path of the part's configuration: `apps.datalab`
 */
export function fixedSettings(tree: EffectTree, config: unknown, path: string): readonly FixedSetting[] {
  return effectsOf(tree).flatMap(({ key, effect }) =>
    effect.kind === "stopped"
      ? [
          {
            path: `${path}.${key}`,
            value: valueText(valueAt(config, key.split("."))),
            would: effect.would,
            instead: effect.instead,
          },
        ]
      : [],
  );
}

function valueAt(config: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null ? (at as Record<string, unknown>)[key] : undefined),
    config,
  );
}

function valueText(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
