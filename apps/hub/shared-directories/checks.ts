/** What the shared directories of hubs get wrong beyond their schema. */
import { finding, type Finding } from "../../../environment/findings";
import { gibibytes } from "../../../environment/schema/quantities";
import type { HubConfig } from "../configuration";
import type { SharedDirectoryConfig } from "./configuration";

type Hub = Pick<HubConfig, "homes" | "sharedDirectories">;
type Hubs = Readonly<Record<string, Hub>>;
type At = (hub: string, key: string) => string;

/** @param hasSharedClass whether the environment itself has a class of volumes that many pods write at once */
export function checkSharedDirectories(hubs: Hubs, hasSharedClass: boolean, at: At): readonly Finding[] {
  return Object.entries(hubs).flatMap(([name, hub]) =>
    Object.entries(hub.sharedDirectories).flatMap(([title, directory]) => {
      const path = (key: string): string => at(name, `sharedDirectories.${title}.${key}`);
      return directory.kind === "own"
        ? checkOwn(hub, directory, hasSharedClass, path)
        : checkOther(hubs, name, title, directory, path);
    }),
  );
}

function problem(path: string, what: string, fix: string): readonly Finding[] {
  return [finding("hub.shared-directory", path, what, fix)];
}

function checkOwn(
  { homes }: Hub,
  { size, storageClass }: Extract<SharedDirectoryConfig, { kind: "own" }>,
  hasSharedClass: boolean,
  path: (key: string) => string,
): readonly Finding[] {
  if (homes.kind !== "drive") {
    if (storageClass !== undefined || hasSharedClass) return [];
    if (homes.kind === "shared" && homes.storageClass !== undefined) return [];
    return problem(
      path("storageClass"),
      "is missing, and a directory that is not on a drive needs a class of volumes that many pods write at once, of which the environment makes none",
      "name one, set storage.shared, or write homes of kind drive",
    );
  }
  if (storageClass !== undefined)
    return problem(
      path("storageClass"),
      `"${storageClass}" is not used: the directory is on the hub's drive`,
      "leave it out",
    );
  if (size === undefined || gibibytes(size) <= gibibytes(homes.size)) return [];
  return problem(
    path("size"),
    `"${size}" is more than the drive has, "${homes.size}"`,
    "allow the directory less, or raise homes.size",
  );
}

function checkOther(
  hubs: Hubs,
  name: string,
  title: string,
  { hub, directory = title }: Extract<SharedDirectoryConfig, { kind: "hub" }>,
  path: (key: string) => string,
): readonly Finding[] {
  const other = hubs[hub];
  if (hub === name)
    return problem(path("hub"), `"${hub}" is this hub itself`, "write kind: own, or name another hub");
  if (other === undefined)
    return problem(
      path("hub"),
      `"${hub}" is no hub of the environment`,
      `name one of ${namesBut(hubs, name)}`,
    );
  const there = Object.entries(other.sharedDirectories).flatMap(([key, { kind }]) =>
    kind === "own" ? [key] : [],
  );
  if (!there.includes(directory))
    return problem(
      path("directory"),
      `"${directory}" is no directory of the hub ${hub}, which has ${there.length === 0 ? "none" : there.join(", ")} of its own`,
      "name one of them, or add it there",
    );
  if (other.homes.kind === "drive") return [];
  return problem(
    path("hub"),
    `"${hub}" has its directories in claims, which only its own namespace can mount`,
    `write homes of kind drive for ${hub}`,
  );
}

function namesBut(hubs: Hubs, name: string): string {
  const others = Object.keys(hubs).filter((each) => each !== name);
  return others.length === 0 ? "the hubs, when there is another one" : others.join(", ");
}
