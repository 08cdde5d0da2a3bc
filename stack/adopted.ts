/** An adopted lab whose servers and cluster are still set up by others: its OpenStack resources alone. */
import * as pulumi from "@pulumi/pulumi";
import { ValueBindings } from "../deploy/bindings";
import { describedPlan } from "../infra/adopted";
import { register } from "../infra/register";
import type { Lab } from "../lab";
import { stackOutputs, type StackOutputs } from "./outputs";
import type { Placed } from "./parent";

/** Registers neither gates nor files of servers, nor anything in the cluster. */
export function registerInfrastructure({ plan, infra }: Lab, placed: Placed): StackOutputs {
  const { wireguard: _, ...described } = { ...plan, ...describedPlan(plan, infra) };
  const registered = register(described, infra, placed.parent === undefined ? {} : { parent: placed.parent });
  const kubeconfig = new pulumi.Config("labstead").getSecret("kubeconfig") ?? pulumi.secret("");
  return stackOutputs(described, registered, {
    access: { kubeconfig, tenantKubeconfigs: {}, personKubeconfigs: {} },
    bindings: ValueBindings.from(new Map()),
    tenantWays: {},
  });
}
