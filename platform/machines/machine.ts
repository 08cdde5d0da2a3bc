/** The machine config of each server of a plan: the parts of its role, joined. */
import { assertNever } from "../../errors/assert-never";
import type { EnvironmentPlan, ServerPlan } from "../../environment/plan/types";
import { bastionPart } from "./access/bastion";
import { peoplePart } from "./access/people";
import { wireGuardPart } from "./access/wireguard";
import { baseParts } from "./base";
import { machineConfig, type MachineConfig, type MachinePart } from "./config";
import { balancerParts } from "./gateway";
import { glusterClientParts, glusterParts } from "./gluster";
import { hostMountParts } from "./host-mounts";
import { kubernetesNode } from "./kubernetes";
import { logShippingPart } from "./logs";
import { monitoringPart } from "./monitoring";
import { nfsClientParts, nfsPart } from "./nfs";
import { softwarePart } from "./software";

/** The machine configs of all servers, by server key. */
export function machines(plan: EnvironmentPlan): ReadonlyMap<string, MachineConfig> {
  return new Map(plan.servers.map((server) => [server.key, machine(server, plan)]));
}

/** A first boot installs packages before everything else, so their part is the first. */
function machine(server: ServerPlan, plan: EnvironmentPlan): MachineConfig {
  const parts = [...baseParts(server, plan), peoplePart(server, plan), ...roleParts(server, plan)];
  const { packages } = machineConfig(server.key, parts);
  return machineConfig(server.key, [softwarePart(server, plan, packages), ...parts]);
}

function roleParts(server: ServerPlan, plan: EnvironmentPlan): readonly MachinePart[] {
  // Cluster nodes get both from the cluster.
  const aside = [monitoringPart(), logShippingPart(plan.logs)];
  switch (server.role) {
    case "gateway":
      return [...balancerParts(server, plan), wireGuardPart(server, plan), ...aside];
    case "loadBalancer":
      return [...balancerParts(server, plan), ...aside];
    case "nfs":
      return [nfsPart(server, plan), ...aside];
    case "controlPlane":
    case "workers":
      return [
        kubernetesNode(server, plan),
        ...glusterClientParts(plan),
        ...nfsClientParts(server, plan),
        ...hostMountParts(server),
      ];
    case "bastion":
      return [bastionPart(plan), ...aside];
    case "gluster":
      return [...glusterParts(server, plan), ...aside];
    case "applicationServers":
    case "desktops":
      return aside;
    default:
      return assertNever(server.role);
  }
}
