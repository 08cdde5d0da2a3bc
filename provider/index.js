"use strict";
/**
 * Where the official language host enters. It loads plugins with its own TypeScript support, whatever the plugin's
 * options say; this file takes over, so that no types are checked here and no other TypeScript is needed.
 */
const load = require("../bin/load.js");

module.exports = load("provider/main").runPlugin();
