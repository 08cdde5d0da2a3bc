import type { VolumeUse } from "../environment/plan/types";
import { assertNever } from "../errors/assert-never";

/** What a server does with a volume: `ext4 on /data`, `raw /dev/sdb`, `swap`. */
export function useText(use: VolumeUse): string {
  switch (use.kind) {
    case "filesystem":
      return `${use.type} on ${use.mountPoint}`;
    case "raw":
      return `raw ${use.device}`;
    case "swap":
      return "swap";
    default:
      return assertNever(use);
  }
}
