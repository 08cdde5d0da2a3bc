/** Ends an exhaustive `switch`: a variant that was added and not handled does not compile. */
export function assertNever(value: never): never {
  throw new Error(`unhandled variant: ${JSON.stringify(value)}`);
}
