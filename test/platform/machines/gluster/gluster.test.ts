/** Shared storage servers as data: what each mode brings, from the plan alone. */
import fc from "fast-check";
import { NFS_TIMES } from "../../../../environment/shared-storage";
import type { EnvironmentPlan } from "../../../../environment/plan/types";
import { bindValues, requiredReferences } from "../../../../values";
import { bricks, poolOf, type Pool } from "../../../../platform/machines/gluster/pool";
import { heketiConfig, topology } from "../../../../platform/machines/gluster/heketi";
import { machines, type MachineConfig } from "../../../../platform/machines";
import {
  changed,
  configOf,
  ownerBase,
  planOf,
  WITH_HEKETI,
  type Changes,
} from "../../../environment/configs";

function planned(changes: Changes = {}): EnvironmentPlan {
  return planOf(configOf("lab", changed(ownerBase(), changes)));
}
function pool(plan: EnvironmentPlan): Pool {
  const found = poolOf(plan);
  if (found === undefined) throw new Error("the plan has no pool");
  return found;
}
function machine(plan: EnvironmentPlan, key: string): MachineConfig {
  const found = machines(plan).get(key);
  if (found === undefined) throw new Error(`no ${key}`);
  return found;
}
const paths = ({ files }: MachineConfig): readonly string[] => files.map(({ path }) => path);
const file = ({ files }: MachineConfig, path: string): string =>
  files.find((each) => each.path === path)?.content ?? `no ${path}`;

test("a storage server of each mode has these files, units and checks", () => {
  const ours = ({ files, units, checks }: MachineConfig) => ({
    files: files.filter(({ path }) => /gluster|ganesha|heketi/.test(path)),
    units: units.filter(({ name }) => /gluster|ganesha|heketi|rpcbind/.test(name)),
    checks: checks.filter(({ name }) => /gluster|heketi/.test(name)),
  });
  const withoutScripts = (config: MachineConfig) => {
    const { files, ...rest } = ours(config);
    return { ...rest, files: files.map((each) => (/\.(sh|py)$/.test(each.path) ? each.path : each)) };
  };
  expect(withoutScripts(machine(planned(), "gluster/0"))).toMatchSnapshot("nfs");
  expect(withoutScripts(machine(planned(WITH_HEKETI), "gluster/0"))).toMatchSnapshot(
    "heketi-intree, first server",
  );
  expect(withoutScripts(machine(planned(WITH_HEKETI), "gluster/1"))).toMatchSnapshot(
    "heketi-intree, another",
  );
});

test("without Gluster in storage its servers have nothing of it", () => {
  const plan = planned({ "storage.shared": { kind: "none" } });
  expect(paths(machine(plan, "gluster/0")).filter((path) => path.includes("gluster"))).toEqual([]);
});

test("one brick of each server, by address, in sets of three", () => {
  const plan = planned();
  expect(bricks(pool(plan), plan)).toEqual([
    "10.0.0.34:/srv/gluster/brick/data",
    "10.0.0.35:/srv/gluster/brick/data",
    "10.0.0.36:/srv/gluster/brick/data",
  ]);
});

test("growing adds sets at the end and moves no brick", () => {
  fc.assert(
    fc.property(fc.integer({ min: 3, max: 11 }), (count) => {
      const [small, large] = [count, count + 1].map((min) => planned({ "servers.gluster.min": min }));
      if (small === undefined || large === undefined) throw new Error("two plans");
      const [before, after] = [bricks(pool(small), small), bricks(pool(large), large)];
      expect(after.slice(0, before.length)).toEqual(before);
      expect(before).toHaveLength(Math.floor(count / 3) * 3);
      expect(new Set(after).size).toBe(after.length);
    }),
    { numRuns: 9 },
  );
});

test("quotas are reported in bytes, by folder", () => {
  const plan = planned({ "storage.shared.quotas": { datalab: "10Gi", testlab: "1Ti" } });
  expect(file(machine(plan, "gluster/0"), "/etc/labstead/gluster/pool.env")).toContain(
    'QUOTAS="/datalab=10737418240 /testlab=1099511627776"',
  );
});

test("clients have time to take their locks again after a lease has ended", () => {
  expect(NFS_TIMES.grace).toBeGreaterThanOrEqual(NFS_TIMES.lease);
});

test("Heketi's port is a text and its time-out a number, as it takes them", () => {
  const config = JSON.parse(String(bindValues(heketiConfig().toString(), () => "key"))) as Record<
    string,
    unknown
  >;
  expect(config).toMatchObject({
    port: "8080",
    use_auth: true,
    glusterfs: { executor: "ssh", sshexec: { port: "22", sudo: true, gluster_cli_timeout: 900 } },
  });
});

