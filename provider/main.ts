/**
 * The plugin. The official CLI starts it by PulumiPlugin.yaml; built-in tooling starts it by {@link startPlugin} and
 * passes `PULUMI_DEBUG_PROVIDERS=labstead:<port>` to the engine. Its memory is lost after its phase: the next one is a
 * new process.
 */
import { httpNamespaceProbe } from "./kubernetes-api/http-namespace";
import { httpNodes } from "./kubernetes-api/http-nodes";
import { httpProbe } from "./kubernetes-api/http-probe";
import { deletesDataByEnvironment, labsteadPackage, realCloud } from "./labstead";
import { serve } from "../provider-protocol";
import { SKIP_ETCD } from "./etcd/messages";
import { namesByEnvironment, skipsDrainByEnvironment } from "./server-ready/skipped-nodes";

export interface Plugin {
  /** Loopback port. */
  readonly port: number;
  stop(): Promise<void>;
}

export async function startPlugin(): Promise<Plugin> {
  const serving = await serve(
    labsteadPackage({
      probe: httpProbe,
      namespaceProbe: httpNamespaceProbe,
      nodes: httpNodes,
      cloud: realCloud(),
      deletesData: deletesDataByEnvironment(),
      skipDrain: skipsDrainByEnvironment(),
      skipEtcd: namesByEnvironment(SKIP_ETCD),
    }),
  );
  return { port: serving.port, stop: () => serving.close() };
}

/** Serves until the engine ends this process; the first line of output is the port, as the engine expects it. */
export async function runPlugin(): Promise<void> {
  // Ctrl-C reaches the whole process group: the engine needs its plugins to finish its operations, then ends them.
  process.on("SIGINT", () => undefined);
  const { port } = await startPlugin();
  process.stdout.write(`${port}\n`);
}
