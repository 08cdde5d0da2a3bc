/** A result is calculated once for each object, and never for another one that looks the same. */
import { memoized } from "../../environment/memoized";

test("calculates once for each object, whatever the result", () => {
  const given: object[] = [];
  const count = memoized((each: { readonly names: readonly string[] }) => {
    given.push(each);
    return each.names[0];
  });
  const [one, empty] = [{ names: ["ada"] }, { names: [] }];
  expect([count(one), count(one), count(empty), count(empty)]).toEqual(["ada", "ada", undefined, undefined]);
  expect(given).toEqual([one, empty]);
});

test("an equal object is another object", () => {
  const wrapped = memoized((each: { readonly name: string }) => ({ each }));
  expect(wrapped({ name: "ada" })).not.toBe(wrapped({ name: "ada" }));
});
