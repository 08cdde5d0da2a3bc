/** The patterns of single values: what is taken, over all that there is. */
import fc from "fast-check";
import { cidrText, contains, overlaps, parseCidr, toIp } from "../../environment/addresses";
import { cidr, hostCidr, ipv4, sourceCidr } from "../../environment/schema/primitives";
import { bytes, cpu, gibibytes, mebibytes, millicores, size } from "../../environment/schema/quantities";
import { keyIdentity, sshPublicKey } from "../../environment/schema/ssh-key";
import { ecdsaLine, ed25519Line, rsaLine, securityKeyLine } from "./ssh-lines";

const takes = (schema: { safeParse: (value: unknown) => { success: boolean } }, value: unknown): boolean =>
  schema.safeParse(value).success;

/** RFC 6890, written down here a second time. */
const SPECIAL = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4"].map(parseCidr);
const address = fc.oneof(
  fc.nat(2 ** 32 - 1),
  fc
    .constantFrom(...SPECIAL)
    .chain(({ base, size: count }) => fc.integer({ min: base, max: base + count - 1 })),
);
const network = fc
  .tuple(address, fc.integer({ min: 0, max: 32 }))
  .map(([at, prefix]) => cidrText(parseCidr(`${toIp(at)}/${prefix}`)));

test("a host's address is one outside every special range", () => {
  fc.assert(
    fc.property(address.map(toIp), (ip) => {
      expect(takes(ipv4, ip)).toBe(!SPECIAL.some((range) => contains(range, ip)));
    }),
  );
});

test("a planned network has no address of a special range", () => {
  fc.assert(
    fc.property(network, (text) => {
      const free = !SPECIAL.some((range) => overlaps(range, parseCidr(text)));
      expect([takes(cidr, text), takes(hostCidr, text)]).toEqual([free, free]);
    }),
  );
});

test("a client's network has an address outside the special ranges", () => {
  fc.assert(
    fc.property(network, (text) => {
      const { base, size: count } = parseCidr(text);
      const ends = [base, base + count - 1].map(toIp);
      const inside = SPECIAL.some((range) => ends.every((ip) => contains(range, ip)));
      expect(takes(sourceCidr, text)).toBe(!inside);
    }),
  );
});

test("each unit belongs to its dimension, and amounts are compared in one unit", () => {
  const whole = fc.integer({ min: 1, max: 999_999 });
  fc.assert(
    fc.property(whole, fc.constantFrom("", "m", "Mi", "Gi", "Ti", "K", "M", "G", "e3"), (number, unit) => {
      const text = `${number}${unit}`;
      expect(takes(cpu, text)).toBe(["", "m"].includes(unit));
      expect(takes(bytes, text)).toBe(["Mi", "Gi"].includes(unit));
      expect(takes(size, text)).toBe(["Gi", "Ti"].includes(unit));
    }),
  );
  expect([millicores("2"), millicores("200m")]).toEqual([2000, 200]);
  expect([mebibytes("3Gi"), mebibytes("200Mi")]).toEqual([3072, 200]);
  expect([gibibytes("2Ti"), gibibytes("100Gi")]).toEqual([2048, 100]);
  expect(() => millicores("2Gi")).toThrow('"2Gi" is no amount of this dimension');
});

const KEYS = [
  ed25519Line("ada"),
  rsaLine(1024),
  rsaLine(4096),
  ecdsaLine("nistp256"),
  ecdsaLine("nistp384"),
  ecdsaLine("nistp521"),
  securityKeyLine(),
];

test.each(KEYS.map((line) => [line.slice(0, 40), line]))(
  "%s… is a key, with a comment or without",
  (_, line) => {
    expect(takes(sshPublicKey, line)).toBe(true);
    expect(takes(sshPublicKey, keyIdentity(line))).toBe(true);
  },
);

test("a key that lost characters of its body is none", () => {
  const cut = fc.constantFrom(...KEYS).chain((line) => {
    const [type = "", body = ""] = line.split(" ");
    return fc.nat(body.length - 1).map((length) => `${type} ${body.slice(0, length)}`);
  });
  fc.assert(fc.property(cut, (line) => expect(takes(sshPublicKey, line)).toBe(false)));
});

test("a body under another type is no key", () => {
  const pair = fc.tuple(fc.constantFrom(...KEYS), fc.constantFrom(...KEYS));
  fc.assert(
    fc.property(pair, ([one, other]) => {
      const [type = ""] = one.split(" ");
      const [own = "", body = ""] = other.split(" ");
      expect(takes(sshPublicKey, `${type} ${body}`)).toBe(type === own);
    }),
  );
});
