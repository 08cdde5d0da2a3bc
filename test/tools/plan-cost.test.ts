import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { REPOSITORY } from "../../tools/toolchain/executables";

/** Runs at the end of the command: the packages it loaded, and its CPU time (esbuild, a process of its own, adds 0.1 s). */
const REPORT = `
process.on("exit", () => {
  const packages = Object.keys(require.cache).flatMap((file) => /node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(file)?.[1] ?? []);
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  const seconds = (userCPUTime + systemCPUTime) / 1e6;
  require("node:fs").writeFileSync(process.env.REPORT_FILE, JSON.stringify({ packages: [...new Set(packages)], seconds }));
});
`;

const report = z.object({ packages: z.array(z.string()), seconds: z.number() });

describe("labstead plan prod", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "plan-"));
    writeFileSync(join(folder, "report.js"), REPORT);
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function plan(): z.infer<typeof report> {
    const file = join(folder, "report.json");
    const args = [
      "-r",
      join(folder, "report.js"),
      "bin/labstead.js",
      "plan",
      "prod",
      "--out",
      join(folder, "out"),
    ];
    execFileSync(process.execPath, args, {
      cwd: REPOSITORY,
      stdio: "ignore",
      env: { ...process.env, REPORT_FILE: file },
    });
    return report.parse(JSON.parse(readFileSync(file, "utf8")));
  }

  it("loads neither Pulumi nor a compiler of types, which alone would take half a second", () => {
    const { packages } = plan();
    expect(packages).toContain("cdk8s");
    expect(packages.filter((name) => name.startsWith("@pulumi/") || name === "typescript")).toEqual([]);
  });

  it("takes at most 1.5 s of CPU", () => {
    expect(Math.min(plan().seconds, plan().seconds)).toBeLessThan(1.5);
  });
});
