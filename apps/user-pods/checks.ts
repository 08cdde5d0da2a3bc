/** What the configuration of users' pods gets wrong beyond its schema. */
import { duplicatePairs } from "../../environment/checks/duplicates";
import { finding, type Finding } from "../../environment/findings";
import type { ApplicationContext } from "../../environment/parts/part";
import { mebibytes, millicores } from "../../environment/schema/quantities";
import { assertNever } from "../../errors/assert-never";
import type { UserPodsConfig } from "./configuration";
import type { ContainerConfig } from "./container/configuration";
import { checkExposure } from "./exposure-checks";
import { checkGateway } from "./gateway/checks";
import { entryOf, gidOf } from "./plan";

type Context = ApplicationContext<UserPodsConfig>;

/** What an environment has for users' pods. */
export interface Offer {
  /** What enforces that nobody runs as somebody else: admission policies, or what is missing for them. */
  readonly enforcement: "policies" | "ownersOnly" | "tooOld";
  /** Minor version of the cluster, where it is known. */
  readonly version?: string;
  /** NodePorts of its window. */
  readonly nodePorts: readonly number[];
}

export function checkUserPods(context: Context, offer: Offer): readonly Finding[] {
  return [
    ...checkUids(context),
    ...checkGroups(context),
    ...checkPorts(context),
    ...checkEntry(context),
    ...checkMounts(context),
    ...checkUnused(context),
    ...checkResources(context),
    ...checkEnforcement(context, offer),
    ...checkExposure(context, offer.nodePorts),
    ...checkGateway(context),
  ];
}

function checkUids({ config, at }: Context): readonly Finding[] {
  return duplicatePairs(Object.entries(config.users), ([, { uid }]) => String(uid)).map(
    ([[first], [second, { uid }]]) =>
      finding(
        "user-pods.id",
        at(`users.${second}.uid`),
        `${uid} is already the UID of ${at(`users.${first}.uid`)}`,
        "write the UID that the file server has for this user",
      ),
  );
}

/** A group that several users name is shared by them; one that has a user's own number is that user's. */
function checkGroups({ config, at }: Context): readonly Finding[] {
  const users = Object.entries(config.users);
  const owners = new Map(
    users.filter(([, user]) => gidOf(user) === user.uid).map(([name, { uid }]) => [uid, name]),
  );
  return users.flatMap(([name, user]) => {
    const owner = owners.get(gidOf(user));
    if (owner === undefined || user.uid === gidOf(user)) return [];
    return [
      finding(
        "user-pods.id",
        at(`users.${name}.gid`),
        `${gidOf(user)} is the group of ${at(`users.${owner}.uid`)} alone`,
        `write a group of this user, or a common one for both as gid of ${owner} too`,
      ),
    ];
  });
}

function checkPorts({ config, at }: Context): readonly Finding[] {
  const listening = Object.entries(config.containers).filter(([, { port }]) => port !== undefined);
  return duplicatePairs(listening, ([, { port }]) => String(port)).map(([[first], [second, { port = 0 }]]) =>
    finding(
      "user-pods.port",
      at(`containers.${second}.port`),
      `${port} is already the port of ${at(`containers.${first}.port`)}, and the containers of a pod share one network`,
      "let one of the two listen on another port",
    ),
  );
}

function checkEntry({ config, at }: Context): readonly Finding[] {
  const entry = entryOf(config);
  const listening = Object.keys(config.containers).filter(
    (name) => config.containers[name]?.port !== undefined,
  );
  if (entry !== undefined && listening.includes(entry)) return [];
  const what =
    entry !== undefined
      ? `"${entry}" is no container with a port`
      : `is missing, and ${listening.length === 0 ? "no container has" : "several containers have"} a port`;
  const fix = listening.length === 0 ? "give a container its port" : `write one of ${listening.join(", ")}`;
  return [finding("user-pods.port", at("entry"), what, fix)];
}

function checkMounts({ config, at }: Context): readonly Finding[] {
  const known = Object.keys(config.volumes);
  return Object.entries(config.containers).flatMap(([name, container]) => [
    ...Object.keys(container.mounts)
      .filter((volume) => !known.includes(volume))
      .map((volume) =>
        finding(
          "user-pods.volume",
          at(`containers.${name}.mounts.${volume}`),
          "is no volume of the pods",
          known.length === 0 ? `describe it under ${at("volumes")}` : `write one of ${known.join(", ")}`,
        ),
      ),
    ...checkPaths(container, (key) => at(`containers.${name}.${key}`)),
  ]);
}

function checkPaths({ mounts, scratch }: ContainerConfig, at: (key: string) => string): readonly Finding[] {
  const all = [
    ...Object.entries(mounts).map(([volume, { path }]) => ({ key: `mounts.${volume}.path`, path })),
    ...Object.keys(scratch).map((path) => ({ key: `scratch.${path}`, path })),
  ];
  return duplicatePairs(all, ({ path }) => path).map(([first, second]) =>
    finding(
      "user-pods.volume",
      at(second.key),
      `"${second.path}" is already the path of ${at(first.key)}`,
      "choose another path for one of them",
    ),
  );
}

function checkUnused({ config, at }: Context): readonly Finding[] {
  const mounted = new Set(Object.values(config.containers).flatMap(({ mounts }) => Object.keys(mounts)));
  return Object.keys(config.volumes)
    .filter((name) => !mounted.has(name))
    .map((name) =>
      finding(
        "user-pods.volume",
        at(`volumes.${name}`),
        "is mounted by no container",
        `mount it, by mounts.${name} of a container, or leave it out`,
      ),
    );
}

function checkResources({ config, at }: Context): readonly Finding[] {
  return Object.entries(config.containers).flatMap(([name, { cpu, memory }]) => [
    ...tooHigh(at(`containers.${name}.cpu`), cpu, millicores),
    ...tooHigh(at(`containers.${name}.memory`), memory, mebibytes),
  ]);
}

function tooHigh(
  path: string,
  { request, limit }: ContainerConfig["cpu"],
  count: (amount: string) => number,
): readonly Finding[] {
  if (count(request) < count(limit)) return [];
  return [
    finding(
      "user-pods.resources",
      `${path}.request`,
      `"${request}" is not below the limit, "${limit}"`,
      "request less, so that idle pods share their nodes, or raise the limit",
    ),
  ];
}

/** A file server believes whatever UID a pod has, so somebody else has to ask. */
function checkEnforcement({ at }: Context, { enforcement, version }: Offer): readonly Finding[] {
  switch (enforcement) {
    case "policies":
      return [];
    case "ownersOnly":
      return [
        finding(
          "user-pods.enforced",
          at(),
          "needs an admission policy, so that nobody runs as another user, and only the owner of a cluster makes one",
          "describe the pods in the owner's configuration",
        ),
      ];
    case "tooOld":
      return [
        finding(
          "user-pods.enforced",
          at(),
          `needs an admission policy, so that nobody runs as another user, and the API server of ${version ?? "this version"} has none`,
          "take Kubernetes 1.30 or newer",
        ),
      ];
    default:
      return assertNever(enforcement);
  }
}