test("Heketi's database is on a volume, without which neither it nor glusterd starts", () => {
  const plan = planned(WITH_HEKETI);
  const config = machine(plan, "gluster/0");
  const { glusterfs } = JSON.parse(String(bindValues(heketiConfig().toString(), () => "key"))) as {
    readonly glusterfs: { readonly db: string };
  };
  const mounts = plan.volumes.flatMap(({ server, use }) =>
    server === "gluster/0" && use.kind === "filesystem" ? [use.mountPoint] : [],
  );
  expect(mounts.filter((mount) => glusterfs.db.startsWith(`${mount}/`))).toEqual(["/var/lib/heketi"]);
  const requires = (name: string): string => {
    const unit = config.units.find((each) => each.name === name);
    const text = [unit?.content ?? "", ...Object.values(unit?.dropIns ?? {})].join("\n");
    return [...text.matchAll(/^Requires=(.*)$/gm)].map(([, names]) => names).join(" ");
  };
  expect(requires("heketi.service")).toContain("glusterd.service");
  expect(requires("glusterd.service")).toContain("labstead-gluster-storage.service");
  expect(requires("labstead-gluster-storage.service").split(" ")).toContain("labstead-volume@heketi.service");
});

test("nodes mount Gluster themselves only where Heketi makes the volumes", () => {
  const client = (plan: EnvironmentPlan): boolean =>
    machine(plan, "workers.general/0").packages.some(({ name }) => name === "glusterfs-client");
  expect([client(planned(WITH_HEKETI)), client(planned())]).toEqual([true, false]);
});

test("the kubelet mounts NFS by the nodes' own client where a server inside the cluster makes the volumes", () => {
  const inside = planned({ "storage.shared": { kind: "nfs-provisioner" }, "servers.gluster": undefined });
  for (const key of ["workers.general/0", "controlPlane/0"]) {
    const { packages, units } = machine(inside, key);
    expect(packages.map(({ name }) => name)).toContain("nfs-common");
    // Its helpers would listen on every address, for versions that nobody mounts.
    for (const name of ["rpcbind.socket", "rpcbind.service"])
      expect(units).toContainEqual({ name, state: "masked", needs: [] });
  }
  expect(machine(planned(), "workers.general/0").packages.map(({ name }) => name)).not.toContain(
    "nfs-common",
  );
});

test("the kubelet mounts NFS by the nodes' own client where a hub has a drive", () => {
  const homes = { kind: "drive" };
  const hubs = { physics: { signIn: { kind: "native" }, admins: ["ada"], homes } };
  const { packages } = machine(planned({ apps: { hub: { hubs } } }), "workers.general/0");
  expect(packages.map(({ name }) => name)).toContain("nfs-common");
});

test("any of the servers may hold the address that clients mount, while its NFS server answers", () => {
  const plan = planned();
  const keepalived = (key: string) => file(machine(plan, key), "/etc/keepalived/keepalived.conf");
  for (const key of ["gluster/0", "gluster/1", "gluster/2"]) {
    expect(keepalived(key)).toContain("10.0.0.6/32 dev $LAN");
    expect(keepalived(key)).toContain('script "/usr/local/lib/labstead/gluster/nfs-answers.sh"');
    const server = plan.servers.find((each) => each.key === key);
    expect(server?.allowedAddressPairs).toContain("10.0.0.6");
  }
  expect(
    new Set(["gluster/0", "gluster/1", "gluster/2"].map((key) => /priority (\d+)/.exec(keepalived(key))?.[1]))
      .size,
  ).toBe(3);
  expect(paths(machine(planned(WITH_HEKETI), "gluster/0"))).not.toContain("/etc/keepalived/keepalived.conf");
});

test("Heketi's topology has an address, a zone and a lasting device for each server", () => {
  const plan = planned(WITH_HEKETI);
  const [cluster] = topology(pool(plan), plan).clusters;
  expect(cluster?.nodes.map(({ node, devices }) => [node.hostnames.storage, node.zone, devices])).toEqual(
    [34, 35, 36].map((host, index) => [
      [`10.0.0.${String(host)}`],
      index + 1,
      [{ name: "/dev/labstead/brick", destroydata: false }],
    ]),
  );
});

test("Heketi and its secrets are on the first server only, and in no user data", () => {
  const plan = planned(WITH_HEKETI);
  const secrets = (key: string) =>
    machine(plan, key).files.flatMap(({ content, delivery }) =>
      requiredReferences(content)
        .filter(({ kind, name }) => kind === "secret" && name.startsWith("heketi"))
        .map(({ name }) => `${delivery.kind} ${name}`),
    );
  expect(secrets("gluster/0").toSorted()).toEqual([
    "sealed heketi.admin-key",
    "sealed heketi.ssh.key",
    "sealed heketi.ssh.public",
    "sealed heketi.user-key",
  ]);
  expect(secrets("gluster/1")).toEqual(["sealed heketi.ssh.public"]);
  expect(plan.secrets.filter(({ name }) => name.startsWith("heketi"))).toHaveLength(3);
});
