"use strict";
/**
 * `node tools/complete-lock.js`: names in package-lock.json the packages for other platforms that the registry in use
 * does not have. npm leaves them out when it writes the file, and then `npm ci` refuses it. Run it after
 * `npm install <package>`; a test fails when it is due.
 */
const { readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const file = join(__dirname, "..", "package-lock.json");

/** Optional dependencies that a lock file wants and does not name: `[path, version, dev]`. */
function missing(lock) {
  return Object.entries(lock.packages).flatMap(([path, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(([name]) => !isNamed(lock, path, name))
      .map(([name, version]) => ({ path: `node_modules/${name}`, version, dev: entry.dev === true })),
  );
}

function isNamed(lock, path, name) {
  return `${path}/node_modules/${name}` in lock.packages || `node_modules/${name}` in lock.packages;
}

const SYSTEMS = ["android", "darwin", "freebsd", "linux", "openharmony", "win32"];

/** Where a package for a platform may be installed, from its name: `…-linux-arm64-musl`. */
function platform(name) {
  const words = name.split("-");
  const at = words.findIndex((word) => SYSTEMS.includes(word.split("/").at(-1)));
  if (at < 0) return {};
  return { os: [words[at].split("/").at(-1)], ...(words[at + 1] && { cpu: [words[at + 1]] }) };
}

function complete(lock) {
  const added = missing(lock).map(({ path, version, dev }) => [
    path,
    { version, ...platform(path), ...(dev && { dev }), optional: true },
  ]);
  const [root, ...packages] = [...Object.entries(lock.packages), ...added];
  packages.sort(([one], [other]) => one.localeCompare(other, "en"));
  return { ...lock, packages: Object.fromEntries([root, ...packages]) };
}

module.exports = { complete, missing };
if (require.main === module) {
  const lock = JSON.parse(readFileSync(file, "utf8"));
  console.log(`${missing(lock).length} added`);
  if (missing(lock).length > 0) writeFileSync(file, `${JSON.stringify(complete(lock), null, 2)}\n`);
}
