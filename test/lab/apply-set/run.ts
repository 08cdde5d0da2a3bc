/** run.ts FILE: one `up` of the set that the file describes, as {@link RunOfSet}; prints a line once the engine works. */
import { readFileSync } from "node:fs";
import type { ApplySetManifest } from "../../../provider/sdk";
import { openStack, type StackOptions } from "./engine-stack";

export interface RunOfSet extends Pick<StackOptions, "directory" | "kubeconfig" | "debugProviders"> {
  readonly objects: readonly ApplySetManifest[];
}

async function main(file: string): Promise<void> {
  const run = JSON.parse(readFileSync(file, "utf8")) as RunOfSet;
  const engine = await openStack({ ...run, objects: () => run.objects });
  let isWorking = false;
  const onEvent = (): void => {
    if (!isWorking) console.log("works");
    isWorking = true;
  };
  await engine.up({ onEvent });
}

main(process.argv[2] ?? "").catch(() => process.exit(1));
