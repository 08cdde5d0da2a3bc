/** The parts that a lab is made of: the environment iterates over them without knowing any of them. */
import type { App } from "cdk8s";
import type { IConstruct } from "constructs";
import { z } from "zod";
import type { EnvironmentConfig } from "../config";
import type { Finding } from "../findings";
import type { EnvironmentPlan } from "../plan/types";
import { joinClaims, type AllClaims } from "./claims";
import { fixedSettings } from "./effects";
import type { ClusterRoleDeclaration } from "./cluster-roles";
import { imageRepository } from "./images";
import type { Application, Part, Section } from "./part";
import { byStage } from "./stages";

/** Allowed content of an environment's `apps`, by the applications of a catalog. */
export type ApplicationsInput<Parts extends readonly Part[]> = {
  readonly [Each in Extract<Parts[number], Application<string, z.ZodType>> as Each["key"]]?: z.input<
    Each["configuration"]["schema"]
  >;
};

/** The parts of a lab. Their charts are registered by stage, and in this order within a stage. */
export class Catalog<const Parts extends readonly Part[] = readonly Part[]> {
  /** @param parts in the order of their charts within a stage. @throws Error if two have one key */
  constructor(readonly parts: Parts) {
    const keys = parts.map(({ key }) => key);
    const twice = keys.filter((key, index) => keys.indexOf(key) !== index);
    if (twice.length > 0) throw new Error(`the catalog holds two parts of the key ${twice.join(", ")}`);
  }

  /** The schema of one section: a key for each part that is configured there. */
  section(section: Section): z.ZodType<Readonly<Record<string, unknown>>> {
    const configured = this.parts.flatMap(({ key, configuration }) =>
      configuration?.section === section ? [[key, configuration.schema.optional()] as const] : [],
    );
    return z.strictObject(Object.fromEntries(configured));
  }

  claims(config: EnvironmentConfig): AllClaims {
    const settings = this.parts.flatMap(({ key, configuration }) =>
      configuration === undefined || config[configuration.section][key] === undefined
        ? []
        : fixedSettings(
            configuration.effects,
            config[configuration.section][key],
            `${configuration.section}.${key}`,
          ),
    );
    return { ...joinClaims(this.parts.map((part) => part.claims(config))), fixedSettings: settings };
  }

  check(config: EnvironmentConfig): readonly Finding[] {
    return this.parts.flatMap((part) => part.check(config));
  }

  /** Roles of all parts, including those that only tenants use. */
  get clusterRoles(): readonly ClusterRoleDeclaration[] {
    return this.parts.flatMap(({ clusterRoles }) => clusterRoles);
  }

  /** Repositories of all images that parts run or that their users start, each with its registry, once, sorted. */
  get imageRepositories(): readonly string[] {
    const images = this.parts.flatMap((part) => [
      ...Object.values(part.images).map(({ repository }) => repository),
      ...part.usersImages,
    ]);
    return [...new Set(images.map(imageRepository))].sort();
  }

  get reservedNamespaces(): readonly string[] {
    return this.parts.flatMap(({ reservedNamespaces }) => reservedNamespaces);
  }

  /** Plans of the parts that the environment uses, by key. */
  plan(config: EnvironmentConfig, environment: EnvironmentPlan): Readonly<Record<string, unknown>> {
    const planned = this.parts.map(({ key, plan }) => [key, plan(config, environment)] as const);
    return Object.fromEntries(planned.filter(([, plan]) => plan !== undefined));
  }

  /**
   * Creates the charts of planned parts, side by side, never nested; those of a stage depend on those of the one before.
   * @returns keys of the parts by the ids of their charts
   */
  render(scope: App, plans: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> {
    const partOf = new Map<string, string>();
    let before: readonly IConstruct[] = [];
    for (const stage of byStage(this.parts.filter(({ key }) => key in plans))) {
      const { length } = scope.node.children;
      for (const { key, render } of stage) {
        const known = scope.node.children.length;
        render(scope, plans[key]);
        for (const chart of scope.node.children.slice(known)) partOf.set(chart.node.id, key);
      }
      const charts = scope.node.children.slice(length);
      for (const chart of charts) chart.node.addDependency(...before);
      if (charts.length > 0) before = charts;
    }
    return partOf;
  }
}
