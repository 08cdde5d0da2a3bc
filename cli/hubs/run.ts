/** `labstead hubs`: what a hub does for a person who leaves or has another name, by its own API inside of its pod. */
import { hub as hubPart } from "../../apps/hub/part";
import { PEOPLE_SCRIPT } from "../../apps/hub/people/script";
import type { HubPlan } from "../../apps/hub/plan";
import { UserError } from "../shared/failure";
import { partPlan } from "../shared/part-plan";
import { exportHome, type Home } from "./export";
import { kubectl } from "./kubectl";

export interface HubsOptions {
  readonly kubeconfig?: string;
}
export interface LeaveOptions extends HubsOptions {
  readonly home: string;
  /** Whether a copy of the home is stored first. @default false */
  readonly export?: boolean;
}

/** A person of a hub, as the command line names them. */
export interface Whom {
  readonly stack: string;
  readonly hub: string;
  readonly person: string;
}

type Left =
  | { readonly known: false }
  | ({ readonly known: true; readonly stopped: number; readonly tokens: number } & Home);

/**
 * What was done, for people. A second run finds nothing more to do.
 * @throws UserError with what the hub or the cluster said; before the person is deleted, all of it can be run again
 */
export async function leave(
  whom: Whom,
  { home, export: exported = false, kubeconfig }: LeaveOptions,
): Promise<string> {
  const plan = planOf(whom);
  if (home !== "keep" && home !== "delete")
    throw new UserError(`--home ${home} is no choice; write keep or delete`);
  if (home === "delete" && plan.homes.kind !== "claim")
    throw new UserError(
      `homes of ${plan.name} are folders of one volume, which this command does not open; write --home keep, and delete the folder ${whom.person} there`,
    );
  const left = (await inHub(plan, ["leave", whom.person], kubeconfig)) as Left;
  if (!left.known) return `${plan.name} knows nobody called ${whom.person}; nothing to do`;
  const stored = exported ? await exportHome(plan, left, kubeconfig === undefined ? {} : { kubeconfig }) : [];
  if (home === "delete") await deleteClaims(plan, left.claims, kubeconfig);
  await inHub(plan, ["forget", whom.person], kubeconfig);
  return [
    `${whom.person} has left ${plan.name}: ${String(left.stopped)} servers stopped, the person deleted with ${String(left.tokens)} tokens and all sessions`,
    ...stored,
    homeText(plan, left, home),
    ...stillLetIn(plan, whom.person),
  ].join("\n");
}

/**
 * What was done, for people.
 * @throws UserError where the home would not follow, and with what the hub or the cluster said
 */
export async function rename(whom: Whom, to: string, { kubeconfig }: HubsOptions): Promise<string> {
  const plan = planOf(whom);
  if (plan.homes.kind !== "claim")
    throw new UserError(
      `homes of ${plan.name} are folders by name, so ${to} would find an empty one; rename the folder in the volume first, and make another hub's claim of it or leave the name`,
    );
  if (plan.signIn.kind === "native")
    throw new UserError(
      `${plan.name} keeps passwords by name, so whoever signed up as ${to} first would have the home; let the person leave with --home keep, or change signIn`,
    );
  const { renamed } = (await inHub(plan, ["rename", whom.person, to], kubeconfig)) as {
    readonly renamed: boolean;
  };
  if (!renamed) return `${whom.person} is already called ${to}; nothing to do`;
  return [
    `${whom.person} is called ${to} in ${plan.name}; volumes keep their names, and are found at the next start`,
    `write ${to} wherever ${whom.person} is listed: by the platform or provider, and under apps.hub.hubs.${plan.name}`,
  ].join("\n");
}

/** @throws UserError for a stack or a hub that is not there */
function planOf({ stack, hub }: Whom): HubPlan {
  const plans = (partPlan(stack, hubPart) ?? []) as readonly HubPlan[];
  const found = plans.find(({ name }) => name === hub);
  if (found !== undefined) return found;
  const names = plans.map(({ name }) => name).join(", ");
  throw new UserError(`${stack} has no hub ${hub}; it has: ${names === "" ? "none" : names}`);
}

async function inHub(plan: HubPlan, action: readonly string[], kubeconfig?: string): Promise<unknown> {
  const inside = ["exec", "--stdin", "deployment/hub", "--container=hub", "--", "python3", "-"];
  const answer = await kubectl(plan.namespace, [...inside, plan.path, ...action], {
    input: PEOPLE_SCRIPT,
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
  });
  return JSON.parse(answer) as unknown;
}

async function deleteClaims(plan: HubPlan, claims: readonly string[], kubeconfig?: string): Promise<void> {
  if (claims.length === 0) return;
  const names = claims.map((claim) => `persistentvolumeclaim/${claim}`);
  await kubectl(plan.namespace, ["delete", "--ignore-not-found", "--wait=false", ...names], {
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
  });
}

function homeText({ namespace, homes }: HubPlan, { folder, claims }: Home, home: "keep" | "delete"): string {
  if (homes.kind !== "claim") return `the folder of the home, ${folder}, stays where it is`;
  if (claims.length === 0) return "no server has ever had a home";
  const names = claims.map((claim) => `${namespace}/${claim}`).join(", ");
  return home === "delete"
    ? `deleted the home: ${names}`
    : `the home stays: ${names}; somebody else who gets this name later would find it`;
}

/** A person whom the configuration or a provider still lets in comes back as a new one. */
function stillLetIn({ name, admins, signIn }: HubPlan, person: string): readonly string[] {
  const at = `apps.hub.hubs.${name}`;
  const listed = "letIn" in signIn && signIn.letIn.kind === "listed" && signIn.letIn.users.includes(person);
  return [
    ...(admins.includes(person) ? [`take ${person} off ${at}.admins`] : []),
    ...(listed ? [`take ${person} off ${at}.signIn.letIn.users`] : []),
    ...("letIn" in signIn && !listed
      ? [`whom the platform or provider signs in comes in again: take ${person} off there`]
      : []),
  ];
}
