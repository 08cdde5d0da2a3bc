/**
 * The rooms and what each may import. `type:` allows the types alone; `room/file` allows that file or folder alone.
 * A room always may import itself. CONTRIBUTING.md tells the reasons.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const ROOMS = {
  errors: [],
  environment: ["errors"],
  infra: ["environment", "errors"],
  kit: ["environment", "errors"],
  platform: ["environment", "errors", "kit"],
  apps: ["environment", "errors", "kit"],
  provider: ["environment", "errors"],
  deploy: ["environment", "errors", "provider"],
  review: ["environment", "errors", "infra", "platform", "apps", "deploy", "provider", "type:lab.ts"],
  rehearsal: ["provider/rpc", "provider/labstead"],
  "overrides.ts": ["environment", "type:infra"],
  "lab.ts": [
    "environment",
    "errors",
    "overrides.ts",
    "infra",
    "platform",
    "apps",
    "deploy",
    "provider",
    "review",
  ],
  stack: ["environment", "errors", "infra", "deploy", "provider", "lab.ts"],
  "index.ts": ["stack"],
  tools: ["environment"],
  cli: [
    "errors",
    "environment",
    "infra",
    "platform",
    "apps",
    "deploy",
    "provider",
    "review",
    "rehearsal",
    "tools",
    "stack",
    "lab.ts",
  ],
};

/** Folders outside of the program: they may import everything, and no room may import them. */
export const OUTSIDE = ["test", "bench"];
