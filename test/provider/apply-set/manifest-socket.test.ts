/** Texts that go from the program to the plugin over a socket. */
import { statSync } from "node:fs";
import { dirname } from "node:path";
import fc from "fast-check";

import { isOffered, offeredText, offerText } from "../../../provider/apply-set/manifest-socket";

const socketOf = (reference: string): string => reference.split(":").slice(2).join(":");

test("any text arrives as it is, also many at once", async () => {
  const texts = fc.array(fc.string({ unit: "binary", minLength: 1, maxLength: 200 }), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(texts, fc.integer({ min: 1, max: 2_000 }), async (all, times) => {
      const long = all.map((text) => text.repeat(times));
      const offered = long.map((text) => offerText(() => text));
      const references = await Promise.all(offered.map(({ input }) => input));
      expect(references.every(isOffered)).toBe(true);
      expect(await Promise.all(references.map(offeredText))).toEqual(long);
      for (const each of offered) each.withdraw();
    }),
    { numRuns: 20 },
  );
});

test("only its own user can reach the socket", async () => {
  const reference = await offerText(() => "text").input;
  expect(statSync(dirname(socketOf(reference))).mode & 0o777).toBe(0o700);
});

test("a text is computed when it is asked for, each time", async () => {
  const asked = jest.fn(() => "text");
  const { input } = offerText(asked);
  const reference = await input;
  expect(asked).not.toHaveBeenCalled();
  expect([await offeredText(reference), await offeredText(reference)]).toEqual(["text", "text"]);
  expect(asked).toHaveBeenCalledTimes(2);
});

test("nobody gets a text with another key, or one that was withdrawn", async () => {
  const offered = offerText(() => "text");
  const reference = await offered.input;
  const message = "the program does not send the manifests of the set: it has withdrawn them; run up again";
  const [scheme = "", key = ""] = reference.split(":");
  const guessed = `${scheme}:${key.replace(/./g, "0")}:${socketOf(reference)}`;
  await expect(offeredText(guessed)).rejects.toThrow(message);
  offered.withdraw();
  await expect(offeredText(reference)).rejects.toThrow(message);
});

test("a program that has ended is named", async () => {
  await expect(offeredText("labstead-socket:0:/nowhere/socket")).rejects.toThrow(
    "the program does not send the manifests of the set: connect ENOENT /nowhere/socket; run up again",
  );
});

test("JSON is no reference", () => {
  expect(isOffered("{}")).toBe(false);
});
