import { createHash } from "node:crypto";
import { ApiObject, App, Chart, Yaml } from "cdk8s";
import fc from "fast-check";
import { parse, stringify } from "yaml";
import {
  address,
  bindValues,
  checkText,
  checkValues,
  composed,
  findValues,
  isReferenceName,
  jsonText,
  maskText,
  maskValues,
  NamedValue,
  output,
  parseText,
  reference,
  referenceKey,
  requiredReferences,
  secret,
  text,
  type Encoder,
  type Lookup,
  type TextPart,
} from "../../values";

const name = fc.stringMatching(/^[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,20}[A-Za-z0-9])?$/);
const leaf = fc
  .tuple(fc.constantFrom("secret" as const, "address" as const, "output" as const), name)
  .map(([kind, of]) => reference(kind, of));
const encoder = fc.oneof(
  fc.constantFrom<Encoder>({ kind: "json" }, { kind: "escape" }, { kind: "url" }, { kind: "base64" }),
  fc.integer({ min: 8, max: 64 }).map((length): Encoder => ({ kind: "hash", length })),
);
const literal = fc
  .string({ unit: "grapheme" })
  .filter((one) => checkText(one).length === 0 && !one.includes("((labstead:"));
const { value } = fc.letrec<{ value: NamedValue; part: TextPart }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc
      .tuple(tie("value"), fc.array(encoder, { maxLength: 3 }))
      .map(([of, steps]) => new NamedValue(of.source, steps)),
    fc
      .tuple(fc.array(tie("part"), { maxLength: 4 }), encoder)
      .map(([parts, step]) => new NamedValue(composed(parts).source, [step])),
  ),
  part: fc.oneof(literal, tie("value")),
}));
const always: Lookup = ({ kind, name: of }) => `${kind}-${of}-"'\\ @é`;
const bound = (source: string | NamedValue): unknown => bindValues(source, always);

describe("markers", () => {
  test("name what they stand for", () => {
    expect(`${secret("mongo-password")}`).toBe("((labstead:secret:mongo-password))");
    expect(address("vip.floating").base64().hash(16).toString()).toBe(
      "((labstead:address:vip.floating|base64|hash:16))",
    );
    expect(text`user:${secret("mongo").url()}@h`.toString()).toBe("user:((labstead:secret:mongo|url))@h");
    expect(String(text`user:${secret("mongo").url()}@h`.base64())).toBe(
      "((labstead:text:user%3A{secret:mongo|url}%40h|base64))",
    );
    expect(JSON.stringify({ a: output("id") })).toBe('{"a":"((labstead:output:id))"}');
    expect(referenceKey({ kind: "address", name: "vip" })).toBe("address:vip");
  });

  test("come back from text as the same values, among any literals", () => {
    fc.assert(
      fc.property(literal, value, literal, (before, middle, after) => {
        const whole = `${before}${middle}${after}`;
        const parts = parseText(whole);
        expect(parts.map(String).join("")).toBe(whole);
        expect(parts.filter((part) => part instanceof NamedValue)).toStrictEqual(
          parseText(`${middle}`).filter((part) => part instanceof NamedValue),
        );
      }),
    );
  });

  test("pass unchanged through JSON, YAML and cdk8s", () => {
    fc.assert(
      fc.property(value, (one) => {
        const data = { key: `${one}`, list: [`before ${one} after`] };
        expect(JSON.parse(JSON.stringify(data))).toStrictEqual(data);
        expect(parse(stringify(data))).toStrictEqual(data);
        expect(parse(Yaml.stringify(data))).toStrictEqual(data);
        const object = new ApiObject(new Chart(new App(), "chart"), "object", {
          apiVersion: "v1",
          kind: "X",
          spec: data,
        });
        expect(object.toJson()).toMatchObject({ spec: data });
      }),
    );
  });

  test("stand unquoted in YAML and need no escape in JSON", () => {
    const marker = text`a "b" \\ ${secret("x").json()}: #`.base64().toString();
    expect(parse(`key: ${marker}\n`)).toStrictEqual({ key: marker });
    expect(JSON.stringify(marker)).toBe(`"${marker}"`);
  });

  test("cdk8s takes the value itself too", () => {
    const spec = { password: secret("mongo") };
    const object = new ApiObject(new Chart(new App(), "chart"), "object", {
      apiVersion: "v1",
      kind: "X",
      spec,
    });
    expect(object.toJson()).toMatchObject({ spec: { password: "((labstead:secret:mongo))" } });
  });

  test("values are immutable", () => {
    const one = secret("a");
    expect(Object.isFrozen(one) && Object.isFrozen(one.source) && Object.isFrozen(one.encoders)).toBe(true);
    one.base64();
    expect(`${one}`).toBe("((labstead:secret:a))");
  });

  test("names and hash lengths are checked", () => {
    expect(() => secret("a b")).toThrow(
      'secret("a b"): a name has 1 to 200 letters, digits and . _ - / and starts and ends with a letter or digit',
    );
    expect(["", "-a", "a-", "a".repeat(201)].some(isReferenceName)).toBe(false);
    expect(isReferenceName("a".repeat(200))).toBe(true);
    expect(() => secret("a").hash(7)).toThrow("hash(7): a hash has 8 to 64 hexadecimal digits");
  });
});

