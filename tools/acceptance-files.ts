/**
 * Test files that the acceptance of an issue names. They run first within their part, and a run that has to end by a
 * certain time fails when it was too late for one of them.
 */

interface AcceptanceFiles {
  /** Jest's project that runs them. */
  readonly project: "unit" | "engine" | "lab" | "machines";
  /** Path from the repository's folder; `*` stands for any text within one folder's name. */
  readonly pattern: string;
}

export const ACCEPTANCE_FILES: readonly AcceptanceFiles[] = [
  { project: "unit", pattern: "test/parts/application.test.ts" },
  { project: "engine", pattern: "test/library/*.engine.test.ts" },
  { project: "engine", pattern: "test/golden/*.engine.test.ts" },
  { project: "engine", pattern: "test/stack/etcd.engine.test.ts" },
  { project: "machines", pattern: "test/lab/platform/etcd.lab.test.ts" },
  { project: "machines", pattern: "test/lab/platform/platform.lab.test.ts" },
  { project: "lab", pattern: "test/lab/charts.lab.test.ts" },
  { project: "lab", pattern: "test/lab/kit-objects.lab.test.ts" },
];

/** The patterns that one of Jest's projects runs. */
export function acceptancePatterns(project: string): readonly string[] {
  return ACCEPTANCE_FILES.filter((files) => files.project === project).map(({ pattern }) => pattern);
}

/** Whether an acceptance names the file at a path from the repository's folder. */
export function isAcceptanceFile(path: string): boolean {
  return ACCEPTANCE_PATHS.test(path);
}

/** The paths, from the repository's folder, of all files that an acceptance names. */
export const ACCEPTANCE_PATHS = pathsOf(...ACCEPTANCE_FILES.map(({ pattern }) => pattern));

/** A regular expression of the paths that match one of the patterns. */
export function pathsOf(...patterns: readonly string[]): RegExp {
  const sources = patterns.map((pattern) => pattern.replaceAll(".", "\\.").replaceAll("*", "[^/]*"));
  return new RegExp(`^(${sources.join("|")})$`);
}
