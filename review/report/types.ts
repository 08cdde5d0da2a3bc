/** The report of one environment as data: what there is, where it is set, what reaches it, what it costs, what changed. */

/** A text, or a link to a thing or a row by its id. */
export type Piece = string | { readonly text: string; readonly to: string };
export type Line = readonly Piece[];

/** Where a setting is in the configuration. */
export interface Place {
  /** In `labstead:environment`: `ingress.https`. */
  readonly path: string;
  /** Line of the file; absent without a file. */
  readonly line?: number;
  /** The key that the file has there: `path`, or the nearest one above where the setting has its default. */
  readonly written?: string;
}

/** A labelled value. */
export interface Fact {
  readonly label: string;
  readonly value: Line;
}

export interface Row {
  /** Where links to it lead; a row without one cannot be linked. */
  readonly id?: string;
  readonly cells: readonly Line[];
  readonly place?: Place;
  readonly change?: ChangeKind;
}

export interface Table {
  readonly title: string;
  /** Names of the cells. */
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/** One stage of the way from a client to what answers, in the order of the way. */
export interface Step {
  /** `security group prod-loadBalancer`. */
  readonly title: string;
  readonly lines: readonly Line[];
}

export const CHANGE_KINDS = ["added", "changed", "removed"] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** What differs from the base. */
export interface Change {
  readonly kind: ChangeKind;
  /** Of a changed thing: each value that differs; empty text where there was or is none. */
  readonly values: readonly { readonly label: string; readonly before: string; readonly after: string }[];
}

/** Something with a description of its own. */
export interface Thing {
  /** `port/https`: unique in the report, from domain keys. */
  readonly id: string;
  /** What it is, for the heading: `published port`. */
  readonly what: string;
  readonly title: string;
  /** Cells of its row in the table of its section, after its name. */
  readonly summary: readonly Line[];
  readonly facts: readonly Fact[];
  readonly places: readonly Place[];
  readonly reached: readonly Step[];
  /** A sentence or amount; absent where there is nothing to be charged. */
  readonly cost?: string;
  readonly tables: readonly Table[];
  readonly change?: Change;
}

export const SECTION_IDS = [
  "servers",
  "networks",
  "groups",
  "ports",
  "storage",
  "namespaces",
  "applications",
  "people",
  "findings",
] as const;
export type SectionId = (typeof SECTION_IDS)[number];

export interface Section {
  readonly id: SectionId;
  readonly title: string;
  /** Columns beside the name. */
  readonly columns: readonly string[];
  readonly things: readonly Thing[];
}

/** A box of the picture. */
export interface Box {
  readonly id: string;
  readonly kind: "outside" | "address" | "servers" | "cluster" | "storage";
  readonly title: string;
  readonly lines: readonly string[];
  /** What is inside, one small box each. */
  readonly cells: readonly { readonly text: string; readonly to: string; readonly change?: ChangeKind }[];
  /** Id of the thing that it shows. */
  readonly to?: string;
  /** Frame around it: a key of `frames`. */
  readonly frame?: string;
  readonly change?: ChangeKind;
}

export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly text: string;
  /** `open`: from outside of the lab. */
  readonly kind: "open" | "inside";
}

export interface Picture {
  readonly boxes: readonly Box[];
  readonly edges: readonly Edge[];
  /** Titles of the frames, by key. */
  readonly frames: Readonly<Record<string, string>>;
}

/** The whole of one environment. */
export interface Report {
  readonly environment: string;
  readonly domain: string;
  /** Name of the configuration's file; absent for one that is in no file. */
  readonly file?: string;
  readonly overview: { readonly facts: readonly Fact[]; readonly tables: readonly Table[] };
  readonly picture: Picture;
  readonly sections: readonly Section[];
  /** Of a comparison. */
  readonly compared?: Comparison;
}

export interface Comparison {
  /** `origin/main`. */
  readonly with: string;
  /** Added, changed and removed things; removed ones are in no section. */
  readonly things: readonly (Thing & { readonly change: Change })[];
  /** What the engine would do; empty without a preview. */
  readonly steps: readonly Row[];
}
