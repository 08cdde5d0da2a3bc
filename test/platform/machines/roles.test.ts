/** What a server of each role has: files of both kinds, units, mounts and checks. */
import { isDeepStrictEqual } from "node:util";
import { stringify } from "yaml";
import type { ServerPlan } from "../../../environment/plan/types";
import { machines } from "../../../platform/machines";
import type { MachineConfig } from "../../../platform/machines/config";
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

const ROLES = (Object.keys(HERE) as Role[]).filter((role) => HERE[role]);

/** The first server of a role among all environments that the repository brings. */
function example(role: Role): MachineConfig {
  for (const plan of examplePlans().values()) {
    const server = plan.servers.find((each) => each.role === role);
    const config = server && machines(plan).get(server.key);
    if (config !== undefined) return config;
  }
  throw new Error(`no environment has a server of role ${role}`);
}

const EXAMPLES = ROLES.map((role) => ({ role, config: example(role) }));

/** A file that an earlier role has, too, is shown once. */
function filesOf(role: Role): readonly object[] {
  const place = EXAMPLES.findIndex((each) => each.role === role);
  return (EXAMPLES[place]?.config.files ?? []).map((file) => {
    const isSame = ({ config }: (typeof EXAMPLES)[number]): boolean =>
      config.files.some((other) => isDeepStrictEqual(other, file));
    const first = EXAMPLES.slice(0, place).find(isSame);
    return first === undefined ? file : { path: file.path, as: first.role };
  });
}

test.each(EXAMPLES)("a server of role $role", ({ role, config }) => {
  const page = { ...config, files: filesOf(role) };
  expect(stringify(page, { lineWidth: 0, aliasDuplicateObjects: false })).toMatchSnapshot();
});
