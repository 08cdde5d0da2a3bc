/**
 * A pure function of one immutable object that calculates its result once for each object. Checks, plan and layers ask
 * for the same lists of an environment's servers dozens of times.
 */
export function memoized<Given extends object, Result>(
  calculate: (given: Given) => Result,
): (given: Given) => Result {
  const results = new WeakMap<Given, { readonly result: Result }>();
  return (given) => {
    const known = results.get(given);
    if (known !== undefined) return known.result;
    const result = calculate(given);
    results.set(given, { result });
    return result;
  };
}
