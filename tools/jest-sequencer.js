"use strict";
/**
 * Jest's order of the test files, but those whose path matches `LABSTEAD_FIRST_FILES` come first: a regular expression
 * of paths from the folder where Jest was started. Jest compiles no sequencer, so it cannot read the table itself.
 */
const { relative } = require("node:path");
const { default: Sequencer } = require("@jest/test-sequencer");

const first = new RegExp(process.env.LABSTEAD_FIRST_FILES);

module.exports = class AcceptanceFirst extends Sequencer {
  async sort(tests) {
    const isFirst = ({ path }) => first.test(relative("", path));
    const ordered = await super.sort(tests);
    return [...ordered.filter(isFirst), ...ordered.filter((test) => !isFirst(test))];
  }
};
