/** Configuration files in Python: how values are written, and what cannot be. `python.lab.test.ts` asks Python itself. */
import {
  EnvironmentVariable,
  pythonExpression,
  traitletsFile,
  traitletsOf,
  type PythonValue,
} from "../../kit";

test.each<readonly [PythonValue, string]>([
  [null, "None"],
  [true, "True"],
  [0.1, "0.1"],
  ['a "b" \\ \n', '"a \\"b\\" \\\\ \\n"'],
  ["é\u2028😀", '"\\u00e9\\u2028\\U0001f600"'],
  [["a", [1]], '["a", [1]]'],
  [{ "a b": false, c: {} }, '{"a b": False, "c": {}}'],
  [{ key: new EnvironmentVariable("A_SECRET") }, '{"key": os.environ["A_SECRET"]}'],
])("%j", (value, expression) => {
  expect(pythonExpression(value)).toBe(expression);
});

test.each([NaN, Infinity, -Infinity])("%d has no literal", (value) => {
  expect(() => pythonExpression([value])).toThrow(`${value} is no number that a Python file can hold`);
});

test("a file sets each trait once, under a name that Python takes", () => {
  expect(traitletsFile(traitletsOf("JupyterHub", { base_url: "/a/", ip: "" }))).toBe(
    'import os\n\nc = get_config()\nc.JupyterHub.base_url = "/a/"\nc.JupyterHub.ip = ""\n',
  );
  const twice = [...traitletsOf("A", { b: 1 }), ...traitletsOf("A", { b: 2 })];
  expect(() => traitletsFile(twice)).toThrow("A.b is set twice; set it once");
  for (const trait of ["b = 1\nimport os #", "b-c", ""])
    expect(() => traitletsFile(traitletsOf("A", { [trait]: 1 }))).toThrow(
      `${JSON.stringify(trait)} is no name of a class or trait of Python`,
    );
});
