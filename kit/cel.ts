/** Expressions in CEL for admission policies. Names, hosts, labels and images contain neither quotes nor backslashes. */

/** A rule of an admission policy: the condition, and the API server's message if it is false. */
export interface CelRule {
  readonly expression: string;
  /** Also the message where `messageExpression` fails. */
  readonly message: string;
  /** A message that names what is wrong in the object, as a CEL expression. @default `message` */
  readonly messageExpression?: string;
}

/** A value that several expressions of a policy use as `variables.<name>`; evaluated once, when it is first used. */
export interface CelVariable {
  readonly name: string;
  readonly expression: string;
}

/** A text. @throws Error for a text that would end early or contain an escape */
export function celText(text: string): string {
  if (/['\\\n]/.test(text))
    throw new Error(`${JSON.stringify(text)} cannot be written in CEL; it has a quote`);
  return `'${text}'`;
}

/** A list of texts. */
export function celTexts(texts: readonly string[]): string {
  return `[${texts.map(celText).join(", ")}]`;
}

/** The rules apply to objects of this kind only: for a policy that admits several. */
export function forKind(kind: string, rules: readonly CelRule[]): readonly CelRule[] {
  return rules.map((rule) => ({
    ...rule,
    expression: `request.kind.kind != ${celText(kind)} || (${rule.expression})`,
  }));
}
