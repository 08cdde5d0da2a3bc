import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { REPOSITORY } from "../../tools/toolchain/executables";

/** Runs at the end of the command, and writes which packages it loaded. */
const REPORT = `
process.on("exit", () => {
  const packages = Object.keys(require.cache).flatMap((file) => /node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(file)?.[1] ?? []);
  require("node:fs").writeFileSync(process.env.REPORT_FILE, JSON.stringify([...new Set(packages)]));
});
`;

test("labstead plan loads neither Pulumi nor a compiler of types, which alone would take half a second", () => {
  const folder = mkdtempSync(join(tmpdir(), "plan-"));
  try {
    const [script, file] = [join(folder, "report.js"), join(folder, "report.json")];
    writeFileSync(script, REPORT);
    const args = ["-r", script, "bin/labstead.js", "plan", "prod", "--out", join(folder, "out")];
    const env = { ...process.env, REPORT_FILE: file };
    execFileSync(process.execPath, args, { cwd: REPOSITORY, stdio: "ignore", env });
    const packages = z.array(z.string()).parse(JSON.parse(readFileSync(file, "utf8")));
    expect(packages).toContain("cdk8s");
    expect(packages.filter((name) => name.startsWith("@pulumi/") || name === "typescript")).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
