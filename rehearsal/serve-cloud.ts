/**
 * The process of the built-in cloud: serves its packages until SIGTERM, or until its standard input closes, so that
 * it never outlives the process that started it. One argument, {@link CloudOptions} as JSON; prints one line of JSON,
 * {@link Ready}, as soon as all packages are served.
 */
import { serve } from "../provider-protocol";
import { withFaults } from "./faults";
import { Clusters } from "./kubernetes/clusters";
import type { PackageOpener } from "./open-package";
import type { CloudOptions, Ready } from "./options";
import { PACKAGES } from "./packages";
import { lockFolder } from "./folder-lock";

/**
 * Runs this process as a built-in cloud, to its end.
 * @param more packages beside the cloud's own, such as those of the program that is rehearsed
 */
export function serveCloud(more: readonly PackageOpener[]): void {
  // A Ctrl-C in a terminal reaches the whole group: the engine still needs its providers to end what it has begun.
  process.on("SIGINT", () => undefined);
  serveUntilStopped(JSON.parse(process.argv[2] ?? "{}") as CloudOptions, [...PACKAGES, ...more]).then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(
        `the built-in cloud cannot start: ${error instanceof Error ? error.message : String(error)}\n`,
      );
      process.exit(1);
    },
  );
}

async function serveUntilStopped(options: CloudOptions, packages: readonly PackageOpener[]): Promise<void> {
  const { directory, existingNetworks = [], openstack = { kind: "local" }, machines, faults } = options;
  const release = await lockFolder(directory);
  // API servers of machines that run start late by themselves.
  const clusters = new Clusters(directory, { late: machines === undefined });
  const context = { directory, existingNetworks, openstack, clusters };
  const open = packages.map((openPackage) =>
    openPackage(machines === undefined ? context : { ...context, machines }),
  );
  const handlers = open.map(({ handler }) => (faults === undefined ? handler : withFaults(handler, faults)));
  const serving = await Promise.all(handlers.map((handler) => serve(handler)));
  const ports = Object.fromEntries(
    handlers.map((handler, index) => [handler.name, serving[index]?.port ?? 0]),
  );
  const ready: Ready = { ports };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  await stopRequest();
  await Promise.all(serving.map((server) => server.close()));
  for (const each of open) each.close();
  clusters.close();
  release();
}

/** Resolves when the process is asked to end. */
function stopRequest(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGTERM", () => resolve());
    process.stdin.once("end", () => resolve()).once("close", () => resolve());
    process.stdin.resume();
  });
}
