/** Objects of charts as the machines' own API server lists them. */
import { identityOf, type Manifest } from "../../../deploy/manifest";
import { groupOf } from "../../../deploy/kinds";
import type { Administrator } from "./nodes";

export interface LiveObject {
  readonly uid: string;
  /** Counts changes of what is declared; undefined for kinds that do not count. */
  readonly generation: number | undefined;
  /** Id of the apply set that it belongs to. */
  readonly set: string | undefined;
  /** Whether its deletion has begun. */
  readonly isTerminating: boolean;
  readonly manifest: Manifest;
}

const PART_OF = "applyset.kubernetes.io/part-of";

/** Which of the objects there are, by identity. */
export async function liveObjects(
  administrator: Administrator,
  wanted: readonly Manifest[],
): Promise<ReadonlyMap<string, LiveObject>> {
  const kinds = new Set(wanted.map(typeOf));
  const served = await servedTypes(administrator);
  const asked = [...kinds].filter((kind) => served.has(kind));
  if (asked.length === 0) return new Map();
  const listed = await administrator.must(["get", asked.join(), "--all-namespaces", "--output", "json"]);
  const { items } = JSON.parse(listed) as { readonly items: readonly Manifest[] };
  const identities = new Set(wanted.map(identityOf));
  const known = items.filter((item) => identities.has(identityOf(item)));
  return new Map(known.map((manifest) => [identityOf(manifest), observed(manifest)]));
}

/** Without those of definitions that are gone: kubectl takes no list with one of them. */
async function servedTypes(administrator: Administrator): Promise<ReadonlySet<string>> {
  const table = await administrator.must(["api-resources", "--no-headers"]);
  const rows = table
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/));
  return new Set(rows.map((row) => typeOf({ apiVersion: row.at(-3) ?? "", kind: row.at(-1) ?? "" })));
}

function observed(manifest: Manifest): LiveObject {
  const { uid, generation, labels, deletionTimestamp } = manifest.metadata as Manifest["metadata"] & {
    readonly uid: string;
    readonly generation?: number;
    readonly deletionTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  const isTerminating = deletionTimestamp !== undefined;
  return { uid, generation, set: labels?.[PART_OF], isTerminating, manifest };
}

/** As kubectl names kinds: `Deployment.apps`. */
function typeOf({ apiVersion, kind }: Pick<Manifest, "apiVersion" | "kind">): string {
  const group = groupOf(apiVersion);
  return group === "" ? kind : `${kind}.${group}`;
}
