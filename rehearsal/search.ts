/** Finds resources of the built-in cloud from another process, by its file, which may be open. */
import { join } from "node:path";

import { sameValue } from "../provider-protocol";
import type { PropertyValue } from "../provider-protocol";
import { readJournal } from "./journal";
import type { CloudRecord } from "./openstack/local/record";
import { OPENSTACK_TYPES } from "./openstack/table";

/**
 * Ids of the OpenStack resources of a type that were made with these inputs; undefined if the built-in cloud has no
 * such type.
 * @param directory the cloud's folder
 */
export function findResources(
  directory: string,
  type: string,
  inputs: Readonly<Record<string, unknown>>,
): readonly string[] | undefined {
  if (!(type in OPENSTACK_TYPES)) return undefined;
  const records = readJournal<CloudRecord>(join(directory, "openstack.jsonl"));
  return [...records.values()]
    .filter((record) => record.type === type && isDeclared(record) && hasInputs(record, inputs))
    .map(({ id }) => id);
}

/** Made for a program; not what came with something else, and not what was there before. */
function isDeclared({ urn, owner }: CloudRecord): boolean {
  return urn !== "" && owner === "";
}

function hasInputs(record: CloudRecord, inputs: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(inputs).every(([name, value]) =>
    sameValue(record.inputs[name], value as PropertyValue),
  );
}
