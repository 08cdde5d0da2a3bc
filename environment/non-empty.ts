/** Lists that cannot be empty, because an empty one would mean everything. */
export type NonEmpty<T> = readonly [T, ...(readonly T[])];

export function isNonEmpty<T>(list: readonly T[]): list is NonEmpty<T> {
  return list.length > 0;
}

export function mapNonEmpty<T, Result>(
  [first, ...rest]: NonEmpty<T>,
  map: (each: T) => Result,
): NonEmpty<Result> {
  return [map(first), ...rest.map(map)];
}

/** Each once, in the order of their characters. */
export function distinctSorted(list: NonEmpty<string>): NonEmpty<string> {
  const first = list.reduce((least, each) => (each < least ? each : least));
  const rest = [...new Set(list)].filter((each) => each !== first);
  return [first, ...rest.toSorted()];
}
