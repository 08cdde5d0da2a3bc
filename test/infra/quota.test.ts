import { describe as describeInfra } from "../../infra/describe";
import { quotaReport, type QuotaReport } from "../../infra/quota";
import type { EnvironmentPlan } from "../../environment/plan/types";
import { examplePlans, planWith } from "./plans";

const reportOf = (plan: EnvironmentPlan): QuotaReport => quotaReport(plan, describeInfra(plan));
const needed = (plan: EnvironmentPlan) =>
  Object.fromEntries(reportOf(plan).rows.map((row) => [row.name, row.needed]));

const FLAVORS = {
  tiny: { vcpus: 1, ramMiB: 512 },
  small: { vcpus: 2, ramMiB: 1024 },
  medium: { vcpus: 4, ramMiB: 4096 },
  large: { vcpus: 8, ramMiB: 32768 },
};

describe("the quota report", () => {
  it("counts everything the description takes, with what Neutron takes beside it", () => {
    // Servers: bastion, 2 gateways, load balancer, control plane, 2 workers; VIPs: api and edge.
    expect(needed(planWith({ flavors: FLAVORS }))).toEqual({
      instances: 7,
      cores: 1 + 3 * 2 + 4 + 2 * 8,
      ramMiB: 512 + 3 * 1024 + 4096 + 2 * 32768,
      volumes: 4,
      volumeGiB: 2 * (100 + 8),
      ports: 7 + 2 + 2,
      floatingIps: 3,
      networks: 1,
      routers: 1,
      securityGroups: 7 + 1,
      securityGroupRules: 25,
      serverGroups: 2,
      serverGroupMembers: 2,
      loadBalancers: 0,
    });
  });

  it("counts boot volumes, and the ports of Octavia's VIPs instead of our own", () => {
    const plans = examplePlans();
    const managed = plans.get("managed-kubernetes")!;
    const boot = managed.servers.map(({ bootVolume }) => bootVolume?.sizeGiB ?? 0);
    expect(needed(managed)).toMatchObject({
      volumes: managed.volumes.length + boot.filter((size) => size > 0).length,
      volumeGiB: [...managed.volumes.map(({ sizeGiB }) => sizeGiB), ...boot].reduce((a, b) => a + b, 0),
    });
    const hubs = plans.get("jupyterhub")!;
    expect(needed(hubs)).toMatchObject({ loadBalancers: 2, ports: hubs.servers.length + 2 + 2 });
  });

  it("passes at the limit and fails above it", () => {
    expect(reportOf(planWith({ quota: { instances: 7, ports: -1 } })).findings).toEqual([]);
    const report = reportOf(planWith({ quota: { instances: 6, ports: -1 } }));
    expect(report.rows.find((row) => row.name === "instances")).toEqual({
      name: "instances",
      needed: 7,
      limit: 6,
      ok: false,
    });
    expect(report.rows.find((row) => row.name === "ports")).toEqual({ name: "ports", needed: 11, ok: true });
    expect(report.findings).toEqual([
      {
        id: "quota.exceeded",
        severity: "error",
        path: "quota.instances",
        explanation: "the environment needs 7, the project's limit is 6",
        fix: "request a larger quota and raise the number here, or make the environment smaller",
      },
    ]);
  });

  it("warns of a server group above the usual limit, where the project's is not written down", () => {
    const many = { workers: { general: { flavor: "large", min: 11 } } };
    const servers = (more: object) => ({
      controlPlane: { flavor: "medium", min: 1, antiAffinity: "none" },
      bastion: { flavor: "tiny", floatingIp: true },
      gateway: { flavor: "small", min: 2 },
      loadBalancer: { flavor: "small" },
      ...more,
    });
    const [warning, ...rest] = reportOf(planWith({ servers: servers(many) })).findings;
    expect(warning).toMatchObject({
      id: "quota.group-members",
      severity: "warning",
      path: "servers.workers.general.antiAffinity",
      explanation: "puts 11 servers into one server group, and clouds usually allow 10",
    });
    expect(rest).toEqual([]);
    const ten = { workers: { general: { flavor: "large", min: 11, removed: [3] } } };
    expect(reportOf(planWith({ servers: servers(ten) })).findings).toEqual([]);
    const spread = { workers: { general: { flavor: "large", min: 11, antiAffinity: "none" } } };
    expect(reportOf(planWith({ servers: servers(spread) })).findings).toEqual([]);
    const limits = { quota: { serverGroupMembers: 20 }, servers: servers(many) };
    expect(reportOf(planWith(limits)).findings).toEqual([]);
  });

  it("says that cores and memory are more than those of the known flavors", () => {
    const { large: _, ...known } = FLAVORS;
    const partial = reportOf(planWith({ flavors: known })).rows.filter((row) => row.partial);
    expect(partial.map(({ name, needed: amount }) => [name, amount])).toEqual([
      ["cores", 1 + 3 * 2 + 4],
      ["ramMiB", 512 + 3 * 1024 + 4096],
    ]);
    expect(reportOf(planWith({ flavors: FLAVORS })).rows.filter((row) => row.partial)).toEqual([]);
  });

  it("says which flavors it could not count, where cores or memory are limited", () => {
    const { large: _, ...known } = FLAVORS;
    expect(reportOf(planWith({ flavors: known })).findings).toEqual([]);
    expect(reportOf(planWith({ flavors: known, quota: { cores: 50 } })).findings).toEqual([
      expect.objectContaining({ id: "quota.unknown-flavor", severity: "info", path: "flavors.large" }),
    ]);
  });
});
