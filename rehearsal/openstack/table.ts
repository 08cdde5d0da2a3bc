/**
 * The types of @pulumi/openstack 3.15.2 as its official plugin describes itself, one row each in `types.json`; a test
 * compares the inputs with the SDK's own declarations.
 */
import type { Table } from "../table/row";
import data from "./types.json";

/** What a function takes and gives. */
export interface FunctionRow {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

const parsed: { readonly resources: unknown; readonly functions: unknown } = data;

export const OPENSTACK_TYPES = parsed.resources as Table;
export const OPENSTACK_FUNCTIONS = parsed.functions as Readonly<Record<string, FunctionRow>>;

/** Lists that the services keep as sets. Source: the provider's schema (TypeSet). */
export const UNORDERED: ReadonlySet<string> = new Set([
  "accessRules",
  "allowedAddressPairs",
  "allocationPools",
  "allowedCidrs",
  "externalSubnetIds",
  "members",
  "roles",
  "securityGroupIds",
  "securityGroups",
  "tags",
]);
