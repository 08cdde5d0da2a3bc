/**
 * The rooms and what each may import. `type:` allows the types alone; `room/file` allows that file or folder alone.
 * A room always may import itself. CONTRIBUTING.md tells the reasons.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const ROOMS = {
  errors: [],
  values: ["errors"],
  "provider-protocol": [],
  "openstack-api": ["provider-protocol"],
  environment: ["values", "errors"],
  infra: ["environment", "values", "errors"],
  kit: ["environment", "values", "errors", "deploy/object-options"],
  platform: ["environment", "values", "errors", "kit", "deploy/object-options"],
  apps: ["environment", "values", "errors", "kit", "deploy/object-options"],
  provider: ["environment", "errors", "provider-protocol"],
  deploy: ["values", "errors"],
  trust: ["environment", "values", "errors", "deploy"],
  review: [
    "environment",
    "values",
    "errors",
    "infra",
    "platform",
    "apps",
    "deploy",
    "provider",
    "type:lab.ts",
  ],
  rehearsal: ["provider-protocol", "openstack-api"],
  "overrides.ts": ["environment", "type:infra"],
  "lab.ts": [
    "environment",
    "values",
    "errors",
    "overrides.ts",
    "infra",
    "platform",
    "apps",
    "deploy",
    "provider",
    "review",
  ],
  stack: ["environment", "values", "errors", "infra", "deploy", "trust", "provider", "lab.ts"],
  "index.ts": ["stack"],
  tools: ["environment"],
  cli: [
    "errors",
    "values",
    "environment",
    "infra",
    "platform",
    "apps",
    "deploy",
    "trust",
    "provider",
    "provider-protocol",
    "openstack-api",
    "review",
    "rehearsal",
    "tools",
    "stack",
    "lab.ts",
  ],
};

/** Folders outside of the program: they may import everything, and no room may import them. */
export const OUTSIDE = ["test", "bench"];
