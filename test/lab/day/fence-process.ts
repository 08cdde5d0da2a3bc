/**
 * `labstead fence` on the machines' cluster, in their network namespace: kubeconfig and name of the node as arguments. The
 * built-in cloud has no Nova to ask, so the test, which has cut the power, says that the server is off.
 */
import { readFileSync } from "node:fs";
import { fence } from "../../../cli/fence/fence";
import { nodeOf } from "../../../cli/fence/node";
import { parseKubeconfig } from "../../../provider/kubernetes-api/kubeconfig";

const [kubeconfig = "", name = ""] = process.argv.slice(2);

fence(
  {
    name,
    power: {
      state: () => Promise.resolve({ kind: "off", status: "SHUTOFF" }),
      stop: () => Promise.resolve(),
    },
    node: nodeOf(parseKubeconfig(readFileSync(kubeconfig, "utf8")), name),
    signal: AbortSignal.timeout(200_000),
    wait: 180_000,
    command: "labstead fence",
    print: (line) => console.log(line),
  },
  false,
).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
