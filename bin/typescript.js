"use strict";
/**
 * Lets Node.js load this repository's TypeScript: all rooms are compiled by one run of esbuild, and what is loaded is kept
 * by the digest of its source, so that the next command needs no compiler and nothing can be stale. `__dirname` and stack
 * traces are those of the sources. Types are checked by `tsc`.
 */
const { createHash } = require("node:crypto");
const { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { join, relative } = require("node:path");

const root = join(__dirname, "..");

/** `make clean` removes it. */
const KEPT = join(root, "node_modules/.cache/labstead-compiled");

/** Top-level folders that hold nothing the command runs. */
const LEFT_OUT = new Set([
  "node_modules",
  "test",
  "bench",
  "docs",
  "examples",
  "out",
  "coverage",
  "dist",
  "template",
]);

function sources(folder, leftOut = new Set()) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return leftOut.has(entry.name) || entry.name.startsWith(".") ? [] : sources(path);
    return entry.name.endsWith(".ts") && !entry.name.endsWith(".d.ts") ? [path] : [];
  });
}

function compile(entryPoints) {
  const { buildSync } = require("esbuild");
  const { outputFiles } = buildSync({
    entryPoints,
    outdir: root,
    outbase: root,
    write: false,
    format: "cjs",
    platform: "node",
    target: "node20",
    sourcemap: "inline",
    sourcesContent: false,
    // `import()` becomes a lazy `require`, which the hook below serves too.
    supported: { "dynamic-import": false },
    logLevel: "silent",
  });
  return new Map(outputFiles.map((file) => [file.path.replace(/\.js$/, ".ts"), file.text]));
}

/** With a mistake somewhere, each file is compiled when it is loaded: only one that is used then stops the command. */
function compileAll() {
  try {
    return compile(sources(root, LEFT_OUT));
  } catch {
    return new Map();
  }
}

let compiled;

function compiledNow(path) {
  compiled ??= compileAll();
  return compiled.get(path) ?? compile([path]).get(path);
}

/** What the compiled text follows from, beside the source: the compiler, and how this file calls it. */
let compiler;

function digestOf(path) {
  compiler ??=
    require("esbuild/package.json").version + readFileSync(join(__dirname, "typescript.js"), "utf8");
  // Source maps name sources relative to their files, so copies of the repository share what is kept.
  const parts = [compiler, relative(root, path), readFileSync(path, "utf8")];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

/** Undefined where there is none, or it cannot be read. */
function kept(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** Whole or not at all; a folder that cannot be written only costs time. */
function keep(file, code) {
  const partial = `${file}.${process.pid}`;
  try {
    mkdirSync(KEPT, { recursive: true });
    writeFileSync(partial, code);
    renameSync(partial, file);
  } catch {
    return;
  }
}

require.extensions[".ts"] = (module, path) => {
  const file = join(KEPT, `${digestOf(path)}.js`);
  const found = kept(file);
  const code = found ?? compiledNow(path);
  if (found === undefined) keep(file, code);
  module._compile(code, path);
};

process.setSourceMapsEnabled(true);
