/** `node --import tsx test/lab/kubernetes/build.ts`: builds the clusters of both releases ahead of the tests. */
import { nodeBinariesOf } from "./binaries";

async function build(): Promise<void> {
  for (const minor of ["1.36", "1.35"] as const) console.log(await nodeBinariesOf(minor, console.log));
}

build().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
