/** Effects of `storage`, `containers` and `applicationCredentials`. */
import type { OwnerConfig, StorageConfig } from "../config";
import type { Effects } from "../parts/effects";
import { each, guarded, inPlace, stopped } from "./words";

const CLASS_NAME = stopped({
  would: "makes a class of another name, and replaces every claim that names the old one, with its data",
  instead: "for another name, add a class of your own beside it",
  free: [""],
});

const MOVE_FIRST =
  "move what is on its volumes and delete their claims first; when no pod mounts one any more, allow it";

const CLASS = inPlace("the class is recreated; volumes that are there stay as they are");

export const STORAGE_EFFECTS: Effects<StorageConfig> = {
  block: {
    className: CLASS_NAME,
    volumeType: CLASS,
    reclaimPolicy: CLASS,
    zones: {
      kind: inPlace(
        "the class is recreated and the driver starts again; volumes that are there keep their zone",
      ),
      zone: CLASS,
    },
  },
  aliases: {
    kind: "entries",
    name: "<class>",
    entry: inPlace("the class is created or removed; volumes that are there stay as they are"),
    each: each(
      [
        "kind",
        "clusterId",
        "pool",
        "fileSystem",
        "protocol",
        "shareType",
        "shareNetwork",
        "namespace",
        "reclaimPolicy",
      ],
      CLASS,
    ),
  },
  defaultClass: inPlace("new claims that name no class get the other one"),
  shared: {
    kind: stopped({
      would: "takes shared storage from under the volumes that pods have mounted",
      instead: MOVE_FIRST,
      allowedAs: "replace",
      free: ["none"],
    }),
    mode: stopped({
      would: "serves shared storage in another way, of which the volumes that are there know nothing",
      instead: MOVE_FIRST,
      allowedAs: "replace",
      free: [""],
    }),
    quotas: inPlace("the limit of each namespace changes; what is stored above it stays"),
    className: CLASS_NAME,
    reclaimPolicy: CLASS,
    size: inPlace("the volume grows, where its class can; it never shrinks"),
  },
};

export const CONTAINER_EFFECTS: Effects<Pick<OwnerConfig, "containers">>["containers"] = {
  kind: "entries",
  name: "<container>",
  entry: inPlace("a new one is made; one that is left out is protected"),
  each: {
    name: guarded("leaves the content behind, and makes an empty one", "copy the content, and allow it"),
    purpose: inPlace("its metadata change"),
    versioning: inPlace("it is switched on or off; versions that are there stay"),
  },
};

const REPLACED = inPlace("a new credential is there before the old one goes");

export const CREDENTIAL_EFFECTS: Effects<
  Pick<OwnerConfig, "applicationCredentials">
>["applicationCredentials"] = {
  kind: "entries",
  name: "<credential>",
  entry: inPlace("a new one is made; one that is left out is deleted at once"),
  each: { roles: REPLACED, unrestricted: REPLACED, expiresAt: REPLACED, generation: REPLACED },
};
