/** The first element of each identity. */
export function distinct<T>(list: readonly T[], identity: (element: T) => string): readonly T[] {
  return [...new Map(list.toReversed().map((each) => [identity(each), each])).values()].toReversed();
}

/** Pairs of elements with one identity: the first with it, and each later one, in order. */
export function duplicatePairs<T>(
  list: readonly T[],
  identity: (element: T) => string,
): readonly (readonly [first: T, second: T])[] {
  const seen = new Map<string, T>();
  return list.flatMap((element) => {
    const key = identity(element);
    const first = seen.get(key);
    if (first !== undefined) return [[first, element] as const];
    seen.set(key, element);
    return [];
  });
}
