/** Jest on swc: types are checked by `tsc`, once, not by every test run. */
const SLOW = ["\\.engine\\.test\\.ts$", "\\.lab\\.test\\.ts$"];

/** Jest knows no time-out of a project, so a set-up file sets it. */
const SLOWLY = { setupFilesAfterEnv: ["<rootDir>/tools/jest-slow.js"] };

/** Real services, started by the tests; root on Debian. What a file says it runs is installed. */
const SERVICES = {
  ...SLOWLY,
  setupFilesAfterEnv: [...SLOWLY.setupFilesAfterEnv, "<rootDir>/test/lab/host/jest.ts"],
};

/** @param {string} displayName */
const project = (displayName, options) => ({
  displayName,
  testEnvironment: "<rootDir>/tools/jest-environment.ts",
  roots: ["<rootDir>/test"],
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } },
    ],
  },
  ...options,
});

/** Folders of tests that boot machines, or are about what runs on them. */
const MACHINES = [
  "lab/machines",
  "lab/cluster",
  "lab/day",
  "lab/gluster",
  "lab/platform",
  "lab/wireguard",
  "provider",
  "platform",
];

module.exports = {
  // Pure tests take seconds; they also run giving way to machines that boot, and a test that starts a program took more
  // than fifteen seconds there. So no pure test has a shorter time of its own.
  testTimeout: 120_000,
  projects: [
    // Pure code and small local servers.
    project("unit", { testMatch: ["**/*.test.ts"], testPathIgnorePatterns: SLOW }),
    // The real Pulumi engine; one file at a time.
    project("engine", {
      testMatch: ["**/*.engine.test.ts"],
      testPathIgnorePatterns: ["/crash\\.engine"],
      ...SLOWLY,
    }),
    // Kills the engine at many moments of runs side by side: some minutes of work, so not in `make test`.
    project("crash", { testMatch: ["**/crash.engine.test.ts"], ...SLOWLY }),
    // Services on the loopback interface, by themselves.
    project("lab", {
      testMatch: ["**/*.lab.test.ts"],
      testPathIgnorePatterns: [
        "/openstack/",
        "/lab/state",
        "/lab/bare/",
        ...MACHINES.map((folder) => `/${folder}/`),
      ],
      ...SERVICES,
    }),
    // Machines that boot, clusters of them among others.
    project("machines", {
      testMatch: MACHINES.map((folder) => `**/test/${folder}/**/*.lab.test.ts`),
      ...SERVICES,
    }),
    // Each file of the other projects of real services as the first one on a bare Debian.
    project("bare", { testMatch: ["**/lab/bare/*.lab.test.ts"], ...SERVICES }),
    // States in a real S3 server.
    project("state", { testMatch: ["**/lab/state.lab.test.ts"], ...SERVICES }),
    // A real OpenStack, started once for all of them.
    project("openstack", {
      testMatch: ["**/openstack/*.lab.test.ts"],
      globalSetup: "<rootDir>/test/lab/openstack/set-up.ts",
      globalTeardown: "<rootDir>/test/lab/openstack/tear-down.ts",
      ...SERVICES,
    }),
  ],
};
