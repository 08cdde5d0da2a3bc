import { execFileSync } from "node:child_process";
import { join } from "node:path";

const ROOT = join(__dirname, "../..");

/** Loads the fixture as the command loads its sources, in a process without Jest's compiler. */
function stackTrace(): string {
  const program = `
    const { fail } = require("./bin/load.js")("test/bin/throws");
    try { fail({ of: "salt" }); } catch (error) { console.log(error.stack); }`;
  return execFileSync(process.execPath, ["-e", program], { cwd: ROOT, encoding: "utf8" });
}

test("a stack trace names places of the sources, compiled now or kept", () => {
  const [message, first] = stackTrace().split("\n");
  expect(message).toBe("Error: too much salt");
  expect(first).toBe(`    at fail (${join(ROOT, "test/bin/throws.ts")}:7:9)`);
  expect(stackTrace().split("\n")[1]).toBe(first);
});
