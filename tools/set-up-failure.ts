/** Message of a test that was not run because a `beforeAll` before it failed: Jest itself does not mark it. */
export const SET_UP_FAILED = "the set-up of this test failed, so that it was not run";
