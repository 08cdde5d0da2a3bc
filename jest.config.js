/** Jest on swc: types are checked by `tsc`, once, not by every test run. */
const SLOW = ["\\.engine\\.test\\.ts$", "\\.lab\\.test\\.ts$"];

/** @param {string} displayName */
const project = (displayName, options) => ({
  displayName,
  testEnvironment: "node",
  roots: ["<rootDir>/test"],
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } },
    ],
  },
  ...options,
});

module.exports = {
  projects: [
    // Pure code and small local servers.
    project("unit", { testMatch: ["**/*.test.ts"], testPathIgnorePatterns: SLOW, testTimeout: 20_000 }),
    // The real Pulumi engine; one file at a time.
    project("engine", { testMatch: ["**/*.engine.test.ts"], testTimeout: 300_000 }),
    // Real services, started by the tests; root on Debian.
    project("lab", { testMatch: ["**/*.lab.test.ts"], testTimeout: 1_800_000 }),
  ],
};
