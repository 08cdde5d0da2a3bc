import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { z } from "zod";

const ROOMS = [
  "errors",
  "values",
  "environment",
  "infra",
  "platform/machines",
  "platform/cluster",
  "platform/clients",
  "apps",
  "provider",
  "provider-protocol",
  "openstack-api",
  "deploy",
  "trust",
  "review",
  "rehearsal",
  "cli",
];
const PLATFORM = ["platform/machines", "platform/cluster", "platform/clients"];
const LAYERS = ["infra", ...PLATFORM, "apps"];

/** The rooms without some of them. */
function others(...rooms: readonly string[]): readonly string[] {
  return ROOMS.filter((room) => !rooms.includes(room));
}

const answers = z.array(z.array(z.object({ rule: z.string().nullable(), message: z.string() })));

interface File {
  readonly path: string;
  readonly code: string;
}

/** What the repository's ESLint says to each file. */
function lint(files: readonly File[]): readonly (readonly { rule: string | null; message: string }[])[] {
  const input = JSON.stringify(files);
  const output = execFileSync(process.execPath, [join(__dirname, "lint-virtual.mjs")], {
    input,
    encoding: "utf8",
  });
  return answers.parse(JSON.parse(output));
}

function importing(path: string, specifier: string): File {
  return { path, code: `import { value } from "${specifier}";\nexport const copy = value;\n` };
}

function nameOf({ path, code }: File): string {
  return `${path}: ${code.split("\n")[0] ?? ""}`;
}

function pairs(from: readonly string[], to: readonly string[]): readonly File[] {
  return from.flatMap((room) => {
    const root = "../".repeat(room.split("/").length + 1);
    return to
      .filter((other) => other !== room)
      .map((other) => importing(`${room}/deep/x.ts`, `${root}${other}/y`));
  });
}

const forbidden: readonly File[] = [
  ...pairs(["errors"], ROOMS),
  ...pairs(["values"], others("errors")),
  ...pairs(["environment"], others("errors", "values")),
  ...pairs(LAYERS, others("errors", "values", "environment")),
  ...pairs(["deploy"], others("errors", "values")),
  ...pairs(
    ["trust"],
    [...LAYERS, "provider", "provider-protocol", "openstack-api", "review", "rehearsal", "cli"],
  ),
  ...pairs(["provider"], others("errors", "environment", "provider-protocol", "openstack-api")),
  ...pairs(["provider-protocol"], ROOMS),
  ...pairs(["openstack-api"], others("provider-protocol")),
  ...pairs(["review"], ["rehearsal", "cli"]),
  ...pairs(["rehearsal"], others("provider-protocol", "openstack-api")),
  ...pairs(["platform/machines", "platform/clients"], ["kit"]),
  ...pairs(["platform/formats"], ROOMS),
  ...pairs(["infra", "apps"], ["platform/formats"]),
  ...pairs(["platform/clients"], ["values"]),
  importing("platform/x.ts", "../environment/plan/types"),
  ...pairs(ROOMS, ["test/environment"]),
  importing("lab.ts", "./rehearsal/server"),
  importing("lab.ts", "./cli/main"),
  importing("index.ts", "./rehearsal/server"),
  importing("index.ts", "./lab"),
  importing("infra/x.ts", "../lab"),
  importing("review/x.ts", "../lab"),
  importing("infra/x.ts", ".."),
  importing("attic/x.ts", "../errors/assert-never"),
  // Code that renders reads the plan, and no configuration.
  importing("apps/hub/chart.ts", "../../environment/config"),
  importing("platform/machines/x.ts", "../../environment/schema/cluster"),
  importing("stack/x.ts", "../environment/parse"),
  importing("review/x.ts", "../environment/config"),
  { path: "infra/x.ts", code: 'import type { A } from "../platform/y";\nexport type B = A;\n' },
  { path: "infra/x.ts", code: 'export * from "../platform/y";\n' },
  { path: "infra/x.ts", code: 'export { a } from "../platform/y";\n' },
  { path: "infra/x.ts", code: 'export const later = (): Promise<unknown> => import("../platform/y");\n' },
  { path: "infra/x.ts", code: 'export const path = require.resolve("../platform/y");\n' },
];

