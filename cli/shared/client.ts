/** The person of an owner's configuration for whom a command runs. */
import { environments } from "../../catalog";
import type { EnvironmentPlan } from "../../environment/plan/types";
import { stackFile } from "../../environment/stack-file";
import { lab } from "../../lab";
import { clients, hasAccess, type Client } from "../../platform/clients";
import { UserError } from "./failure";

/** @throws UserError for a tenant: people connect to its owner's servers and cluster */
export function ownersPlan(directory: string, stack: string, command: string): EnvironmentPlan {
  const { plan } = lab(environments.read(stackFile(directory, stack)));
  if (plan.cluster.kind === "own") return plan;
  const { kind, owner } = plan.cluster;
  if (kind === "existing")
    throw new UserError(`${stack} is on an existing cluster; ask its administrator for access`);
  throw new UserError(
    `${stack} is a tenant of ${owner}, to which people connect; run: labstead ${command} ${owner}`,
  );
}

/** @throws UserError for a person who is not configured, or has no access */
export function clientOf(plan: EnvironmentPlan, person: string, file: string): Client {
  const all = clients(plan);
  const client = all.find(({ name }) => name === person);
  if (client === undefined) {
    const names = all.map(({ name }) => name).join(", ");
    const there = names === "" ? "people is empty" : `there are ${names}`;
    throw new UserError(
      `${person} is not in people of ${file}: ${there}; docs/people.md describes how to add a person`,
    );
  }
  if (hasAccess(client)) return client;
  throw new UserError(
    `people.${person} of ${file} has no access; give ssh, wireguard or kubernetes, then: labstead up ${plan.environment}`,
  );
}
