/** What runs on machines, run here: a push that is killed leaves all files old or all new. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

test("a push killed at any change of the disk, and its cleaning up killed again, leaves old or new, never half", () => {
  const folder = mkdtempSync(join(tmpdir(), "labstead-crash-"));
  try {
    const script = resolve("test/provider/machine-files/crash.py");
    const args = ["-B", script, resolve("provider/machine-files/agent"), join(folder, "machine"), "20"];
    const said = JSON.parse(execFileSync("python3", args, { encoding: "utf8" })) as Record<string, unknown>;
    // Both ends are seen: kills before the push counts, and after.
    expect(said).toEqual({
      points: expect.any(Number) as number,
      old: expect.any(Number) as number,
      new: expect.any(Number) as number,
    });
    expect(Number(said["points"])).toBeGreaterThan(60);
    expect(Number(said["old"])).toBeGreaterThan(30);
    expect(Number(said["new"])).toBeGreaterThan(10);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
