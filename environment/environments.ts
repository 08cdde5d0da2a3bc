/**
 * Everything that can be done with an environment before anything exists, for the parts of one catalog: parsing it,
 * checking it, planning it. Pure: nothing here calls an engine or a cloud.
 */
import type { z } from "zod";
import { checkEnvironmentsTogether } from "./checks/cross-environment";
import { checkEnvironment } from "./checks/checks";
import { isOnExistingCluster, isOwner, type EnvironmentConfig } from "./config";
import type { Finding } from "./findings";
import { stackSchema } from "./json-schema";
import { parseEnvironment, type EnvironmentSchemas, type ParseResult } from "./parse";
import type { Catalog } from "./parts/catalog";
import type { AllClaims, Claimed } from "./parts/claims";
import { planOnExistingCluster } from "./plan/existing-cluster";
import { planOwner } from "./plan/owner";
import { planTenant } from "./plan/tenant-environment";
import type { EnvironmentPlan } from "./plan/types";
import { existingEnvironment, ownerEnvironment, tenantEnvironment } from "./schema/environment";
import { readEnvironment, readStackFile, withOwner, type EnvironmentPair } from "./stack-file";

/** A planned environment. */
export interface Planned {
  readonly plan: EnvironmentPlan;
  readonly claims: AllClaims;
  /** Plans of the parts that the environment uses, by the parts' keys. */
  readonly parts: Readonly<Record<string, unknown>>;
}

/** Reads, checks and plans environments of the parts of one catalog. */
export class Environments {
  #schemas: EnvironmentSchemas | undefined;

  constructor(readonly catalog: Catalog) {}

  /** The schemas of all kinds, created at first use. */
  get schemas(): EnvironmentSchemas {
    this.#schemas ??= schemasOf(this.catalog.section("apps"));
    return this.#schemas;
  }

  /** Parses `labstead:environment` of the stack `name`; all errors are returned at once. */
  readonly parse = (name: string, value: unknown): ParseResult => parseEnvironment(this.schemas, name, value);

  /**
   * An environment from its file, with its owner's beside it if it is a tenant.
   * @throws FindingsError with all errors of the file
   */
  read(file: string): EnvironmentPair {
    return readEnvironment(this.parse, file);
  }

  /** The environment of one file, without its owner's. */
  readFile(file: string): ParseResult {
    return readStackFile(this.parse, file);
  }

  /**
   * An environment with its owner's, read from the folder.
   * @throws FindingsError with all errors of the owner's file
   */
  withOwner(config: EnvironmentConfig, directory: string): EnvironmentPair {
    return withOwner(this.parse, config, directory);
  }

  /** All findings before it is planned. @param owner for a tenant, whose cluster it shares */
  check(config: EnvironmentConfig, owner?: EnvironmentConfig): readonly Finding[] {
    const { reservedNamespaces } = this.catalog;
    const findings = checkEnvironment(
      this.#claimed(config),
      owner && this.#claimed(owner),
      reservedNamespaces,
    );
    return [...findings, ...this.catalog.check(config)];
  }

  /** Findings across environments. */
  checkAcross(environments: readonly EnvironmentConfig[]): readonly Finding[] {
    return checkEnvironmentsTogether(environments.map((config): Claimed => this.#claimed(config)));
  }

  /**
   * Plans an environment that has passed `check` without an error. Pure: the same configuration gives the same plan.
   * @param owner for a tenant, the environment whose cluster it shares
   * @throws Error for what the checks refuse
   */
  plan(config: EnvironmentConfig, owner?: EnvironmentConfig): Planned {
    const claimed = this.#claimed(config);
    const plan = this.#planned(claimed, owner);
    return { plan, claims: claimed.claims, parts: this.catalog.plan(config, plan) };
  }

  /** The JSON Schema of a whole stack file, for editors. */
  stackSchema(): ReturnType<typeof stackSchema> {
    return stackSchema(this.schemas);
  }

  #planned({ config, claims }: Claimed, owner: EnvironmentConfig | undefined): EnvironmentPlan {
    const { clusterRoles, imageRepositories } = this.catalog;
    if (isOwner(config)) return planOwner({ config, claims, clusterRoles, imageRepositories });
    if (isOnExistingCluster(config)) return planOnExistingCluster({ config, claims, clusterRoles });
    if (owner === undefined || !isOwner(owner))
      throw new Error("internal error: a tenant without an owner passed the checks");
    return planTenant({ config, claims }, { ...this.#claimed(owner), clusterRoles, imageRepositories });
  }

  #claimed<Config extends EnvironmentConfig>(config: Config): Claimed<Config> {
    return { config, claims: this.catalog.claims(config) };
  }
}

function schemasOf(apps: z.ZodType<Readonly<Record<string, unknown>>>): EnvironmentSchemas {
  return {
    owner: ownerEnvironment(apps),
    tenant: tenantEnvironment(apps),
    existing: existingEnvironment(apps),
  };
}
