import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lockFolder } from "../../rehearsal/folder-lock";

const folder = mkdtempSync(join(tmpdir(), "sole-use-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Another process, that has the folder. */
async function other(): Promise<{ pid: number; end: () => void }> {
  const child = spawn("sleep", ["60"], { stdio: "ignore" });
  await new Promise((resolve) => child.once("spawn", resolve));
  writeFileSync(join(folder, "pid"), String(child.pid));
  return { pid: child.pid ?? 0, end: () => child.kill("SIGKILL") };
}

test("what is free is taken, and given back", async () => {
  const release = await lockFolder(folder);
  expect(readdirSync(folder)).toEqual(["pid"]);
  release();
  expect(readdirSync(folder)).toEqual([]);
});

test("the next one waits for the one before, even if that is killed", async () => {
  const { end } = await other();
  setTimeout(end, 200);
  const start = Date.now();
  (await lockFolder(folder, 60_000))();
  expect(Date.now() - start).toBeGreaterThan(150);
});

test("one that does not end is named", async () => {
  const { pid, end } = await other();
  await expect(lockFolder(folder, 100)).rejects.toThrow(
    `process ${String(pid)} uses ${folder}: wait until it has ended; if it has nothing to do with it, delete ${join(folder, "pid")}`,
  );
  end();
});
