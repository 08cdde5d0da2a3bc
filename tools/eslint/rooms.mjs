/**
 * The rooms and what each may import. `type:` allows the types alone; `room/file` allows that file or folder alone, and
 * `platform` all rooms in that folder.
 * A room always may import itself. CONTRIBUTING.md describes them.
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
  "platform/formats": [],
  "platform/machines": ["environment", "values", "errors", "platform/formats"],
  "platform/cluster": ["environment", "values", "errors", "kit", "platform/formats", "deploy/object-options"],
  "platform/clients": ["environment", "errors", "platform/formats"],
  apps: ["environment", "values", "errors", "kit", "deploy/object-options"],
  provider: ["environment", "errors", "provider-protocol", "openstack-api"],
  deploy: ["values", "errors", "provider/apply-set"],
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
    "type:lab-overrides.ts",
  ],
  rehearsal: ["provider-protocol", "openstack-api"],
  "lab-overrides.ts": ["type:infra", "type:platform", "type:deploy"],
  "overrides.ts": ["type:lab-overrides.ts"],
  "catalog.ts": ["environment", "platform", "apps"],
  "render.ts": ["environment", "deploy", "review"],
  "lab.ts": [
    "catalog.ts",
    "render.ts",
    "environment",
    "values",
    "errors",
    "overrides.ts",
    "type:lab-overrides.ts",
    "infra",
    "platform",
    "apps",
    "deploy",
    "provider",
    "review",
  ],
  stack: ["environment", "values", "errors", "infra", "deploy", "trust", "provider", "catalog.ts", "lab.ts"],
  "index.ts": ["stack"],
  library: [
    "values",
    "environment",
    "infra",
    "kit",
    "platform",
    "apps",
    "deploy",
    "provider",
    "openstack-api",
    "stack",
    "catalog.ts",
    "lab.ts",
    "type:lab-overrides.ts",
  ],
  tools: ["environment", "catalog.ts"],
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
    "catalog.ts",
    "lab.ts",
  ],
};

/**
 * Configuration is read by whoever decides: the environment, and the files of a part that declare it. Everybody else
 * reads the plan. Words and types without a decision in them are free.
 */
export const CONFIGURATION = {
  modules: ["environment/config", "environment/schema", "environment/parse"],
  free: ["environment/schema/primitives", "environment/schema/quantities", "environment/schema/images"],
  readers: ["environment", "catalog.ts", "lab.ts", "library", "cli", "tools"],
  files: ["part.ts", "configuration.ts"],
};

/** Folders outside of the program: they may import everything, and no room may import them. */
export const OUTSIDE = ["test", "bench"];
