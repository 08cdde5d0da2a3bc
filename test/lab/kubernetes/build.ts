/** `node --import tsx test/lab/kubernetes/build.ts`: builds the control plane ahead of the tests. */
import { kubernetesBinaries } from "./binaries";

kubernetesBinaries(console.log).then(console.log, (error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
