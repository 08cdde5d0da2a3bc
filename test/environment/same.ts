import { isDeepStrictEqual } from "node:util";

/** As `expect(actual).toEqual(wanted)`, which takes ten times as long to find that two plans are equal. */
export function expectSame(actual: unknown, wanted: unknown): void {
  if (!isDeepStrictEqual(actual, wanted)) expect(actual).toEqual(wanted);
}
