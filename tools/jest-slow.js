"use strict";
/* global jest, describe, test */
/** Milliseconds for one test that drives an engine or starts real services: the longest builds a Kubernetes once. */
jest.setTimeout(1_800_000);

/**
 * A file that is not started in time is left out, with all of its set-up: what has to end by a certain time then ends with
 * results instead of being killed without any. `tools/test.ts` lists these files.
 */
const { LABSTEAD_START_UNTIL: until } = process.env;
if (until !== undefined && Date.now() > Number(until)) {
  globalThis.test = globalThis.it = test.skip;
  globalThis.describe = describe.skip;
}
