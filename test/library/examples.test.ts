/** Every example of a doc comment, and every TypeScript block of a document, compiles. */
import { commentExamples, compileExamples, documentExamples, examplesIn } from "./examples";

const examples = [...commentExamples(), ...documentExamples()];

test("there are examples in comments and in documents", () => {
  expect(commentExamples().length).toBeGreaterThan(15);
  expect(documentExamples().length).toBeGreaterThan(0);
});

test("all of them compile", () => {
  expect(compileExamples(examples)).toEqual([]);
});

test("one that does not compile is found", () => {
  const code = 'new ClusterReady("lab", { kubeconfig, cluster: 7 });';
  expect(compileExamples([{ file: "provider/cluster-ready/resource.ts", code }])).toEqual([
    expect.stringMatching(
      /^provider\/cluster-ready\/resource\.ts: Type 'number' is not assignable to type 'Input<string>/,
    ),
  ]);
});

test("an example ends with the next tag", () => {
  expect(examplesIn("/**\n * Text.\n * @example\n * one();\n *   two();\n * @throws Error\n */")).toEqual([
    "one();\n  two();",
  ]);
});
