/** Python reads every value as it was meant. */
import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { pythonExpression, type PythonValue } from "../../kit";
import { runs } from "../lab/host/programs";

runs("python3");

const READ = "import json, sys; print(json.dumps([eval(line) for line in sys.stdin.read().splitlines()]))";

/** Python's own JSON of what it has read. */
function readByPython(values: readonly PythonValue[]): unknown {
  const { stdout, stderr } = spawnSync("python3", ["-c", READ], {
    input: values.map((value) => `${pythonExpression(value)}\n`).join(""),
    encoding: "utf8",
  });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout);
}

/** Every kind of text that could end a string, or mean something else inside of one. */
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    '"',
    "'",
    "\\",
    "\n",
    "\r",
    "\0",
    "\u2028",
    '"""',
    "#",
    "{x}",
    "\\N{BULLET}",
    "😀",
    "\ud800",
  ),
);
const value = fc.letrec<{ value: PythonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    text,
    fc.boolean(),
    fc.constant(null),
    fc.integer(),
    // JSON has no negative zero.
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((each) => !Object.is(each, -0)),
    fc.array(tie("value")),
    fc.dictionary(text, tie("value")),
  ),
})).value;

test("any value", () => {
  // One start of Python for many values.
  fc.assert(
    fc.property(fc.array(value, { minLength: 200, maxLength: 300 }), (values) => {
      expect(readByPython(values)).toEqual(values);
    }),
    { numRuns: 5 },
  );
});
