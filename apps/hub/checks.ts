/** What a hub's configuration gets wrong beyond its schema. */
import { finding, type Finding } from "../../environment/findings";
import type { ApplicationContext } from "../../environment/parts/part";
import { mebibytes, millicores } from "../../environment/schema/quantities";
import { namespaceLabels } from "../namespace/labels";
import type { HubConfig, HubsConfig } from "./configuration";
import { checkDrives, type DriveSurroundings } from "./drive/checks";
import { namespaceIdentity } from "./names";
import { OWN_TRAITS } from "./own-traits";
import { checkScheduling, type SchedulingSurroundings } from "./scheduling/check";
import { namespaceOf, pathOf } from "./plan";
import type { ProfileConfig } from "./server/configuration";
import { checkSharedDirectories } from "./shared-directories/checks";

type Context = ApplicationContext<HubsConfig>;

/** What the checks need of the environment. */
export interface HubSurroundings extends DriveSurroundings {
  /** Name of the environment. */
  readonly environment: string;
  /** Whether the cluster's rules apply to its namespaces by a label; those of a tenant apply by name. */
  readonly rulesByLabel: boolean;
  /** Whether the environment itself has a class of volumes that many pods write at once. */
  readonly hasSharedClass: boolean;
  readonly scheduling: SchedulingSurroundings;
}

export function checkHubs(context: Context, surroundings: HubSurroundings): readonly Finding[] {
  const { hasSharedClass } = surroundings;
  const hubs = Object.entries(context.config.hubs);
  const atHub = (name: string, key: string): string => context.at(`hubs.${name}.${key}`);
  return [
    ...hubs.flatMap(([name, hub]) => {
      const at = (key: string): string => context.at(`hubs.${name}.${key}`);
      return [
        ...checkNamespace(name, hub, surroundings, at),
        ...checkSignIn(hub, at),
        ...checkImage(hub, at),
        ...checkHomes(hub, hasSharedClass, at),
        ...checkServers(hub, at),
        ...checkTraitlets(hub, at),
      ];
    }),
    ...checkDrives(context.config.hubs, surroundings, atHub),
    ...checkSharedDirectories(context.config.hubs, hasSharedClass, atHub),
    ...checkPaths(context),
    ...checkScheduling(context, surroundings.scheduling),
  ];
}

type At = (key: string) => string;

/** Labels are words of the schema, or of the program: none needs quotes in a shell. */
function checkNamespace(
  name: string,
  hub: HubConfig,
  { environment, rulesByLabel }: HubSurroundings,
  at: At,
): readonly Finding[] {
  if (!hub.existingNamespace) return [];
  const namespace = namespaceOf(name, hub);
  const labels = namespaceLabels({
    ...namespaceIdentity({ environment, namespace }),
    rules: rulesByLabel,
    enforce: "restricted",
  });
  const words = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return [
    finding(
      "hub.existing-namespace",
      at("existingNamespace"),
      `the program does not label ${namespace}, which is there already`,
      `run kubectl label --overwrite namespace ${namespace} ${words.join(" ")}`,
    ),
  ];
}

function checkSignIn({ signIn, published, admins, version }: HubConfig, at: At): readonly Finding[] {
  if (signIn.kind === "dummy" && published)
    return [
      finding(
        "hub.sign-in",
        at("signIn.kind"),
        '"dummy" lets anybody in under any name, and the hub is published',
        "write native, oidc, lti13 or lti11, or published: false",
      ),
    ];
  if (signIn.kind === "native" && version !== "5.5")
    return [
      finding(
        "hub.sign-in",
        at("signIn.kind"),
        `"native" fails for everybody under JupyterHub ${version}: nativeauthenticator 1.3.0, its newest release, is made for 5`,
        'write version: "5.5", or another way of signing in',
      ),
    ];
  if (signIn.kind === "native" && admins.length === 0)
    return [
      finding(
        "hub.sign-in",
        at("admins"),
        "is empty, so nobody could approve the people who sign up",
        "name at least one admin",
      ),
    ];
  return [];
}

function checkImage({ version, image }: HubConfig, at: At): readonly Finding[] {
  if (version === "5.5" || image !== undefined) return [];
  return [
    finding(
      "hub.image",
      at("image"),
      `is missing, and no image of JupyterHub ${version} is published`,
      'name one of your own, or write version: "5.5"',
    ),
  ];
}

function checkHomes({ homes }: HubConfig, hasSharedClass: boolean, at: At): readonly Finding[] {
  if (homes.kind !== "shared" || homes.storageClass !== undefined || hasSharedClass) return [];
  return [
    finding(
      "hub.homes",
      at("homes.kind"),
      '"shared" needs a class of volumes that many pods write at once, and the environment makes none',
      "name one by homes.storageClass, set storage.shared, or write claim",
    ),
  ];
}

/** Of the hub's own server, and of each profile what it overrides. */
function checkServers({ server, profiles }: HubConfig, at: At): readonly Finding[] {
  return [
    ...checkAmounts(server, (key) => at(`server.${key}`)),
    ...Object.entries(profiles).flatMap(([slug, profile]) =>
      checkAmounts(profile, (key) => at(`profiles.${slug}.${key}`)),
    ),
  ];
}

function checkAmounts({ cpu, memory }: Pick<ProfileConfig, "cpu" | "memory">, at: At): readonly Finding[] {
  return [
    ...(cpu === undefined || millicores(cpu.guarantee) < millicores(cpu.limit)
      ? []
      : [tooHigh("cpu", cpu, at)]),
    ...(memory === undefined || mebibytes(memory.guarantee) < mebibytes(memory.limit)
      ? []
      : [tooHigh("memory", memory, at)]),
  ];
}

function tooHigh(
  key: "cpu" | "memory",
  { guarantee, limit }: NonNullable<ProfileConfig["cpu"]>,
  at: At,
): Finding {
  return finding(
    "hub.resources",
    at(`${key}.guarantee`),
    `"${guarantee}" is not below the limit, "${limit}"`,
    "guarantee less, so that idle servers share their nodes, or raise the limit",
  );
}

function checkTraitlets({ traitlets }: HubConfig, at: At): readonly Finding[] {
  return Object.keys(traitlets)
    .filter((trait) => OWN_TRAITS.includes(trait))
    .map((trait) =>
      finding(
        "hub.traitlet",
        at(`traitlets.${trait}`),
        "is set by the program, from another key of the hub",
        "leave it out, and change that key",
      ),
    );
}

/** Browsers send the cookies of a hub to every path below its own. Equal paths are one host's routes, which clash. */
function checkPaths({ config, at }: Context): readonly Finding[] {
  const served = Object.entries(config.hubs)
    .filter(([, { published }]) => published)
    .map(([name, hub]) => ({ name, path: pathOf(name, hub) }));
  return served.flatMap(({ name, path }) => {
    const above = served.find((other) => path !== other.path && path.startsWith(other.path));
    if (above === undefined) return [];
    return [
      finding(
        "hub.path",
        at(`hubs.${name}.path`),
        `"${path}" is below "${above.path}", the path of the hub ${above.name}`,
        "choose paths beside each other, such as /physics/ and /biology/",
      ),
    ];
  });
}