describe("sensitivity", () => {
  test("follows a secret through every encoder and composition", () => {
    expect(secret("a").sensitive).toBe(true);
    expect(secret("a").json().base64().hash(8).sensitive).toBe(true);
    expect(text`x${text`y${secret("a")}`.base64()}`.sensitive).toBe(true);
    expect([address("a"), output("a").hash(), text`only ${1}`].some(({ sensitive }) => sensitive)).toBe(
      false,
    );
  });
});

describe("binding", () => {
  const given = `p@"s\\`;
  const as = (one: NamedValue): unknown => bindValues(`${one}`, () => given);

  test("applies encoders from left to right", () => {
    expect(as(secret("a"))).toBe(given);
    expect(as(secret("a").json())).toBe(JSON.stringify(given));
    expect(as(secret("a").escape())).toBe('p@\\"s\\\\');
    expect(as(secret("a").url())).toBe("p%40%22s%5C");
    expect(as(secret("a").base64())).toBe(Buffer.from(given).toString("base64"));
    const digest = createHash("sha256").update(JSON.stringify(given)).digest("hex");
    expect(as(secret("a").json().hash())).toBe(digest);
    expect(as(secret("a").json().hash(12))).toBe(digest.slice(0, 12));
    expect(as(text`u:${secret("a").url()}`.base64())).toBe(Buffer.from("u:p%40%22s%5C").toString("base64"));
  });

  test("a whole text takes the type of its value, a part of one becomes text", () => {
    const data = { port: `${output("port")}`, url: `http://host:${output("port")}`, other: [true, 1, null] };
    expect(bindValues(data, () => 8080)).toStrictEqual({
      port: 8080,
      url: "http://host:8080",
      other: [true, 1, null],
    });
  });

  test("a composed text is bound as what it says, whatever it holds", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(literal, value), { maxLength: 5 }), (parts) => {
        const whole = composed(parts);
        const expected = parts.map((part) => String(typeof part === "string" ? part : bound(part))).join("");
        fc.pre(parts.length > 0 && expected !== "");
        expect(String(bound(whole))).toBe(expected);
        expect(bound(whole.base64())).toBe(Buffer.from(expected).toString("base64"));
      }),
    );
  });

  test("jsonText is valid JSON whatever is bound", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        const config = jsonText({
          whole: secret("a"),
          part: `"${secret("b")}"`,
          port: output("port"),
          list: [text`x${secret("a")}`],
        });
        const values: Readonly<Record<string, unknown>> = { a: one, b: other, port: 80 };
        const result = bindValues(config, (of) => values[of.name]);
        expect(JSON.parse(String(result))).toStrictEqual({
          whole: one,
          part: `"${other}"`,
          port: 80,
          list: [`x${one}`],
        });
      }),
    );
    expect(() => jsonText({ [`${secret("a")}`]: 1 })).toThrow(
      "jsonText: key <secret a>: a key must be known at once",
    );
  });

  test("all that is missing is named together", () => {
    expect(() =>
      bindValues([`${secret("b")}`, `${address("a")}`, `${secret("b")}`], () => undefined),
    ).toThrow(/^nothing is bound to address\("a"\)\nnothing is bound to secret\("b"\)$/);
  });

  test("a structure needs json()", () => {
    expect(() => bindValues(`x${output("a")}`, () => ({}))).toThrow(
      "a bound value of type object has no text of its own; use .json() where it is used",
    );
    expect(bindValues(`${output("a").json()}`, () => ({ b: 1 }))).toBe('{"b":1}');
  });
});

