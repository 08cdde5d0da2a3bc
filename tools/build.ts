/**
 * `node --import tsx tools/build.ts`: compiles what the package holds into `dist/`, which mirrors the repository, and
 * copies the files that are read at run time beside the code that reads them. npm runs it before it packs.
 */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, rmSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

const ROOT = resolve(__dirname, "..");
const DIST = join(ROOT, "dist");

/** Programs for servers, data, Go modules, and style and script of a browser's page; TypeScript is compiled. */
const ASSETS = [".sh", ".py", ".json", ".mod", ".sum", ".css", ".browser.js"];

/** JavaScript that runs in the cluster; elsewhere it is for the repository alone. */
function isProgram(path: string): boolean {
  return path.endsWith(".js") && basename(dirname(path)) === "programs";
}

/** Files below a folder that are read at run time, relative to the repository. */
function assets(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return assets(path);
    return ASSETS.some((extension) => entry.name.endsWith(extension)) || isProgram(path) ? [path] : [];
  });
}

/** Rooms that took part in the compilation. */
function compiledRooms(): readonly string[] {
  return readdirSync(DIST, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(ROOT, entry.name)))
    .map(({ name }) => name);
}

rmSync(DIST, { recursive: true, force: true });
execFileSync(
  process.execPath,
  [require.resolve("typescript/bin/tsc"), "--project", join(ROOT, "tsconfig.build.json")],
  { cwd: ROOT, stdio: "inherit" },
);
for (const file of compiledRooms().flatMap(assets)) cpSync(join(ROOT, file), join(DIST, file));
