/** Machine configs of the servers, and their user data. */
import type { EnvironmentPlan } from "../../environment/plan/types";
import type { MachineConfig } from "./config";
import { userData } from "./user-data";

export { machines } from "./machine";
export type { MachineConfig } from "./config";

/** User data of all servers, by server key; named values appear in it as markers. */
export function userDataOf(
  plan: EnvironmentPlan,
  configs: ReadonlyMap<string, MachineConfig>,
): ReadonlyMap<string, string> {
  const { software, domain } = plan;
  return new Map(
    plan.servers.flatMap((server) => {
      const machine = configs.get(server.key);
      return machine === undefined
        ? []
        : [[server.key, userData(machine, { server, domain, software })] as const];
    }),
  );
}
