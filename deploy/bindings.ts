/** Binds named values to Pulumi values. */
import * as pulumi from "@pulumi/pulumi";
import {
  evaluate,
  mapTexts,
  type NamedValue,
  plainText,
  reference,
  referenceKey,
  requiredReferences,
  type Reference,
  type ReferenceKind,
  type TextPart,
} from "../values";

/** The bound values, by kind and name. */
export interface BindingEntries {
  /** Bound as secrets, even if their values are not. */
  readonly secrets?: Readonly<Record<string, pulumi.Input<unknown>>>;
  readonly addresses?: Readonly<Record<string, pulumi.Input<unknown>>>;
  readonly outputs?: Readonly<Record<string, pulumi.Input<unknown>>>;
}

/** All names without a value, in one error. */
export class UnboundValuesError extends Error {
  constructor(readonly references: readonly Reference[]) {
    const names = references.map(({ kind, name }) => `${kind}("${name}")`).join(", ");
    super(`nothing is bound to ${names}; add them to the ValueBindings that this is registered with`);
    this.name = "UnboundValuesError";
  }
}

/** Immutable bindings of named values. */
export class ValueBindings {
  private constructor(private readonly values: ReadonlyMap<string, pulumi.Input<unknown>>) {}

  /** @throws Error on a key that is not a valid name. */
  static of(entries: BindingEntries): ValueBindings {
    return new ValueBindings(
      new Map([
        ...keyed("secret", entries.secrets).map(([key, value]) => [key, pulumi.secret(value)] as const),
        ...keyed("address", entries.addresses),
        ...keyed("output", entries.outputs),
      ]),
    );
  }

  /** Values that another layer binds, by `referenceKey`; secrets among them are already secret. */
  static from(values: ReadonlyMap<string, pulumi.Input<unknown>>): ValueBindings {
    return new ValueBindings(values);
  }

  /** Both sets of bindings; a name that both bind is an error. */
  and(others: ValueBindings): ValueBindings {
    const twice = [...others.values.keys()].filter((key) => this.values.has(key));
    if (twice.length > 0) throw new Error(`bound twice: ${twice.join(", ")}`);
    return new ValueBindings(new Map([...this.values, ...others.values]));
  }

  /** The references that have no binding. */
  missing(references: readonly Reference[]): readonly Reference[] {
    return references.filter((one) => !this.values.has(referenceKey(one)));
  }

  /**
   * The data with an Output in place of each text with markers; everything else stays known, so that a preview can show
   * it. A text that is exactly one marker gets the type of the bound value; one that contains a secret is secret.
   * @throws UnboundValuesError naming all missing values.
   */
  lift(data: unknown): unknown {
    const missing = this.missing(requiredReferences(data));
    if (missing.length > 0) throw new UnboundValuesError(missing);
    return mapTexts(data, (parts) => this.liftText(parts));
  }

  /** One text, such as a file of a server, with its values bound. */
  text(source: string | NamedValue): pulumi.Output<string> {
    const lifted: pulumi.Input<unknown> = this.lift(source.toString());
    return pulumi.all([lifted]).apply(([text]) => plainText(text));
  }

  private liftText(parts: readonly TextPart[]): pulumi.Output<unknown> {
    const keys = requiredReferences(parts).map(referenceKey);
    const inputs = Object.fromEntries(keys.map((key) => [key, this.values.get(key)] as const));
    return pulumi
      .all(inputs)
      .apply((values) => evaluate(parts, (one) => valueOf(one, values[referenceKey(one)])));
  }
}

function valueOf({ kind, name }: Reference, value: unknown): unknown {
  if (value === undefined || value === null)
    throw new Error(`${kind}("${name}") has no value although its source exists`);
  return value;
}

function keyed(
  kind: ReferenceKind,
  entries: Readonly<Record<string, pulumi.Input<unknown>>> = {},
): readonly (readonly [string, pulumi.Input<unknown>])[] {
  return Object.entries(entries).map(([name, value]) => {
    const { source } = reference(kind, name);
    return [source.kind === "text" ? name : referenceKey(source), value];
  });
}
