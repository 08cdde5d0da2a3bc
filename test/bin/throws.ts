/** Loaded by the test: types that the compiler removes stand above the line that throws. */
interface Amount {
  readonly of: string;
}

export function fail(amount: Amount): never {
  throw new Error(`too much ${amount.of}`);
}
