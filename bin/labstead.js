#!/usr/bin/env node
"use strict";
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 11)) {
  console.error(`labstead needs Node.js 20.11 or newer; this is ${process.versions.node}`);
  process.exit(1);
}
require("./load.js")("cli/main");
