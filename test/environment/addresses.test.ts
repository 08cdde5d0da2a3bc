/** Arithmetic on networks, against a count of single addresses. */
import fc from "fast-check";
import { coverWorld, isIpv4, parseCidr, rangeCidrs, toIp, toNumber } from "../../environment/addresses";

const start = toNumber("10.0.0.0");
const range = fc
  .tuple(fc.nat(600), fc.nat(600))
  .map(([a, b]) => ({ start: toIp(start + Math.min(a, b)), end: toIp(start + Math.max(a, b)) }));

test("the networks of a range have each of its addresses once, and no other", () => {
  fc.assert(
    fc.property(range, (given) => {
      const held = rangeCidrs(given).flatMap((cidr) => {
        const { base, size } = parseCidr(cidr);
        return Array.from({ length: size }, (_, offset) => base + offset);
      });
      const first = toNumber(given.start);
      const wanted = Array.from({ length: toNumber(given.end) - first + 1 }, (_, offset) => first + offset);
      expect(held).toEqual(wanted);
    }),
  );
});

describe("an address", () => {
  test("is four bytes in decimal digits, and its number counts them", () => {
    const byte = fc.nat(255);
    fc.assert(
      fc.property(byte, byte, byte, byte, (...bytes) => {
        const text = bytes.join(".");
        expect(isIpv4(text)).toBe(true);
        expect(toIp(toNumber(text))).toBe(text);
        expect(toNumber(text)).toBe(Buffer.from(bytes).readUInt32BE());
      }),
    );
  });

  test.each([
    ...["", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.1.1.1000", "01.2.3.4", "0x1.2.3.4", "16909060"],
    ...["1.2.3.4 ", " 1.2.3.4", "1.2.3.4\n", "1..2.3", "-1.2.3.4", "1.2.3.4/8", "::1", "1.2.3.+4"],
  ])("%j is none", (text) => {
    expect(isIpv4(text)).toBe(false);
    expect(() => toNumber(text)).toThrow(`${text} is not an IPv4 address`);
  });
});

describe("the whole internet", () => {
  /** All networks of one size, in any order. */
  const pieces = fc.integer({ min: 0, max: 8 }).chain((prefix) =>
    fc.shuffledSubarray(
      Array.from({ length: 2 ** prefix }, (_, index) => `${toIp(index * 2 ** (32 - prefix))}/${prefix}`),
      { minLength: 1 },
    ),
  );

  test("is half of all addresses or more, in one network or in many", () => {
    fc.assert(
      fc.property(pieces, (networks) => {
        const addresses = networks.reduce((sum, each) => sum + parseCidr(each).size, 0);
        expect(coverWorld(networks)).toBe(addresses >= 2 ** 31);
        expect(coverWorld([...networks, ...networks])).toBe(addresses >= 2 ** 31);
      }),
    );
  });

  test.each([
    [["0.0.0.0/0"], true],
    [["0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/2", "192.0.0.0/2"], true],
    [["0.0.0.0/2", "32.0.0.0/3", "198.51.100.0/24"], false],
    [["198.51.100.0/24", "10.0.0.0/8"], false],
    [[], false],
  ])("%j", (networks, is) => {
    expect(coverWorld(networks)).toBe(is);
  });
});
