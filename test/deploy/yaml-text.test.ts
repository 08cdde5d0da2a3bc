import fc from "fast-check";
import { parse } from "yaml";
import { yamlText } from "../../deploy/yaml-text";

const word = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.stringMatching(/^[\n\t :#\-a-z<>|"']{0,20}$/),
  fc.constantFrom(
    "yes",
    "No",
    "on",
    "null",
    "~",
    "1e3",
    "0x1f",
    "12:30:45",
    "2026-01-01",
    ".inf",
    "<<",
    "=",
    "a: b",
    "a #b",
  ),
);
const data = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    word,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("node"), { maxLength: 4 }),
    fc.dictionary(
      word.filter((key) => key.length < 100 && key !== "__proto__"),
      tie("node"),
      { maxKeys: 4, noNullPrototype: true },
    ),
  ),
})).node;

describe("yamlText", () => {
  test.each(["1.1", "1.2"] as const)("any JSON data comes back as it was (YAML %s)", (version) => {
    fc.assert(
      fc.property(data, (value) => {
        expect(parse(yamlText(value), { version, uniqueKeys: false, merge: false })).toStrictEqual(value);
      }),
      { numRuns: 1000 },
    );
  });

  test("is written as people write it", () => {
    const manifest = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "site", annotations: { "a/b": "true" }, finalizers: [] },
      data: {
        "nginx.conf": "server {\n  listen 80;\n}\n",
        flag: "yes",
        port: "80",
        empty: "",
        url: "https://a.example/x?y",
      },
      list: [{ name: "a", args: ["--x=1", ["nested"]] }, {}, 3],
    };
    expect(yamlText(manifest)).toBe(`apiVersion: v1
kind: ConfigMap
metadata:
  name: site
  annotations:
    a/b: "true"
  finalizers: []
data:
  nginx.conf: |
    server {
      listen 80;
    }
  flag: "yes"
  port: "80"
  empty: ""
  url: https://a.example/x?y
list:
  - name: a
    args:
      - --x=1
      -
        - nested
  - {}
  - 3
`);
  });
});
