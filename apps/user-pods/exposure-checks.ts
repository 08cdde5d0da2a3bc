/** Whether each user has a port of the window, where ports of nodes are the way in. */
import { duplicatePairs } from "../../environment/checks/duplicates";
import { finding, type Finding } from "../../environment/findings";
import type { ApplicationContext } from "../../environment/parts/part";
import type { UserPodsConfig } from "./configuration";

type Context = ApplicationContext<UserPodsConfig>;

const INGRESS_FIX = "write exposure.kind: ingress, which has a path for any number of users";

/** @param nodePorts of the environment's window */
export function checkExposure(context: Context, nodePorts: readonly number[]): readonly Finding[] {
  return context.config.exposure.kind === "nodePort"
    ? checkNodePorts(context, nodePorts)
    : checkUnusedPorts(context);
}

function checkUnusedPorts({ config, at }: Context): readonly Finding[] {
  return Object.entries(config.users)
    .filter(([, { nodePort }]) => nodePort !== undefined)
    .map(([name]) =>
      finding(
        "user-pods.node-port",
        at(`users.${name}.nodePort`),
        `has no effect, since exposure.kind is ${config.exposure.kind}`,
        "remove it, or write exposure.kind: nodePort",
      ),
    );
}

function checkNodePorts({ config, at }: Context, window: readonly number[]): readonly Finding[] {
  const users = Object.entries(config.users);
  if (window.length < users.length)
    return [
      finding(
        "user-pods.node-port",
        at("exposure.kind"),
        window.length === 0
          ? '"nodePort" needs ports of ports.window, which is not set'
          : `"nodePort" has ${window.length} ports of ports.window for ${users.length} users`,
        INGRESS_FIX,
      ),
    ];
  const free = freePorts(window, config);
  return [
    finding(
      "user-pods.open",
      at("exposure.kind"),
      '"nodePort" has no sign-in: whoever may connect to ports.window uses every pod, with its user\'s files',
      "write exposure.kind: ingress, or let the program in the pod ask for a sign-in",
    ),
    ...users.flatMap(([name, { nodePort }]) =>
      checkPort(at(`users.${name}.nodePort`), nodePort, window, free),
    ),
    ...duplicatePairs(
      users.filter(([, { nodePort }]) => nodePort !== undefined),
      ([, { nodePort }]) => String(nodePort),
    ).map(([[first], [second, { nodePort = 0 }]]) =>
      finding(
        "user-pods.node-port",
        at(`users.${second}.nodePort`),
        `${nodePort} is already the port of ${at(`users.${first}.nodePort`)}`,
        `write a free one: ${free}`,
      ),
    ),
  ];
}

function checkPort(
  path: string,
  nodePort: number | undefined,
  window: readonly number[],
  free: string,
): readonly Finding[] {
  if (nodePort !== undefined && window.includes(nodePort)) return [];
  const what = nodePort === undefined ? "is missing" : `${nodePort} is not in ports.window`;
  return [finding("user-pods.node-port", path, what, `write a free one: ${free}`)];
}

function freePorts(window: readonly number[], { users }: UserPodsConfig): string {
  const taken = new Set(Object.values(users).map(({ nodePort }) => nodePort));
  const free = window.filter((port) => !taken.has(port));
  return free.length === 0 ? "the window has none left" : free.join(", ");
}
