import { existsSync } from "node:fs";
import { join } from "node:path";
import { TOOLS_DIR } from "../../tools/toolchain/executables";

/** The pinned `pulumi`, else the one on PATH. */
export function pulumiExecutable(): string {
  const own = join(TOOLS_DIR, "bin", "pulumi");
  return existsSync(own) ? own : "pulumi";
}
