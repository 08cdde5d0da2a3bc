"use strict";
/**
 * Lets Node.js load this repository's TypeScript: all rooms are compiled by one run of esbuild, and what is loaded is kept
 * by the digest of its source, so that the next command needs no compiler and nothing can be stale. `__dirname` and stack
 * traces are those of the sources; their maps are read when the first trace is asked for. Types are checked by `tsc`.
 */
const { createHash } = require("node:crypto");
const { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { SourceMap } = require("node:module");
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
    sourcemap: "external",
    sourcesContent: false,
    // `import()` becomes a lazy `require`, which the hook below serves too.
    supported: { "dynamic-import": false },
    logLevel: "silent",
  });
  const texts = new Map(outputFiles.map((file) => [file.path, file.text]));
  const outputs = outputFiles.filter((file) => file.path.endsWith(".js"));
  return new Map(
    outputs.map(({ path, text }) => [
      path.replace(/\.js$/, ".ts"),
      { code: text, map: texts.get(`${path}.map`) },
    ]),
  );
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

/** Digest of what the compiled text follows from, beside the source: the compiler, and how this file calls it. */
let compiler;

function compilerDigest() {
  const version = require("esbuild/package.json").version;
  const caller = readFileSync(join(__dirname, "typescript.js"));
  return createHash("sha256").update(version).update(caller).digest("hex");
}

function digestOf(path) {
  compiler ??= compilerDigest();
  const hash = createHash("sha256");
  // Source maps name sources relative to their files, so copies of the repository share what is kept.
  hash.update(`${compiler}\0${relative(root, path)}\0`).update(readFileSync(path));
  return hash.digest("hex");
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
function keep(file, text) {
  const partial = `${file}.${process.pid}`;
  try {
    mkdirSync(KEPT, { recursive: true });
    writeFileSync(partial, text);
    renameSync(partial, file);
  } catch {
    return;
  }
}

/** By the path of a loaded source: how its map is read, and the map once it was needed. */
const maps = new Map();

function codeOf(path) {
  const file = join(KEPT, `${digestOf(path)}.js`);
  const found = kept(file);
  maps.set(path, { read: () => kept(`${file}.map`) });
  if (found !== undefined) return found;
  const { code, map } = compiledNow(path);
  // The code last: where it is, its map is too.
  keep(`${file}.map`, map);
  keep(file, code);
  maps.set(path, { read: () => map });
  return code;
}

require.extensions[".ts"] = (module, path) => {
  module._compile(codeOf(path), path);
};

/** A frame's place in the source, with lines and columns from 1; undefined for code that was not compiled here. */
function sourcePlace(frame) {
  const map = maps.get(frame.getFileName());
  if (map === undefined) return undefined;
  map.parsed ??= new SourceMap(JSON.parse(map.read() ?? '{ "version": 3, "sources": [], "mappings": "" }'));
  const { originalLine, originalColumn } = map.parsed.findEntry(
    frame.getLineNumber() - 1,
    frame.getColumnNumber() - 1,
  );
  return originalLine === undefined ? undefined : `${originalLine + 1}:${originalColumn + 1}`;
}

function frameText(frame) {
  const place = sourcePlace(frame);
  const compiledPlace = `${frame.getLineNumber()}:${frame.getColumnNumber()}`;
  return place === undefined ? String(frame) : String(frame).replace(compiledPlace, place);
}

Error.prepareStackTrace = (error, frames) =>
  [Error.prototype.toString.call(error), ...frames.map((frame) => `    at ${frameText(frame)}`)].join("\n");
