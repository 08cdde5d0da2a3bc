/**
 * The contract of a part: a component of the cluster or an application. It declares everything that the environment has
 * to know, so that adding one is a folder and a line of `catalog.ts`.
 */
import type { App } from "cdk8s";
import type { z } from "zod";
import { isOwner, type EnvironmentConfig, type OwnerConfig } from "../config";
import type { Finding } from "../findings";
import type { EnvironmentPlan } from "../plan/types";
import type { Claims } from "./claims";
import type { ClusterRoleDeclaration } from "./cluster-roles";
import type { Effects, EffectTree } from "./effects";
import type { PinnedImages } from "./images";
import type { Stage } from "./stages";

/** The key of `labstead:environment` that holds a part's configuration, by the part's own key. */
export const SECTIONS = ["apps"] as const;
export type Section = (typeof SECTIONS)[number];

/** Input of an application's plan. */
export interface ApplicationContext<Config> {
  /** Its own, defaults resolved. */
  readonly config: Config;
  /** The whole environment: its name, its domain, whether it owns its cluster. */
  readonly environment: EnvironmentConfig;
  /** Path of a key of its configuration; without one, of the whole: `at("host")` is `apps.datalab.host`. */
  readonly at: (key?: string) => string;
}

/** Properties that both kinds of part share. */
interface Common<Plan> {
  /** Unique in the catalog: `datalab`. */
  readonly key: string;
  /** Its name in messages: `the DataLabs stack`. */
  readonly title: string;
  /** When its objects are created; they are deleted in reverse. @default `applications`, or `services` for a component */
  readonly stage?: Stage;
  /** All images that its charts may run, by purpose. @default none */
  readonly images?: PinnedImages;
  /** Images that its users start by its services, with or without tags: `nerc/rstudio`. @default none */
  readonly usersImages?: readonly string[];
  /** ClusterRoles that it needs, created by the cluster's owner. @default none */
  readonly clusterRoles?: readonly ClusterRoleDeclaration[];
  /** Namespaces that belong to it in every cluster, so that no other part may use them. @default none */
  readonly reservedNamespaces?: readonly string[];
  /**
   * Imports its charts; called only when they are rendered, so that checks do not load cdk8s: `() =>
   * (require("./chart") as typeof Charts).datalabCharts`.
   */
  readonly charts: () => (scope: App, plan: Plan) => void;
}

export interface ApplicationDefinition<Schema extends z.ZodType, Plan> extends Common<Plan> {
  /** Of `apps.<key>`. */
  readonly schema: Schema;
  /** Effects of new values of its keys on a running environment. */
  readonly effects: Effects<z.output<Schema>>;
  readonly claims: (context: ApplicationContext<z.output<Schema>>) => Claims;
  /** Findings about its configuration beyond schema and claims. @default none */
  readonly check?: (context: ApplicationContext<z.output<Schema>>) => readonly Finding[];
  /** Everything that its charts need, decided. */
  readonly plan: (context: ApplicationContext<z.output<Schema>>, environment: EnvironmentPlan) => Plan;
}

export interface ComponentDefinition<Plan> extends Common<Plan> {
  /** @default none */
  readonly claims?: (config: EnvironmentConfig) => Claims;
  /** Findings about the keys that it reads. @default none */
  readonly check?: (config: EnvironmentConfig) => readonly Finding[];
  /** Undefined if the environment does not use it. */
  readonly plan: (config: EnvironmentConfig, environment: EnvironmentPlan) => Plan | undefined;
}

/** A part as the environment sees it: its own types are inside. */
export interface Part {
  readonly key: string;
  readonly title: string;
  readonly stage: Stage;
  readonly images: PinnedImages;
  readonly usersImages: readonly string[];
  readonly clusterRoles: readonly ClusterRoleDeclaration[];
  readonly reservedNamespaces: readonly string[];
  /** Absent if it reads the environment's own keys. */
  readonly configuration?: {
    readonly section: Section;
    readonly schema: z.ZodType;
    readonly effects: EffectTree;
  };
  readonly claims: (config: EnvironmentConfig) => Claims;
  readonly check: (config: EnvironmentConfig) => readonly Finding[];
  /** Undefined if the environment does not use it. */
  readonly plan: (config: EnvironmentConfig, environment: EnvironmentPlan) => unknown;
  /** Creates the charts. @param plan what `plan` returned */
  readonly render: (scope: App, plan: unknown) => void;
}

/** An application with its key and its schema as types, from which a catalog's types follow. */
export interface Application<Key extends string, Schema extends z.ZodType> extends Part {
  readonly key: Key;
  readonly configuration: {
    readonly section: "apps";
    readonly schema: Schema;
    readonly effects: EffectTree;
  };
}

/** An application: configured below `apps.<key>`, and used by environments that have that key. */
export function application<const Key extends string, Schema extends z.ZodType, Plan>(
  definition: ApplicationDefinition<Schema, Plan> & { readonly key: Key },
): Application<Key, Schema> {
  const { key, schema } = definition;
  const contextOf = (environment: EnvironmentConfig): ApplicationContext<z.output<Schema>> | undefined => {
    const config: unknown = environment.apps[key];
    if (config === undefined) return undefined;
    const at = (below?: string): string => `apps.${key}${below === undefined ? "" : `.${below}`}`;
    // The environment was parsed by a schema that contains this one.
    return { config: config as z.output<Schema>, environment, at };
  };
  const used = <Result>(
    environment: EnvironmentConfig,
    use: (context: ApplicationContext<z.output<Schema>>) => Result,
  ): Result | undefined => {
    const context = contextOf(environment);
    return context === undefined ? undefined : use(context);
  };
  return {
    ...commonOf(definition, "applications"),
    key,
    configuration: { section: "apps", schema, effects: definition.effects },
    claims: (environment) => used(environment, definition.claims) ?? {},
    check: (environment) => used(environment, definition.check ?? (() => [])) ?? [],
    plan: (environment, planned) => used(environment, (context) => definition.plan(context, planned)),
  };
}

/** A component of the cluster: it reads the environment's own keys. */
export function component<Plan>(definition: ComponentDefinition<Plan>): Part {
  return {
    ...commonOf(definition, "services"),
    claims: definition.claims ?? (() => ({})),
    check: definition.check ?? (() => []),
    plan: definition.plan,
  };
}

/** A component that the cluster's owner creates for all environments of the cluster. */
export function ownersComponent<Plan>({
  claims,
  check,
  plan,
  ...common
}: Omit<ComponentDefinition<Plan>, "claims" | "check" | "plan"> & {
  readonly claims?: (config: OwnerConfig) => Claims;
  readonly check?: (config: OwnerConfig) => readonly Finding[];
  readonly plan: (config: OwnerConfig, environment: EnvironmentPlan) => Plan | undefined;
}): Part {
  return component({
    ...common,
    claims: (config) => (isOwner(config) ? (claims?.(config) ?? {}) : {}),
    check: (config) => (isOwner(config) ? (check?.(config) ?? []) : []),
    plan: (config, environment) => (isOwner(config) ? plan(config, environment) : undefined),
  });
}

function commonOf<Plan>(definition: Common<Plan>, usualStage: Stage) {
  const { key, title, stage = usualStage, images = {}, usersImages = [] } = definition;
  const { clusterRoles = [], reservedNamespaces = [], charts } = definition;
  return {
    key,
    title,
    stage,
    images,
    usersImages,
    clusterRoles,
    reservedNamespaces,
    // The argument is always the result of this part's own `plan`.
    render: (scope: App, plan: unknown) => {
      charts()(scope, plan as Plan);
    },
  };
}
