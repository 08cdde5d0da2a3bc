/**
 * Which programs of the host a test file runs: each module says it for itself, beside its imports. What Debian packages
 * they come with is then installed, for tests of real services as soon as the module is loaded: it may start one at once.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { type Package, packageOf, type Program } from "./packages";
import { commandPrograms } from "./words";

/** Of the modules that this test file has loaded: Jest loads modules again for each. */
const programs = new Set<string>();
const packages = new Set<Package>();
let installing = false;

/** Says that this module runs programs of the host. */
export function runs(...names: readonly Program[]): void {
  for (const name of names) {
    programs.add(name);
    const found = packageOf(name);
    if (found !== undefined) packages.add(found);
  }
  if (installing) install();
}

/** Says that what this module runs loads something of packages by itself. */
export function loads(...names: readonly Package[]): void {
  for (const name of names) packages.add(name);
  if (installing) install();
}

/** Installs what has been declared, and from now on whatever is declared as soon as it is. */
export function installDeclared(): void {
  installing = true;
  install();
}

export function declared(): { readonly programs: readonly string[]; readonly packages: readonly Package[] } {
  return { programs: [...programs], packages: [...packages] };
}

/** @throws Error naming a program that a command line starts by name and no module has declared */
export function mustBeDeclared(argv: readonly string[]): void {
  const unknown = commandPrograms(argv).find((program) => !programs.has(program));
  if (unknown === undefined) return;
  throw new Error(
    `${argv.join(" ")}: no module of this test declares ${unknown}; add runs("${unknown}") to the one that starts it, ` +
      "and its Debian package to test/lab/host/packages.ts if it is not there",
  );
}

function install(): void {
  const missing = [...packages].filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0)
    throw new Error(
      `Debian packages are missing: ${missing.join(" ")}; install them, or run the tests as root`,
    );
  const { status, error, stdout, stderr } = spawnSync("sh", [join(__dirname, "install.sh"), ...missing], {
    encoding: "utf8",
  });
  if (status === 0) return;
  const said = `${stdout}\n${stderr}`.trim().split("\n").slice(-30).join("\n");
  throw new Error(`Debian packages cannot be installed: ${missing.join(" ")}\n${error?.message ?? said}`);
}

const known = new Set<Package>();

function isInstalled(name: Package): boolean {
  if (known.has(name)) return true;
  const { stdout } = spawnSync("dpkg-query", ["--show", "--showformat", "${db:Status-Status}", name], {
    encoding: "utf8",
  });
  if (stdout === "installed") known.add(name);
  return stdout === "installed";
}
