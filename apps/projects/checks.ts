/** What the configuration of projects gets wrong beyond its schema. */
import { finding, type Finding } from "../../environment/findings";
import type { ApplicationContext } from "../../environment/parts/part";
import { mebibytes, millicores } from "../../environment/schema/quantities";
import { assertNever } from "../../errors/assert-never";
import type { ProjectConfig, ProjectsConfig } from "./configuration";
import type { At, Offer } from "./offer";
import { checkQuotas } from "./quota-checks";
import type { StackConfig } from "./stacks/configuration";
import { isCluster } from "./stacks/kinds";
import { STACKS } from "./stacks/table";
import { checkStorage } from "./storage-checks";

type Context = ApplicationContext<ProjectsConfig>;

export function checkProjects({ config, environment, at }: Context, offer: Offer): readonly Finding[] {
  return [
    ...checkEverybody(config, at),
    ...Object.entries(config.projects).flatMap(([key, project]) => {
      const below: At = (path) => at(`projects.${key}.${path}`);
      return [
        ...checkGroups(project, offer, below),
        ...checkSignIn(config, project, below),
        ...checkStorage(project, offer, below),
        ...Object.entries(project.stacks).flatMap(([name, stack]) =>
          checkStack(stack, `stacks.${name}`, below),
        ),
        ...checkQuotas(key, project, environment.namespaces, below),
      ];
    }),
  ];
}

function checkGroups({ groups }: ProjectConfig, { groups: from }: Offer, at: At): readonly Finding[] {
  const [first] = Object.keys(groups);
  if (first === undefined) return [];
  switch (from) {
    case "provider":
    case "cluster":
      return [];
    case "none":
      return [
        finding(
          "projects.group",
          at(`groups.${first}`),
          "is a group of an identity provider, and the API server learns no groups from one",
          "write cluster.oidc with its groupsClaim, or name people by kubernetes.namespaces of people",
        ),
      ];
    case "owner":
      return [
        finding(
          "projects.group",
          at(`groups.${first}`),
          "needs a binding of a role of Kubernetes, which only the owner of a cluster makes",
          "describe the project in the owner's configuration, or leave groups out",
        ),
      ];
    default:
      return assertNever(from);
  }
}

/** Everybody who is signed in would be let in to the stacks of all projects. */
function checkEverybody({ auth, projects }: ProjectsConfig, at: Context["at"]): readonly Finding[] {
  if (/\{(project|groups)\}/.test(auth.url)) return [];
  if (!Object.values(projects).some(hasGuarded)) return [];
  return [
    finding(
      "projects.everybody",
      at("auth.url"),
      `"${auth.url}" does not say of which project a stack is: whoever is signed in may open the stacks of all projects`,
      "put {groups} or {project} into it, such as ?allowed_groups={groups}, or keep it if the service looks at the address that was asked for",
    ),
  ];
}

/** An empty list of allowed groups means everybody. */
function checkSignIn({ auth }: ProjectsConfig, project: ProjectConfig, at: At): readonly Finding[] {
  if (!auth.url.includes("{groups}") || Object.keys(project.groups).length > 0) return [];
  if (!hasGuarded(project)) return [];
  return [
    finding(
      "projects.sign-in",
      at("groups"),
      "is empty, so auth.url would ask for no group, and everybody who is signed in could open the project's stacks",
      "name the groups whose people may open them",
    ),
  ];
}

function hasGuarded({ stacks, services }: ProjectConfig): boolean {
  return (
    Object.values(stacks).some(isGuarded) || Object.values(services).some((each) => each.public === undefined)
  );
}

function isGuarded(stack: StackConfig): boolean {
  if (isCluster(stack.kind)) return false;
  return !("public" in stack) || stack.public === undefined;
}

function checkStack(stack: StackConfig, path: string, at: At): readonly Finding[] {
  const { kind, image } = stack;
  const row = STACKS[kind];
  const missing =
    row.image.kind === "chosen" && image === undefined
      ? [
          finding(
            "projects.image",
            at(`${path}.image`),
            `is missing, and ${kind} has no default: ${row.image.why}`,
            "name an image of your own, with a fixed tag",
          ),
        ]
      : [];
  return [...missing, ...checkAmounts(stack, path, at), ...checkWorkers(stack, path, at)];
}

/** What the configuration says of one amount may be too much for the kind's own of the other. */
function checkAmounts(stack: StackConfig, path: string, at: At): readonly Finding[] {
  if ("workers" in stack) {
    const { cpu, memory } = stack.workers;
    return [
      ...tooHigh(at(`${path}.workers.cpu.request`), cpu, millicores),
      ...tooHigh(at(`${path}.workers.memory.request`), memory, mebibytes),
    ];
  }
  return [
    ...(stack.cpu === undefined ? [] : tooHigh(at(`${path}.cpu.request`), stack.cpu, millicores)),
    ...(stack.memory === undefined ? [] : tooHigh(at(`${path}.memory.request`), stack.memory, mebibytes)),
  ];
}

function tooHigh(
  path: string,
  { request, limit }: { readonly request: string; readonly limit: string },
  count: (amount: string) => number,
): readonly Finding[] {
  if (count(request) < count(limit)) return [];
  return [
    finding(
      "projects.resources",
      path,
      `"${request}" is not below the limit, "${limit}"`,
      "request less, so that idle stacks share their nodes, or raise the limit",
    ),
  ];
}

function checkWorkers(stack: StackConfig, path: string, at: At): readonly Finding[] {
  if (!("workers" in stack) || stack.workers.min <= stack.workers.max) return [];
  const { min, max } = stack.workers;
  return [
    finding(
      "projects.workers",
      at(`${path}.workers.max`),
      `${String(max)} is less than the fewest workers, ${String(min)}`,
      "raise it, or write a smaller min",
    ),
  ];
}
