/** Machine parts of every server. */
import type { EnvironmentPlan, ServerPlan } from "../../../environment/plan/types";
import type { MachinePart } from "../config";
import { accountsPart } from "./accounts";
import { firewallPart } from "./firewall";
import { sshIdentityPart } from "./ssh-identity";
import { sshPart } from "./ssh";
import { logsPart, timePart, updatesPart } from "./system";
import { volumesPart } from "./volumes";

export function baseParts(server: ServerPlan, plan: EnvironmentPlan): readonly MachinePart[] {
  return [
    accountsPart(server),
    firewallPart(server, plan),
    sshIdentityPart(server),
    sshPart(server),
    timePart(),
    updatesPart(),
    logsPart(),
    volumesPart(server, plan),
  ];
}
