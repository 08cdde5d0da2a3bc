import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { CLOUD_PROCESS, startCloud } from "../../cli/rehearse/cloud";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cloud-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function listens(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      answer(true);
    });
    socket.once("error", () => answer(false));
  });
}

test("the cloud serves its packages until it is stopped", async () => {
  const cloud = await startCloud({ directory: folder });
  const ports = new Map(
    cloud.debugProviders.split(",").map((entry) => [entry.split(":")[0], Number(entry.split(":")[1])]),
  );
  for (const name of ["openstack", "random", "tls"]) expect(await listens(ports.get(name) ?? 0)).toBe(true);
  await cloud.stop();
  await cloud.stop();
  for (const port of ports.values()) expect(await listens(port)).toBe(false);
});

test("a cloud that cannot start says why", async () => {
  writeFileSync(join(folder, "file"), "");
  await expect(startCloud({ directory: join(folder, "file", "cloud") })).rejects.toThrow(
    /^the built-in cloud cannot start: .*(ENOTDIR|EEXIST)/,
  );
});

test("the cloud ends when the one who started it is gone, and stays through a Ctrl-C meant for others", async () => {
  const root = resolve(__dirname, "../..");
  const options = JSON.stringify({ directory: folder });
  const child = spawn(process.execPath, ["--import", "tsx", CLOUD_PROCESS, options], {
    cwd: root,
    stdio: ["pipe", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  child.kill("SIGINT");
  await new Promise((later) => setTimeout(later, 200));
  expect(child.exitCode).toBeNull();
  child.stdin.end();
  const [code] = (await once(child, "exit")) as [number | null];
  expect(code).toBe(0);
});
