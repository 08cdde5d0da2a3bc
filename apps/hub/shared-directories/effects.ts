/** What a new value of each key of shared directories does to a running hub. */
import type { Effect, EntryEffects } from "../../../environment/parts/effects";
import type { SharedDirectoryConfig } from "./configuration";

const NEXT_START: Effect = {
  kind: "later",
  when: "a person's next start of a server; the hub restarts at once, running servers stay",
};

export const SHARED_DIRECTORY_EFFECTS: EntryEffects<SharedDirectoryConfig> = {
  kind: "entries",
  name: "<directory>",
  entry: {
    kind: "later",
    when: "a person's next start of a server; hub and drive restart at once. One that is left out keeps its files: a claim of its own is protected, and a drive deletes no folder. The last one of another hub's drive takes its mount along, for which the run waits until no server has it: stop them first",
  },
  each: {
    kind: {
      kind: "later",
      when: "a person's next start of a server, which has the other directory; the files of the old one stay where they are",
    },
    writers: { admins: NEXT_START, groups: NEXT_START },
    size: {
      kind: "inPlace",
      does: "the directory's limit on the drive is another one, after a restart of the drive; a claim grows where its class can, and never shrinks",
    },
    storageClass: {
      kind: "stopped",
      would: "replaces the claim, and with it the files",
      instead: "add a directory of another name, and copy the files",
    },
    hub: NEXT_START,
    directory: NEXT_START,
  },
};
