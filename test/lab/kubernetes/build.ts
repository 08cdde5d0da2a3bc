/** `node --import tsx test/lab/kubernetes/build.ts`: builds the cluster ahead of the tests. */
import { nodeBinaries } from "./binaries";

nodeBinaries(console.log).then(console.log, (error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
