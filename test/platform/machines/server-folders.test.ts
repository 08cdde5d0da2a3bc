/** What servers get, against the tables of their folders and ports: nothing is in a server that the tables do not know. */
import fc from "fast-check";
import { JUMP, OPERATOR } from "../../../environment/accounts";
import { LISTENING_PACKAGES, listeningPackages, SILENT_PACKAGES } from "../../../environment/plan/listeners";
import { isNodeRole } from "../../../environment/plan/rolling";
import type { EnvironmentPlan, ServerPlan } from "../../../environment/plan/types";
import { mountPoint } from "../../../environment/schema/primitives";
import { isWithin, serverFolders } from "../../../environment/server-folders";
import { machines, type MachineConfig } from "../../../platform/machines";
import { checkEnvironment } from "../../environments";
import { changed, configOf, ownerBase } from "../../environment/configs";
import { examplePlans, smallPlan } from "../../infra/plans";

const servers: readonly (readonly [ServerPlan, MachineConfig, EnvironmentPlan])[] = [
  ...examplePlans().values(),
].flatMap((plan) =>
  [...machines(plan)].map(([key, machine]) => {
    const server = plan.servers.find((each) => each.key === key);
    if (server === undefined) throw new Error(`${key} is no server`);
    return [server, machine, plan] as const;
  }),
);

function parents(path: string): readonly string[] {
  const parts = path.split("/").slice(1);
  return parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`);
}

test("every folder with a file of the program is known, so that no volume hides it", () => {
  const unknown = servers.flatMap(([server, machine]) => {
    const folders = serverFolders(server.role, []).map(({ folder }) => folder);
    return machine.files
      .map(({ path }) => path)
      .filter((path) => !folders.some((each) => isWithin(path, each)));
  });
  expect([...new Set(unknown)]).toEqual([]);
});

test("every account has a home that is known", () => {
  const homes = servers.flatMap(([server, machine]) =>
    machine.users.map(({ name }) => ({ role: server.role, name, user: server.user?.name })),
  );
  const unknown = homes.filter(({ role, name, user }) => {
    const accounts = user === undefined ? [] : [user];
    return !serverFolders(role, accounts).some(({ folder }) => isWithin(`/home/${name}`, folder));
  });
  // The account for forwarded connections has no files.
  expect([...new Set(unknown.map(({ name }) => name))]).toEqual([JUMP]);
  expect(homes.map(({ name }) => name)).toContain(OPERATOR);
});

const ROLES: Readonly<Record<string, ServerPlan["role"]>> = {
  "servers.bastion": "bastion",
  "servers.gateway": "gateway",
  "servers.loadBalancer": "loadBalancer",
  "servers.controlPlane": "controlPlane",
  "servers.workers.general": "workers",
  "servers.gluster": "gluster",
  "servers.nfs": "nfs",
  "servers.applicationServers.logs": "applicationServers",
  "servers.desktops": "desktops",
};
const files = servers.map(([server, machine]) => ({
  role: server.role,
  paths: machine.files.map(({ path }) => path),
}));

test("a volume at or above a file of the program is refused for every role; a folder of its own is not", () => {
  const place = fc.constantFrom(...Object.keys(ROLES));
  fc.assert(
    fc.property(place, fc.nat(), fc.nat(), (path, which, depth) => {
      const paths = files.filter(({ role }) => role === ROLES[path]).flatMap((each) => each.paths);
      const above = parents(paths[which % paths.length] ?? "").filter(
        (each) => mountPoint.safeParse(each).success,
      );
      const hidden = above[depth % above.length] ?? "";
      expect(misplaced(path, hidden)).toEqual([`${path}.volumes.more.use.mountPoint`]);
      expect(misplaced(path, `/srv/own${hidden}`)).toEqual([]);
    }),
  );
});

function misplaced(path: string, at: string): readonly string[] {
  const volume = { size: "1Gi", use: { kind: "filesystem", mountPoint: at } };
  const config = configOf("lab", changed(ownerBase(), { [`${path}.volumes.more`]: volume }));
  return checkEnvironment(config)
    .filter(({ id }) => id === "volume.mount-point")
    .map((each) => each.path);
}

test("the folders that services wait for may be volumes", () => {
  expect(misplaced("servers.controlPlane", "/var/lib/etcd")).toEqual([]);
  expect(misplaced("servers.controlPlane", "/data")).toEqual([]);
  expect(misplaced("servers.gluster", "/var/lib/heketi")).toEqual([]);
  expect(misplaced("servers.workers.general", "/data/users")).toEqual([]);
});

test("a volume below another one's mount point is mounted after it", () => {
  const mounted = (at: string) => ({ size: "1Gi", use: { kind: "filesystem", mountPoint: at } });
  const plan = smallPlan({
    volumes: {
      a: mounted("/data/users/ada"),
      b: mounted("/data"),
      c: mounted("/data/users"),
      d: mounted("/database"),
    },
  });
  const units = machines(plan).get("workers.general/0")?.units ?? [];
  const waits = (name: string) =>
    units.find((unit) => unit.name === `labstead-volume@${name}.service`)?.dropIns?.["10-labstead"];
  expect(waits("a")).toBe(after("b", "c"));
  expect(waits("c")).toBe(after("b"));
  expect([waits("b"), waits("d")]).toEqual([undefined, undefined]);
});

function after(...names: readonly string[]): string {
  const units = names.map((name) => `labstead-volume@${name}.service`).join(" ");
  return `[Unit]\nRequires=${units}\nAfter=${units}\n`;
}

describe("ports that programs listen on", () => {
  const others = servers.filter(([{ role }]) => !isNodeRole(role) && role !== "gluster" && role !== "nfs");

  test("every package of a server that may carry HAProxy is known, with its ports or without", () => {
    const known = [...Object.keys(LISTENING_PACKAGES), ...SILENT_PACKAGES];
    const unknown = others.flatMap(([, { packages }]) =>
      packages.map(({ name }) => name).filter((name) => !known.includes(name)),
    );
    expect([...new Set(unknown)]).toEqual([]);
  });

  test("the packages that listen are those that each server gets", () => {
    for (const [server, machine, plan] of others) {
      const balancer = plan.loadBalancers.some(
        ({ kind, servers: carriers }) => kind === "haproxy" && carriers.includes(server.key),
      );
      const listening = machine.packages.map(({ name }) => name).filter((name) => name in LISTENING_PACKAGES);
      expect({ key: server.key, packages: [...listening].sort() }).toEqual({
        key: server.key,
        packages: [...listeningPackages(server.role, balancer)].sort(),
      });
    }
  });
});
