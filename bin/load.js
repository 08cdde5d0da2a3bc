"use strict";
/** Loads a module of Labstead: its source in the repository, its compiled form in the package, which has no sources. */
const { existsSync } = require("node:fs");
const { join } = require("node:path");

const root = join(__dirname, "..");

/** @param {string} path from the repository's folder, without extension: `cli/main` */
module.exports = function load(path) {
  const source = join(root, `${path}.ts`);
  if (!existsSync(source)) return require(join(root, "dist", path));
  require("./typescript.js");
  return require(source);
};
