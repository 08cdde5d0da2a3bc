import fc from "fast-check";

import {
  containsSecret,
  containsUnknown,
  decodeStruct,
  encodeStruct,
  reveal,
  sameValue,
  Secret,
  toPlain,
  UNKNOWN,
} from "../../provider-protocol";
import type { PropertyMap, PropertyValue } from "../../provider-protocol";

const plain: fc.Arbitrary<PropertyValue> = fc.letrec<{ value: PropertyValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    fc.string(),
    fc.constant(UNKNOWN),
    tie("value").map((value) => new Secret(value)),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), tie("value"), { maxKeys: 4 }),
  ),
})).value;

test("a property map survives the wire, unknowns and secrets included", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), plain), (properties) => {
      const returned = decodeStruct(encodeStruct(properties));
      expect(shape(returned)).toEqual(shape(properties));
      expect(containsSecret(returned)).toBe(containsSecret(properties));
      expect(containsUnknown(returned)).toBe(containsUnknown(properties));
    }),
  );
});

/** A view of a value in which secrets and unknowns can be compared. */
function shape(value: PropertyValue): unknown {
  if (value instanceof Secret) return { secretOf: shape(value.value) };
  if (value === UNKNOWN) return "<unknown>";
  if (Array.isArray(value)) return value.map((item: PropertyValue) => shape(item));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value as PropertyMap).map(([key, item]) => [key, shape(item)]));
  }
  return Object.is(value, -0) ? 0 : value;
}

test("every unknown sentinel of the engine is understood", () => {
  const bool = { flag: "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7" };
  expect(decodeStruct(encodeStruct(bool))["flag"]).toBe(UNKNOWN);
});

test("output values become their value, secret or unknown", () => {
  const sent = (extra: PropertyMap): PropertyMap => ({
    value: { "4dabf18193072939515e22adb298388d": "d0e6a833031e9bbcd3f4e8bde6ca49a4", ...extra },
  });
  expect(decodeStruct(encodeStruct(sent({ value: "x", dependencies: [] })))["value"]).toBe("x");
  expect(decodeStruct(encodeStruct(sent({})))["value"]).toBe(UNKNOWN);
  expect(decodeStruct(encodeStruct(sent({ value: "x", secret: true })))["value"]).toBeInstanceOf(Secret);
});

test("secrets and unknowns never print what they hold", () => {
  const secret = new Secret("swordfish");
  expect(`${String(secret)} ${JSON.stringify({ secret, unknown: UNKNOWN })}`).toBe(
    '[secret] {"secret":"[secret]","unknown":"[unknown]"}',
  );
  expect(new Secret(secret).value).toBe("swordfish");
});

test("equality looks into secrets, treats absent as null, and never equates unknowns", () => {
  expect(sameValue({ a: new Secret(["x"]), b: null }, { a: ["x"] })).toBe(true);
  expect(sameValue({ a: [1, 2] }, { a: [2, 1] })).toBe(false);
  expect(sameValue(UNKNOWN, UNKNOWN)).toBe(false);
  expect(sameValue([], {})).toBe(false);
});

test("a plain copy reveals secrets and refuses unknowns", () => {
  expect(toPlain({ a: [new Secret({ b: new Secret(1) })] })).toEqual({ a: [{ b: 1 }] });
  expect(reveal({ a: new Secret(UNKNOWN) })).toEqual({ a: UNKNOWN });
  expect(() => toPlain({ a: [UNKNOWN] })).toThrow("not known yet");
});
