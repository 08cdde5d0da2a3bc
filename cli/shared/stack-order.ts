/** The order of stacks: an owner is created before its tenants and destroyed after them. */
import type { OwnerConfig } from "../../environment/config";

/** A stack as `pulumi stack ls --json` lists it. */
export interface StackSummary {
  readonly name: string;
  readonly resourceCount?: number;
  readonly lastUpdate?: string;
}

/** The command to run first on another stack. */
type Command = (stack: string) => string;

/** Why a tenant cannot be brought up yet. */
export function missingOwner(
  tenant: string,
  owner: string,
  stacks: readonly StackSummary[],
  command: Command,
): string | undefined {
  if (stacks.some((stack) => shortName(stack) === owner && isLive(stack))) return undefined;
  return `${tenant} is a tenant of ${owner}, which was never brought up here; first run: ${command(owner)}`;
}

/** Why an owner cannot be destroyed yet. */
export function liveTenants(
  owner: OwnerConfig,
  stacks: readonly StackSummary[],
  command: Command,
): string | undefined {
  const live = Object.keys(owner.tenants).filter((tenant) =>
    stacks.some((stack) => shortName(stack) === tenant && isLive(stack)),
  );
  if (live.length === 0) return undefined;
  const commands = live.map(command).join(" && ");
  return `${owner.name} carries ${live.join(", ")}, nothing was changed; first run: ${commands}`;
}

function shortName(stack: StackSummary): string {
  return stack.name.split("/").at(-1) ?? stack.name;
}

/** An empty stack counts no resources, whatever was in it before. */
function isLive(stack: StackSummary): boolean {
  return (stack.resourceCount ?? (stack.lastUpdate === undefined ? 0 : 1)) > 0;
}