describe("looking at data", () => {
  const data = {
    a: [`x${secret("one").hash(8)}`],
    "b/c": { d: `${text`${address("two")}:${secret("one")}`.base64()}` },
  };

  test("finds texts with their paths, and the references once each", () => {
    expect(findValues(data).map(({ path }) => path)).toStrictEqual(["a[0]", '["b/c"].d']);
    expect(requiredReferences(data)).toStrictEqual([
      { kind: "address", name: "two" },
      { kind: "secret", name: "one" },
    ]);
  });

  test("masks by name", () => {
    expect(maskValues(data)).toStrictEqual({
      a: ["x<secret one, hash:8>"],
      "b/c": { d: "<text <address two>:<secret one>, base64>" },
    });
    expect(maskText("password=((labstead:secret:mongo-password))")).toBe("password=<secret mongo-password>");
  });
});

describe("what goes wrong is said", () => {
  const hint = 'write it with secret("…"), address("…"), output("…") or text`…`';

  test.each([
    ["((labstead:secret:a", "no closing ))"],
    ["((labstead:secret))", 'no ":" after "secret"'],
    ["((labstead:password:a))", 'unknown kind "password"'],
    ["((labstead:secret:))", '"" is not a name'],
    ["((labstead:secret:a|rot13))", 'unknown encoder "rot13"'],
    ["((labstead:secret:a|hash:7))", 'unknown encoder "hash:7"'],
    ["((labstead:secret:a b))", 'unexpected " b"'],
    ["((labstead:text:a{secret:b))", 'no "}" after an inner value'],
    ["((labstead:text:%FF|base64))", "%FF is no percent-encoded UTF-8"],
  ])("malformed: %s", (marker, reason) => {
    expect(checkText(marker)).toStrictEqual([`malformed marker ${marker}: ${reason}; ${hint}`]);
    expect(() => bindValues({ a: [marker] }, always)).toThrow(
      `a[0]: malformed marker ${marker}: ${reason}; ${hint}`,
    );
  });

  test("a marker that was base64-encoded is found at any offset", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 20 }),
        value,
        fc.uint8Array({ maxLength: 20 }),
        (before, one, after) => {
          fc.pre(`${one}`.startsWith("((labstead:"));
          const encoded = Buffer.concat([before, Buffer.from(`${one}`), after]).toString("base64");
          expect(checkText(encoded)).toStrictEqual([
            "a later value was base64-encoded while it was only a marker; use .base64() on the value itself",
          ]);
        },
      ),
    );
  });

  test("ordinary base64 is not mistaken for it", () => {
    fc.assert(fc.property(fc.base64String(), (one) => checkText(one).length === 0));
  });

  test("a marker that was URL-encoded, an Output that became text", () => {
    expect(checkText(encodeURIComponent(`${secret("a")}`))).toStrictEqual([
      "a later value was URL-encoded while it was only a marker; use .url() on the value itself",
    ]);
    expect(checkText("x Calling [toString] on an [Output<T>] is not supported.")).toStrictEqual([
      'an Output was turned into text ("Calling [toString] on an [Output<T>]"); use a named value, secret("…"), address("…") or output("…"), in its place',
    ]);
  });

  test("keys are checked as well", () => {
    const problems = checkValues({
      a: { [`${secret("x")}`]: 1, "Calling [toJSON] on an [Output<T>]": 2, ok: "fine" },
    });
    expect(problems.map(({ path, message }) => `${path}: ${message}`)).toStrictEqual([
      "a: key <secret x>: a key must be known at once",
      'a: in a key: an Output was turned into text ("Calling [toJSON] on an [Output<T>]"); use a named value, secret("…"), address("…") or output("…"), in its place',
    ]);
  });
});
