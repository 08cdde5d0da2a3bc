/** What a server of each role has: files of both kinds, units, mounts and checks. */
import { stringify } from "yaml";
import type { ServerPlan } from "../../../environment/plan/types";
import { machines } from "../../../platform/machines";
import { examplePlans } from "../../infra/plans";

type Role = ServerPlan["role"];

/** Kubernetes' nodes and storage servers have pages of their own in the folders beside this file. */
const HERE: Readonly<Record<Role, boolean>> = {
  applicationServers: true,
  bastion: true,
  controlPlane: false,
  desktops: true,
  gateway: true,
  gluster: false,
  loadBalancer: true,
  nfs: true,
  workers: false,
};

/** The first server of a role among all environments that the repository brings. */
function example(role: Role): unknown {
  for (const plan of examplePlans().values()) {
    const server = plan.servers.find((each) => each.role === role);
    if (server !== undefined) return machines(plan).get(server.key);
  }
  throw new Error(`no environment has a server of role ${role}`);
}

test.each(Object.entries(HERE).filter(([, here]) => here))("a server of role %s", (role) => {
  expect(stringify(example(role as Role), { lineWidth: 0 })).toMatchSnapshot();
});
