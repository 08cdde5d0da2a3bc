/**
 * The plugin's own gate behind a server, run in the network of the test machines: `node --import tsx gate.ts` takes what to
 * do from its input, as the engine would ask for it.
 */
import { readFileSync } from "node:fs";
import { httpNodes } from "../../../provider/kubernetes-api/http-nodes";
import type { LongRequest } from "../../../provider-protocol";
import { serverReadyHandler } from "../../../provider/server-ready/handler";
import { NO_MEMBER_GATE } from "../../provider/member-gate";

export interface GateWork {
  /** `delete` empties the node and removes it; `create` waits until it is Ready. */
  readonly action: "create" | "delete";
  readonly node: string;
  readonly kubeconfig: string;
}

const SECONDS = 240;

async function main({ action, node, kubeconfig }: GateWork): Promise<void> {
  const gate = serverReadyHandler({
    nodes: httpNodes,
    memberGate: NO_MEMBER_GATE,
    pace: { betweenLooks: 500, oneLook: 10_000, looks: 20 },
  });
  const inputs = {
    ...{ kind: "node", serverId: "id", node, kubeconfig, cluster: "prod" },
    ...{ awaits: "ready", drainSeconds: SECONDS, readySeconds: SECONDS },
  };
  const request: LongRequest = {
    type: "labstead:index:ServerReady",
    name: "ready",
    urn: "urn:pulumi:prod::labstead::labstead:index:ServerReady::ready",
    log: (severity, text, options) => {
      if (options?.status !== true) process.stdout.write(`${severity}: ${text}\n`);
    },
    timeoutSeconds: undefined,
    signal: new AbortController().signal,
  };
  if (action === "delete") await gate.delete({ ...request, inputs, id: "id", state: {} });
  else await gate.create({ ...request, inputs, preview: false });
}

if (process.argv[1] === __filename)
  main(JSON.parse(readFileSync(0, "utf8")) as GateWork).catch((error: unknown) => {
    process.stderr.write(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  });
