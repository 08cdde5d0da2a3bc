/** `labstead fence`: frees pods and volumes of a worker whose server is off. */
import { z } from "zod";
import { environments } from "../../catalog";
import type { EnvironmentPlan, ServerPlan } from "../../environment/plan/types";
import { stackFile } from "../../environment/stack-file";
import { loginOf } from "../../openstack-api/clouds";
import { Session } from "../../openstack-api/session";
import { parseKubeconfig } from "../../provider/kubernetes-api/kubeconfig";
import { UserError } from "../shared/failure";
import { interrupted } from "../shared/interrupted";
import { stackOutputs, type Outputs } from "../shared/stack-outputs";
import { fence, lift } from "./fence";
import { nodeOf } from "./node";
import { novaPower } from "./power";

export interface FenceOptions {
  readonly stop?: true;
  readonly lift?: true;
  /** Seconds. */
  readonly wait: string;
}

/** @throws UserError for a server that is no worker, or that runs */
export async function runFence(stack: string, key: string, options: FenceOptions): Promise<void> {
  if (options.stop && options.lift)
    throw new UserError("--stop and --lift exclude each other; give one of them");
  const wait = secondsOf(options.wait);
  const { config, owner } = environments.read(stackFile(process.cwd(), stack));
  const server = workerOf(environments.plan(config, owner).plan, key);
  const { id, kubeconfig } = factsOf(await stackOutputs(stack, {}), stack, server.key);
  const { name } = server;
  const given = {
    name,
    power: novaPower(new Session(loginOf({})), id),
    node: nodeOf(parseKubeconfig(kubeconfig), name),
    signal: interrupted(),
    wait: wait * 1000,
    command: `npx --no-install labstead fence ${stack} ${key}`,
    print: (line: string): void => console.log(line),
  };
  await (options.lift ? lift(given) : fence(given, options.stop === true));
}

/** @throws UserError with the workers that there are */
export function workerOf({ servers }: EnvironmentPlan, key: string): ServerPlan {
  const workers = servers.filter(({ role }) => role === "workers");
  const found = workers.find((each) => each.key === key || each.name === key);
  if (found !== undefined) return found;
  if (servers.some((each) => each.key === key || each.name === key))
    throw new UserError(
      `${key} is no worker; what runs on other servers does not move: replace it as docs/day-two.md says`,
    );
  const known = workers.map((each) => each.key).join(", ");
  throw new UserError(
    `there is no worker ${key}; ${known === "" ? "the stack has none" : `write one of ${known}`}`,
  );
}

function factsOf(
  { values, up }: Outputs,
  stack: string,
  key: string,
): { readonly id: string; readonly kubeconfig: string } {
  const shape = z.object({
    kubeconfig: z.string().min(1),
    servers: z.record(z.string(), z.object({ id: z.string().min(1) })),
  });
  const parsed = shape.safeParse(values);
  const id = parsed.data?.servers[key]?.id;
  if (parsed.data === undefined || id === undefined)
    throw new UserError(`the outputs of ${stack} do not name ${key}; first run: ${up}`);
  return { id, kubeconfig: parsed.data.kubeconfig };
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds > 0) return seconds;
  throw new UserError(`--wait ${text} is no number of seconds; write a whole number, such as 300`);
}
