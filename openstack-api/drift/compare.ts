/** The difference between what a stack declares in a project and what its services report. Pure, and linear. */
import type { PlainMap } from "../../provider-protocol";
import { text } from "../../provider-protocol/plain";
import * as t from "../resources/tokens";
import { COMPARED_TYPES, fieldDifferences } from "./compared";
import type { FieldDifference } from "./compared";
import type { ProjectListing } from "./listing";
import { undeclaredThings } from "./undeclared";
import type { KnownThings, Undeclared } from "./undeclared";

/** A resource of a stack's state. */
export interface DeclaredResource {
  /** Token of its Pulumi type. */
  readonly type: string;
  readonly id: string;
  /** In the program: `server/workers.general/1`. */
  readonly name: string;
  /** As they were last applied. */
  readonly inputs: PlainMap;
}

export type CloudDrift =
  | {
      readonly change: "changed";
      readonly resource: DeclaredResource;
      readonly differences: readonly FieldDifference[];
    }
  | { readonly change: "missing"; readonly resource: DeclaredResource }
  | { readonly change: "undeclared"; readonly thing: Undeclared };

/** What was read of the services. */
export interface CloudReading {
  /** Inputs by type and id as {@link resourceKey} writes them; undefined for what is gone. Without those that were not read. */
  readonly found: ReadonlyMap<string, PlainMap | undefined>;
  readonly listing: ProjectListing;
}

export interface CloudComparison {
  readonly drift: readonly CloudDrift[];
  /** Declared resources that were compared. */
  readonly compared: number;
  /** How many things are known as somebody else's, by whose they are. */
  readonly known: ReadonlyMap<string, number>;
}

export function resourceKey({ type, id }: Pick<DeclaredResource, "type" | "id">): string {
  return `${type} ${id}`;
}

/** Whether a resource is compared. */
export function isCompared({ type }: Pick<DeclaredResource, "type">): boolean {
  return COMPARED_TYPES.includes(type);
}

export function compareCloud(
  declared: readonly DeclaredResource[],
  { found, listing }: CloudReading,
  known: Omit<KnownThings, "declared">,
): CloudComparison {
  const read = declared.filter((each) => found.has(resourceKey(each)));
  const statuses = new Map(listing.server.map((each) => [text(each, "id"), text(each, "status")]));
  const lines = read.flatMap((resource) =>
    lineOf(resource, found.get(resourceKey(resource)), statuses.get(resource.id)),
  );
  const ids = new Set(declared.map(({ id }) => id));
  const rest = undeclaredThings(listing, { ...known, declared: ids });
  return {
    drift: [...lines, ...rest.undeclared.map((thing) => ({ change: "undeclared", thing }) as const)],
    compared: read.length,
    known: rest.known,
  };
}

function lineOf(
  resource: DeclaredResource,
  found: PlainMap | undefined,
  status: string | undefined,
): readonly CloudDrift[] {
  if (found === undefined) return [{ change: "missing", resource }];
  const differences = [
    ...fieldDifferences(resource.type, resource.inputs, found),
    ...(resource.type === t.INSTANCE ? statusDifference(status) : []),
  ];
  return differences.length === 0 ? [] : [{ change: "changed", resource, differences }];
}

/** Every declared server runs. */
function statusDifference(status: string | undefined): readonly FieldDifference[] {
  if (status === undefined || status === "ACTIVE") return [];
  return [{ field: "status", declared: "ACTIVE", found: status }];
}
