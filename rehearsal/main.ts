/**
 * The process of the built-in cloud: serves every package until SIGTERM, or until its standard input closes, so that
 * it never outlives the one who started it. One argument, {@link CloudOptions} as JSON; prints one line of JSON,
 * {@link Ready}, as soon as all packages are served.
 */
import { serve } from "../provider-protocol";
import { withFaults } from "./faults";
import type { CloudOptions, Ready } from "./options";
import { PACKAGES } from "./packages";
import { takeSoleUse } from "./sole-use";

async function main(options: CloudOptions): Promise<void> {
  const release = await takeSoleUse(options.directory);
  const open = PACKAGES.map((openPackage) =>
    openPackage({
      directory: options.directory,
      existingNetworks: options.existingNetworks ?? [],
      openstack: options.openstack ?? { kind: "local" },
      ...(options.machines === undefined ? {} : { machines: options.machines }),
    }),
  );
  const handlers = open.map(({ handler }) =>
    options.faults === undefined ? handler : withFaults(handler, options.faults),
  );
  const serving = await Promise.all(handlers.map((handler) => serve(handler)));
  const ports = Object.fromEntries(
    handlers.map((handler, index) => [handler.name, serving[index]?.port ?? 0]),
  );
  const ready: Ready = { ports };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  await asked();
  await Promise.all(serving.map((server) => server.close()));
  for (const each of open) each.close();
  release();
}

/** Resolves when the process is asked to end. */
function asked(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGTERM", () => resolve());
    process.stdin.once("end", () => resolve()).once("close", () => resolve());
    process.stdin.resume();
  });
}

// A Ctrl-C in a terminal reaches the whole group: the engine still needs its providers to end what it has begun.
process.on("SIGINT", () => undefined);

main(JSON.parse(process.argv[2] ?? "{}") as CloudOptions).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(
      `the built-in cloud cannot start: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    process.exit(1);
  },
);
