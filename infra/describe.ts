/** The infrastructure of an environment as data, used by plan output, quota, diagram and registration. */
import type { Adopted } from "../environment/adopted";
import type { InfraPlan } from "../environment/plan/infra-plan";
import { describeAddresses } from "./addresses";
import { withAdopted } from "./adopted";
import { contextOf } from "./context";
import { describeIdentity } from "./identity";
import { describeLoadBalancers } from "./load-balancers";
import { describeNetwork } from "./network";
import { applyOverride, type Overrides } from "./override";
import { checkDescription } from "./references";
import { describeSecurityGroups } from "./security-groups";
import { describeServers, type UserData } from "./servers";
import { describeStorage } from "./volumes";
import type { InfraResource } from "./types";

/** Options of `describe` beside the plan. */
export interface DescribeOptions {
  /** Boot files by server, as text; they are compressed when they are registered. @default none */
  readonly userData?: UserData;
  /** @default none */
  readonly overrides?: Overrides;
  /** What a lab had before it became an environment. @default nothing */
  readonly adopted?: Adopted;
}

/**
 * Every OpenStack resource of the plan; none for an environment without servers.
 * @throws Error listing every reference to something that is not described, and every duplicate key.
 */
export function describe(plan: InfraPlan, options: DescribeOptions = {}): readonly InfraResource[] {
  if (plan.network.kind === "none") return [];
  const { userData = () => undefined, overrides = {}, adopted } = options;
  const context = contextOf(plan);
  const planned = [
    ...describeNetwork(context),
    ...describeSecurityGroups(context),
    ...describeIdentity(context),
    ...describeServers(context, userData),
    ...describeStorage(context),
    ...describeAddresses(context),
    ...describeLoadBalancers(context),
  ].map((each) => applyOverride(each, overrides));
  const resources = adopted === undefined ? planned : withAdopted(planned, adopted);
  checkDescription(resources);
  return resources;
}
