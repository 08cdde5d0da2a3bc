/** The commands of `docs/migrations.md` that move files, as they stand there, on folders in place of clusters. */
import { spawn, spawnSync } from "node:child_process";
import { lstatSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { homesConfigFile } from "../../apps/hub/drive/chart";
import type { DrivePlan } from "../../apps/hub/drive/plan";
import { hubPlan, NATIVE } from "../apps/hub/hubs";
import { ROOT } from "../cli/command";
import { runs } from "../lab/host/programs";
import { setUp } from "../lab/host/undo";
import { until } from "../lab/machines/host";
import { commandsOf, shellBlocks } from "./shell-blocks";

runs("bash", "chmod", "chown", "find", "ln", "mkdir", "python3", "sha256sum", "sort", "stat", "tar", "touch");

const COMMANDS = shellBlocks("docs/migrations.md").flatMap(commandsOf);
/** What stands before a container's own command line. */
const IN_CONTAINER = /kubectl (--context \w+ )?-n \S+ exec (-i )?deploy\/\S+ (-c \S+ )?-- /g;

let folder: string;

setUp((undo) => {
  folder = undo.folder("migrations");
});

/** The only documented command that has the text, with folders of the test in place of what containers mount. */
function documented(part: RegExp, ...folders: readonly (readonly [theirs: RegExp, ours: string])[]): string {
  const [command, ...more] = COMMANDS.filter((each) => part.test(each));
  if (command === undefined || more.length > 0) throw new Error(`not one command has ${String(part)}`);
  return folders
    .reduce((text, [theirs, ours]) => text.replace(theirs, ours), command)
    .replaceAll(IN_CONTAINER, "");
}

function run(script: string): string {
  const { status, stdout, stderr } = spawnSync("bash", ["-euo", "pipefail", "-c", script], {
    cwd: folder,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${script}: ${stderr}`);
  return stdout.trim();
}

/** Files as people have them: hidden, linked, of others, with modes and old times. */
function files(at: string): void {
  run(`mkdir -p ${at}/study/deep && cd ${at} && echo notes > study/notes.txt && echo hidden > .profile
    printf '#!/bin/sh\\n' > study/run.sh && chmod 750 study/run.sh && ln -s notes.txt study/link
    ln study/notes.txt study/deep/same && touch -d 2020-01-02 study/notes.txt && echo 'a b' > 'study/with space'`);
}

test("a claim is copied with owners, modes, times and links, a second time as well, and the lists are equal then", () => {
  const [old, next] = ["old", "new"].map((name) => join(folder, name));
  for (const each of [old, next]) mkdirSync(each ?? "");
  files("old");
  run("chown -R 1000:100 old/study && chown 2001:2002 old/.profile");
  const sides = [/(?<=-C )\/data/, /(?<=-C )\/data/] as const;
  const copy = documented(/tar .* \| .* tar/, [sides[0], old ?? ""], [sides[1], next ?? ""]);
  const list = (side: string, at = ""): string =>
    run(documented(new RegExp(`context ${side} .* find`), [/(?<=cd )\/data/, at]));
  run(copy);
  expect(list("new", next)).toBe(list("old", old));
  const { uid, gid, mode } = lstatSync(join(folder, "new/study/run.sh"));
  expect({ uid, gid, mode: (mode & 0o777).toString(8) }).toEqual({ uid: 1000, gid: 100, mode: "750" });
  expect(readlinkSync(join(folder, "new/study/link"))).toBe("notes.txt");
  // What people have written meanwhile.
  writeFileSync(join(folder, "old/study/later.txt"), "later");
  expect(list("new", next)).not.toBe(list("old", old));
  run(copy);
  expect(list("new", next)).toBe(list("old", old));
  // Owners are part of it.
  run("chown 3000 new/.profile");
  expect(list("new", next)).not.toBe(list("old", old));
});

test("a home of a Docker host becomes a home of the drive, with the owner and the mode that the drive gave it", async () => {
  const root = join(folder, "export");
  mkdirSync(join(root, "homes"), { recursive: true });
  mkdirSync(join(folder, "srv/homes/ada"), { recursive: true });
  files("srv/homes/ada");
  run("chown -R 1000:1000 srv && chmod 700 srv/homes/ada");
  const port = 18_231;
  const { homes, ...plan } = hubPlan({ ...NATIVE, homes: { kind: "drive", owner: "own-uid" } });
  const config = homesConfigFile(plan, homes as DrivePlan);
  writeFileSync(join(folder, "config.json"), JSON.stringify({ ...config, root, port, limitGiB: null }));
  const program = join(ROOT, "apps/hub/drive/programs/homes.py");
  const drive = spawn("python3", [program, join(folder, "config.json")], { env: { DRIVE_TOKEN: "token" } });
  try {
    const home = (name: string) =>
      fetch(`http://127.0.0.1:${String(port)}/homes/${name}`, {
        method: "PUT",
        headers: { Authorization: "Bearer token" },
      });
    await until("the drive to answer", 30, async () => (await home("grace").catch(() => undefined))?.ok);
    expect(await (await home("ada")).json()).toEqual({ uid: 100_001 });
    const at = [/\/srv\/homes/, join(folder, "srv/homes")] as const;
    const inside = [/\/export\/homes/g, join(root, "homes")] as const;
    run(documented(/-cf ada\.tar/, at));
    // A second time it changes nothing more.
    for (const _ of [1, 2]) {
      run(documented(/no-overwrite-dir/, inside));
      run(documented(/chown -R/, inside));
    }
  } finally {
    drive.kill();
  }
  expect(run("stat -c '%u:%g %a' export/homes/ada export/homes/grace").split("\n")).toEqual([
    "100001:100 711",
    "100000:100 711",
  ]);
  expect(new Set(run("find export/homes/ada -printf '%U:%G\\n'").split("\n"))).toEqual(
    new Set(["100001:100"]),
  );
  expect(readFileSync(join(root, "homes/ada/study/notes.txt"), "utf8")).toBe("notes\n");
  expect(readlinkSync(join(root, "homes/ada/study/link"))).toBe("notes.txt");
  expect(run("stat -c %a export/homes/ada/study/run.sh")).toBe("750");
});
