/** The `random` package of the built-in cloud: real random numbers, stored in the engine's state alone. */
import { createHash, randomBytes, randomInt, randomUUID } from "node:crypto";

import type { PackageHandler, PlainMap } from "../../provider-protocol";
import type { Made } from "../../provider-protocol/store";
import type { OpenPackage } from "../open-package";
import type { Row } from "../table/row";
import { SelfContained } from "../table/self-contained";
import type { SelfContainedType } from "../table/self-contained";
import type { Shape } from "../table/shape";
import { randomText, shuffled } from "./text";

const VERSION = "4.21.2";
const KEEPERS = { "keepers?": { "*": "string" } } as const;

/** Every input of this package replaces. */
function row(
  inputs: Readonly<Record<string, Shape>>,
  outputs: readonly string[],
  secret: readonly string[] = [],
): Row {
  const all = { ...inputs, ...KEEPERS };
  return {
    inputs: all,
    always: outputs,
    outputs,
    replaceOn: Object.keys(all).map((name) => name.replace("?", "")),
    secret,
  };
}

const TEXT_INPUTS = {
  length: "number",
  "lower?": "boolean",
  "minLower?": "number",
  "minNumeric?": "number",
  "minSpecial?": "number",
  "minUpper?": "number",
  "number?": "boolean",
  "numeric?": "boolean",
  "overrideSpecial?": "string",
  "special?": "boolean",
  "upper?": "boolean",
} as const;

const TEXT_DEFAULTS = {
  lower: true,
  upper: true,
  numeric: true,
  number: true,
  special: true,
  minLower: 0,
  minUpper: 0,
  minNumeric: 0,
  minSpecial: 0,
};

export const RANDOM_TYPES: Readonly<Record<string, SelfContainedType>> = {
  "random:index/randomPassword:RandomPassword": {
    row: row(TEXT_INPUTS, ["bcryptHash", "result"], ["bcryptHash", "result"]),
    make: (inputs) => {
      const result = randomText(inputs);
      return {
        id: "none",
        outputs: { ...TEXT_DEFAULTS, ...inputs, result, bcryptHash: passwordDigest(result) },
      };
    },
  },
  "random:index/randomString:RandomString": {
    row: row(TEXT_INPUTS, ["result"]),
    make: (inputs) => {
      const result = randomText(inputs);
      return { id: result, outputs: { ...TEXT_DEFAULTS, ...inputs, result } };
    },
  },
  "random:index/randomId:RandomId": {
    row: row({ byteLength: "number", "prefix?": "string" }, ["b64Std", "b64Url", "dec", "hex"]),
    make: makeId,
  },
  "random:index/randomBytes:RandomBytes": {
    row: row({ length: "number" }, ["base64", "hex"], ["base64", "hex"]),
    make: ({ length }) => {
      const bytes = randomBytes(Number(length));
      return { id: "none", outputs: { base64: bytes.toString("base64"), hex: bytes.toString("hex") } };
    },
  },
  "random:index/randomUuid:RandomUuid": {
    row: row({}, ["result"]),
    make: () => identified(randomUUID()),
  },
  "random:index/randomPet:RandomPet": {
    row: row({ "length?": "number", "prefix?": "string", "separator?": "string" }, []),
    make: makePet,
  },
  "random:index/randomInteger:RandomInteger": {
    row: row({ max: "number", min: "number", "seed?": "string" }, ["result"]),
    make: ({ min, max }) => {
      const result = randomInt(Number(min), Number(max) + 1);
      return { id: String(result), outputs: { result } };
    },
  },
  "random:index/randomShuffle:RandomShuffle": {
    row: row({ inputs: ["string"], "resultCount?": "number", "seed?": "string" }, ["results"]),
    make: ({ inputs, resultCount }) => {
      const items = Array.isArray(inputs) ? inputs.map(String) : [];
      return { id: "-", outputs: { results: shuffled(items).slice(0, Number(resultCount ?? items.length)) } };
    },
  },
};

function identified(result: string): Made {
  return { id: result, outputs: { result } };
}

/** The real provider gives a bcrypt hash; Node has none, so this is a digest of the same length, which no login accepts. */
function passwordDigest(password: string): string {
  return `$2a$10$${createHash("sha512")
    .update(randomBytes(16))
    .update(password)
    .digest("base64")
    .replaceAll(/[^A-Za-z0-9]/g, "")
    .slice(0, 53)}`;
}

function makeId({ byteLength, prefix }: PlainMap): Made {
  const bytes = randomBytes(Number(byteLength));
  const before = typeof prefix === "string" ? prefix : "";
  const b64Url = bytes.toString("base64url");
  const hex = bytes.toString("hex");
  const outputs = {
    b64Std: before + bytes.toString("base64"),
    b64Url: before + b64Url,
    hex: before + hex,
    dec: before + BigInt(`0x${hex}`).toString(),
  };
  return { id: b64Url, outputs };
}

const PET_WORDS = [
  ["calm", "brave", "eager", "gentle", "keen", "lively", "merry", "quiet", "swift", "witty"],
  ["badger", "crane", "dolphin", "falcon", "heron", "lynx", "otter", "raven", "stoat", "wren"],
] as const;

function makePet({ length, prefix, separator }: PlainMap): Made {
  const count = Number(length ?? 2);
  const between = typeof separator === "string" ? separator : "-";
  const word = (_: unknown, index: number): string => {
    const words = PET_WORDS[index === count - 1 ? 1 : 0];
    return words[randomInt(words.length)] ?? words[0];
  };
  const words = [...(typeof prefix === "string" ? [prefix] : []), ...Array.from({ length: count }, word)];
  return { id: words.join(between), outputs: { length: count, separator: between } };
}

export function openRandom(): OpenPackage {
  const handlers = new Map(
    Object.entries(RANDOM_TYPES).map(([type, kind]) => [type, new SelfContained(type, kind)]),
  );
  const handler: PackageHandler = {
    name: "random",
    version: VERSION,
    configure: () => Promise.resolve({ resource: (type) => handlers.get(type) }),
  };
  return { handler, close: () => undefined };
}
