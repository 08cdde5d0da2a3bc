/** Projects as a part of the lab: all that the environment needs to know of them. */
import { isOnExistingCluster, isTenant, type EnvironmentConfig } from "../../environment/config";
import type { Claims, HostClaim } from "../../environment/parts/claims";
import {
  imageText,
  type ClaimedImage,
  type PinnedImage,
  type PinnedImages,
} from "../../environment/parts/images";
import { application, type ApplicationContext } from "../../environment/parts/part";
import { sharedClassOf } from "../../environment/shared-storage";
import { aliasesOf } from "../../environment/storage-classes";
import type * as Charts from "./chart";
import { checkProjects } from "./checks";
import { projectsSchema, type ProjectConfig, type ProjectsConfig } from "./configuration";
import { PROJECTS_EFFECTS } from "./effects";
import { FOLDERS_IMAGE } from "./images";
import type { Offer } from "./offer";
import { computeNamespace, stackHost, stackPath } from "./names";
import { COMPUTE_LEVEL, hostOf, levelOf, projectPlans } from "./plan";
import { stackSecrets } from "./secrets";
import type { StackConfig } from "./stacks/configuration";
import { isCluster, isNotebook, type StackKind } from "./stacks/kinds";
import { routeOf } from "./stacks/plan";
import { STACKS } from "./stacks/table";
import { nfsMounts } from "../volumes/claims";

type Context = ApplicationContext<ProjectsConfig>;
type At = Context["at"];

export const projects = application({
  key: "projects",
  title: "the projects",
  schema: projectsSchema,
  effects: PROJECTS_EFFECTS,
  images: pinnedImages(),
  claims,
  check: (context) => checkProjects(context, offerOf(context.environment)),
  plan: projectPlans,
  charts: () => (require("./chart") as typeof Charts).projectsCharts,
});

/** Of the kinds that have one, and the one that makes folders. */
function pinnedImages(): PinnedImages {
  const rows = Object.entries(STACKS).flatMap(([kind, { image }]): readonly [string, PinnedImage][] =>
    image.kind === "pinned" ? [[kind, image.image]] : [],
  );
  return { folders: FOLDERS_IMAGE, ...Object.fromEntries(rows) };
}

function claims({ config, environment, at }: Context): Claims {
  const projectsOf = Object.entries(config.projects);
  const each = <Claim>(claim: (key: string, project: ProjectConfig, at: At) => readonly Claim[]) =>
    projectsOf.flatMap(([key, project]) =>
      claim(key, project, (below) => at(`projects.${key}${below === undefined ? "" : `.${below}`}`)),
    );
  const host = hostOf(config, environment.domain);
  return {
    namespaces: each((key, { stacks }, path) => [
      { path: path(), name: key, level: levelOf(Object.values(stacks)) },
      { path: path(), name: computeNamespace(key), level: COMPUTE_LEVEL },
    ]),
    hosts: each((key, { stacks, services }, path) => [
      ...Object.entries(stacks).flatMap(([name, stack]) =>
        servedPath(stack.kind, path(`stacks.${name}`), {
          ownHost: stackHost(key, name, environment.domain),
          commonHost: host,
          path: stackPath(key, name),
        }),
      ),
      ...Object.keys(services).map((name) => ({
        path: path(`services.${name}`),
        host: stackHost(key, name, environment.domain),
        paths: ["/"] as const,
      })),
    ]),
    secrets: each((key, { stacks }, path) =>
      Object.entries(stacks).flatMap(([name, stack]) =>
        [...stackSecrets(key, name, stack).values()].map((secret) => ({
          path: path(`stacks.${name}`),
          secret,
        })),
      ),
    ),
    nfsMounts: each((_, { assets }, path) => nfsMounts(assets, path("assets"))),
    policies: projectsOf.length === 0 ? [] : [{ path: at(), reliance: "projects are kept apart by them" }],
    images: each((_, { stacks }, path) =>
      Object.entries(stacks).flatMap(([name, stack]) => claimedImages(stack, path(`stacks.${name}`))),
    ),
  };
}

function servedPath(
  kind: StackKind,
  path: string,
  places: Parameters<typeof routeOf>[1],
): readonly HostClaim[] {
  if (isCluster(kind)) return [];
  const route = routeOf(kind, places);
  return [{ path, host: route.host, paths: [route.path] }];
}

/** Of an image of one's own nothing is known about its support. */
function claimedImages({ kind, image }: StackConfig, path: string): readonly ClaimedImage[] {
  const folders = isNotebook(kind) ? [{ path: `${path}.kind`, image: imageText(FOLDERS_IMAGE) }] : [];
  if (image !== undefined)
    return [{ path: `${path}.image`, image: `${image.name}:${image.tag}` }, ...folders];
  const row = STACKS[kind].image;
  if (row.kind === "chosen") return folders;
  const { lifecycle } = row.image;
  return [
    { path: `${path}.kind`, image: imageText(row.image), ...(lifecycle === undefined ? {} : { lifecycle }) },
    ...folders,
  ];
}

function offerOf(environment: EnvironmentConfig): Offer {
  if (isTenant(environment)) return { blockClasses: [], groups: "owner" };
  if (isOnExistingCluster(environment)) {
    const { block, shared } = environment.cluster.storage;
    return {
      ...(shared === undefined ? {} : { sharedClass: shared }),
      blockClasses: [block],
      groups: "cluster",
    };
  }
  const { storage, cluster } = environment;
  const sharedClass = sharedClassOf(storage.shared);
  return {
    ...(sharedClass === undefined ? {} : { sharedClass }),
    blockClasses: [storage.block.className, ...aliasesOf(storage, "block")],
    groups: cluster.oidc?.groupsClaim === undefined ? "none" : "provider",
  };
}
