/**
 * The rooms and what each may import. `type:` allows the types alone; `room/file` allows that file or folder alone.
 * A room always may import itself. CONTRIBUTING.md tells the reasons.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const ROOMS = {
  environment: [],
  infra: ["environment"],
  kit: ["environment"],
  platform: ["environment", "kit"],
  apps: ["environment", "kit"],
  provider: ["environment"],
  deploy: ["environment", "provider"],
  review: ["environment", "infra", "platform", "apps", "deploy", "provider", "type:lab.ts"],
  rehearsal: ["environment", "provider/rpc", "provider/labstead"],
  "overrides.ts": ["environment", "type:infra"],
  "lab.ts": ["environment", "overrides.ts", "infra", "platform", "apps", "deploy", "provider", "review"],
  stack: ["environment", "infra", "deploy", "provider", "lab.ts"],
  "index.ts": ["stack"],
  tools: ["environment"],
  cli: [
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
