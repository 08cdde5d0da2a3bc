/** Names of a cluster's StorageClasses, by what serves them. */
import type { StorageConfig } from "./config";
import type { AliasConfig } from "./schema/storage-classes";

/** The class of claims that name none. */
export function defaultClassOf({ defaultClass, block }: StorageConfig): string {
  return defaultClass ?? block.className;
}

/** Names of the aliases of a kind, in the order in which they are written. */
export function aliasesOf(storage: StorageConfig, kind: AliasConfig["kind"]): readonly string[] {
  return Object.entries(storage.aliases).flatMap(([name, alias]) => (alias.kind === kind ? [name] : []));
}

/** A class of the cluster. */
export interface PlannedClass {
  readonly name: string;
  /** Whether claims that name no class get it; one class of a cluster is. */
  readonly isDefault: boolean;
}

/** The class of a name. */
export function plannedClass(storage: StorageConfig, name: string): PlannedClass {
  return { name, isDefault: defaultClassOf(storage) === name };
}
