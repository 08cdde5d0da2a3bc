"use strict";
/**
 * `node tools/packages.js`: installs the packages of package-lock.json unless they are installed. Needs no package,
 * so that it runs first. npm records what it installed in node_modules/.package-lock.json, at the end.
 */
const { spawnSync } = require("node:child_process");
const { readFileSync } = require("node:fs");
const { join } = require("node:path");

const root = join(__dirname, "..");

/** Whether all packages of a lock file are installed. Those for other platforms are optional and not there. */
function isInstalled(lock, installed) {
  const wanted = Object.entries(lock.packages).filter(([path]) => path !== "");
  const present = ([path, { version, optional }]) =>
    path in installed.packages ? installed.packages[path].version === version : optional === true;
  return wanted.every(present) && Object.keys(installed.packages).every((path) => path in lock.packages);
}

function readLock(...path) {
  try {
    return JSON.parse(readFileSync(join(root, ...path), "utf8"));
  } catch {
    return { packages: {} };
  }
}

function main() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 11)) {
    console.error(`Node.js 20.11 or newer is needed; this is ${process.versions.node}`);
    return 1;
  }
  if (isInstalled(readLock("package-lock.json"), readLock("node_modules", ".package-lock.json"))) return 0;
  console.log("installing npm packages");
  const npm = spawnSync("npm", ["ci", "--no-progress", "--loglevel=error"], { cwd: root, stdio: "inherit" });
  if (npm.error) console.error(npm.error.message);
  return npm.status ?? 1;
}

module.exports = { isInstalled };
if (require.main === module) process.exitCode = main();
