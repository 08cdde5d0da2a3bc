/** Servers with data that no other server has, so that the guard does not let them be removed silently. */
import { keys } from "../infra/keys";
import type { GuardedHolder } from "../provider/sdk";

const NEW_ONES_FIRST =
  "to exchange them: add the new ones in one up, and take the old ones out in the next, when the new ones serve";

const STEPS = "see docs/day-two.md, Fewer storage servers";

/** The same for every environment: a pool that is removed from the configuration is detected too. */
export const HOLDERS: readonly GuardedHolder[] = [
  {
    ...pool("gluster"),
    keeps: "all",
    effect: "with bricks of the volume, and with what is stored on them",
    instead: `take their bricks out of the volume and them out of the pool first: ${STEPS}`,
  },
  {
    ...pool("nfs"),
    keeps: "all",
    effect: "with what is exported there",
    instead: `move what is stored there first: ${STEPS}`,
  },
  {
    ...pool("gateway"),
    keeps: "one",
    effect: "and none of those that run stays: the tunnel and the API's VIP go with it",
    instead: NEW_ONES_FIRST,
  },
  {
    ...pool("loadBalancer"),
    keeps: "one",
    effect: "and none of those that run stays: the edge goes with it",
    instead: NEW_ONES_FIRST,
  },
  {
    ...pool("bastion"),
    keeps: "one",
    effect: "and none of those that run stays: people's SSH, and the pushes of this program, go through it",
    instead: NEW_ONES_FIRST,
  },
];

/** @param role a pool's servers have its name in their keys */
function pool(role: string): Pick<GuardedHolder, "of" | "at"> {
  return { of: keys.server(`${role}/`), at: `servers.${role}` };
}
