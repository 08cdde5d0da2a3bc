import { checkFailed, closing, NO_TESTS, ofTwoRuns } from "../../tools/test-results";

const FAILED = checkFailed("make lint", "a.ts\n  1:1  error  Unexpected any\nit ended with exit code 2");
const PASSED = { ...NO_TESTS, passed: 1 };

describe("a check that failed", () => {
  it("is listed at the end with what it printed", () => {
    expect(closing(ofTwoRuns(FAILED, FAILED)).split("\n")).toEqual([
      "failed: make lint",
      "    a.ts",
      "      1:1  error  Unexpected any",
      "    it ended with exit code 2",
      "",
      "0 passed, 1 failed",
    ]);
  });

  it("counts as passed when only its first run failed, which is listed", () => {
    expect(closing(ofTwoRuns(FAILED, PASSED)).split("\n")).toEqual([
      "passed only when it was run again: make lint",
      "    a.ts",
      "      1:1  error  Unexpected any",
      "    it ended with exit code 2",
      "",
      "1 passed, 0 failed",
    ]);
  });
});