const allowed: readonly File[] = [
  ...pairs(["platform/machines", "platform/cluster", "platform/clients"], ["platform/formats"]),
  ...pairs(["provider"], ["openstack-api"]),
  ...pairs(others("errors", "provider-protocol", "openstack-api", "rehearsal"), ["errors"]),
  ...pairs(
    [
      "environment",
      "kit",
      "infra",
      "platform/machines",
      "platform/cluster",
      "apps",
      "deploy",
      "trust",
      "review",
      "stack",
    ],
    ["values"],
  ),
  ...pairs(
    others("errors", "values", "environment", "deploy", "provider-protocol", "openstack-api", "rehearsal"),
    ["environment"],
  ),
  ...pairs(["review"], [...LAYERS, "deploy", "provider"]),
  ...pairs(["cli"], ROOMS),
  importing("infra/x.ts", "./y"),
  importing("infra/deep/x.ts", "../y"),
  importing("infra/x.ts", "node:path"),
  importing("infra/x.ts", "@pulumi/openstack"),
  importing("apps/x.ts", "../kit/names"),
  importing("apps/hub/part.ts", "../../environment/config"),
  importing("apps/hub/configuration.ts", "../../environment/schema/primitives"),
  importing("apps/hub/chart.ts", "../../environment/schema/primitives"),
  importing("apps/x.ts", "../deploy/object-options"),
  importing("trust/x.ts", "../deploy/bindings"),
  importing("rehearsal/x.ts", "../provider-protocol/serve"),
  importing("rehearsal/x.ts", "../openstack-api/session"),
  importing("openstack-api/x.ts", "../provider-protocol/values"),
  importing("lab.ts", "./infra/describe"),
  importing("index.ts", "./stack/program"),
  importing("cli/x.ts", "../lab"),
  importing("test/infra/x.test.ts", "../../platform/y"),
  { path: "review/x.ts", code: 'import type { Lab } from "../lab";\nexport type Copy = Lab;\n' },
];

describe("imports between rooms", () => {
  const results = lint([...forbidden, ...allowed]);
  const rules = results.map((messages) => messages.map(({ rule }) => rule));

  it.each(forbidden.map((file, index) => ({ name: nameOf(file), index })))("refuses $name", ({ index }) => {
    expect(rules[index]).toContain("labstead/room-imports");
  });

  it.each(allowed.map((file, index) => ({ name: nameOf(file), index })))("allows $name", ({ index }) => {
    expect(rules[forbidden.length + index]).toEqual([]);
  });

  it("says what the room may import", () => {
    const index = forbidden.findIndex(
      ({ path, code }) => path === "deploy/deep/x.ts" && code.includes("infra"),
    );
    expect(results[index]).toEqual([
      {
        rule: "labstead/room-imports",
        message:
          "deploy may not import infra (../../infra/y); it may import values, errors, provider/apply-set.",
      },
    ]);
  });

  it("asks to name a new room", () => {
    const index = forbidden.findIndex(({ path }) => path.startsWith("attic/"));
    expect(results[index]?.[0]?.message).toBe(
      '"attic" is no room: name it in tools/eslint/rooms.mjs, with what it may import.',
    );
  });
});

describe("shapes that the linter refuses", () => {
  const refused: readonly File[] = [
    { path: "infra/x.ts", code: "export const x = a.apply((b) => new k8s.core.v1.Pod(b));\n" },
    { path: "infra/x.ts", code: "export const x = a as unknown as string;\n" },
  ];
  const accepted: readonly File[] = [
    { path: "infra/x.ts", code: 'export const x = a.apply((b) => new Map([[b, new TypeError("no")]]));\n' },
  ];
  const rules = lint([...refused, ...accepted]).map((messages) => messages.map(({ rule }) => rule));

  it("reports resources made inside apply, and casts through unknown", () => {
    const found = rules.slice(0, refused.length).map((names) => names.includes("no-restricted-syntax"));
    expect(found).toEqual(refused.map(() => true));
  });

  it("lets values be made inside apply", () => {
    expect(rules[refused.length]).not.toContain("no-restricted-syntax");
  });
});
