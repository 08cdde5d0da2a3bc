/** What was changed, deleted or added behind the program's back on a real OpenStack is found; what a cluster makes is not. */
import { driftOf } from "../../../cli/drift/drift";
import { declaredIn } from "../../../cli/drift/declared";
import { LISTED_KINDS } from "../../../openstack-api/drift/listing";
import { loginOf } from "../../../openstack-api/clouds";
import { Session } from "../../../openstack-api/session";
import { exitCodeOf, type DriftReport } from "../../../review/drift/report";
import { smallPlan } from "../../infra/plans";
import { setUp } from "../host/undo";
import { LabEnvironment, OpenStackLab } from "./harness";

const NAME = "drift";
const PLAN = smallPlan({ min: 2 });
const { signal } = new AbortController();

let lab: OpenStackLab;
let environment: LabEnvironment;

setUp(async (undo) => {
  lab = OpenStackLab.running();
  await lab.tenancies({ name: NAME });
  environment = undo.use(await LabEnvironment.open(lab, NAME, PLAN));
  await environment.up();
});

async function drift(choice = { cloud: NAME, cloudsFile: lab.cloudsFile }): Promise<DriftReport> {
  return driftOf({
    stack: NAME,
    state: await environment.state(),
    lab: { plan: PLAN, deploy: { charts: [], objects: [] } },
    others: [],
    session: () => new Session(loginOf(choice), 1_000),
    kubeconfig: undefined,
    signal,
  });
}

/** `undeclared server by-hand`, sorted. */
function texts({ lines }: DriftReport): readonly string[] {
  return lines.map(({ change, kind, name }) => `${change} ${kind} ${name}`).sort();
}

function fields({ lines }: DriftReport): Readonly<Record<string, readonly string[]>> {
  const changed = lines.filter(({ change }) => change === "changed");
  return Object.fromEntries(
    changed.map(({ name, differences }) => [name, differences.map(({ field }) => field)]),
  );
}

const client = (...args: readonly string[]): Promise<string> => lab.client(NAME, ...args);

const { network, cluster } = PLAN;

test("as brought up nothing differs, and every resource was compared", async () => {
  const report = await drift();
  expect(texts(report)).toEqual([]);
  expect(report.unseen).toEqual([]);
  expect(report.compared.OpenStack).toBe(declaredIn(await environment.state()).resources.length);
  expect(exitCodeOf(report)).toBe(0);
});

test("what the cluster makes is known by its marks", async () => {
  const mark = `cinder.csi.openstack.org/cluster=${cluster.name}`;
  await client("volume", "create", "--size", "1", "--property", mark, "pvc-1");
  const service = `kube_service_${cluster.name}_default_web`;
  await client("loadbalancer", "create", "--name", service, "--vip-subnet-id", network.subnetName, "--wait");
  const description = `Floating IP for Kubernetes external service ${service} from cluster ${cluster.name}`;
  await client("floating", "ip", "create", "--description", description, network.externalNetwork);
  const report = await drift();
  expect(texts(report)).toEqual([]);
  expect(report.known).toEqual(
    expect.arrayContaining([{ side: "OpenStack", whose: "the cluster", count: 3 }]),
  );
});

test("one thing of every listed kind that somebody made is found", async () => {
  const [server] = PLAN.servers;
  const group = PLAN.securityGroups[0]?.name ?? "";
  await client("server", "group", "create", "--policy", "anti-affinity", "by-hand");
  await client("keypair", "create", "by-hand");
  await client("volume", "create", "--size", "1", "by-hand");
  await client("network", "create", "by-hand");
  await client("subnet", "create", "--network", network.name, "--subnet-range", "192.168.77.0/24", "by-hand");
  await client("router", "create", "by-hand");
  await client("port", "create", "--network", network.name, "by-hand");
  await client("security", "group", "create", "by-hand");
  await client("security", "group", "rule", "create", "--protocol", "tcp", "--dst-port", "23", group);
  await client("floating", "ip", "create", network.externalNetwork);
  await client(
    ...["loadbalancer", "create", "--name", "by-hand", "--vip-subnet-id", network.subnetName, "--wait"],
  );
  await client(
    ...["server", "create", "--flavor", server?.flavor ?? "", "--image", server?.image ?? ""],
    ...["--network", network.name, "--wait", "by-hand"],
  );
  const report = await drift();
  const found = texts(report);
  expect(found.filter((line) => !line.endsWith(" by-hand")).sort()).toEqual([
    expect.stringMatching(/^undeclared floating IP \d/),
    `undeclared security group rule ingress tcp 23 from 0.0.0.0/0 in ${group}`,
  ]);
  expect(new Set(report.lines.map(({ kind }) => kind)).size).toBe(LISTED_KINDS.length);
  expect(found).toHaveLength(LISTED_KINDS.length);
  expect(exitCodeOf(report)).toBe(2);
  // Each line has the command that removes it.
  for (const { way } of report.lines) {
    const [, command = ""] = / or: openstack (.*)$/.exec(way) ?? [];
    await client(...command.split(" "), ...(command.startsWith("loadbalancer") ? ["--wait"] : []));
  }
  expect(texts(await drift())).toEqual([]);
});

test("what somebody changed is named with its fields, and what somebody deleted is missing", async () => {
  const { resources } = declaredIn(await environment.state());
  const of = (type: string, index = 0) => resources.filter((each) => each.type.endsWith(type))[index]!;
  const [stopped, renamed] = [of(":Instance"), of(":Instance", 1)];
  const [port, volume, address] = [of(":Port"), of(":Volume"), of(":FloatingIp")];
  const [router, net, group] = [of(":Router"), of(":Network"), of(":SecGroup")];
  await client("server", "stop", stopped.id);
  await client("server", "set", "--name", "other", "--property", "generation=9", renamed.id);
  await client("port", "set", "--allowed-address", "ip-address=198.51.100.9", port.id);
  await client("volume", "set", "--name", "other", volume.id);
  await client("floating", "ip", "set", "--description", "other", address.id);
  await client("router", "set", "--disable", router.id);
  await client("network", "set", "--description", "other", net.id);
  await client("security", "group", "set", "--name", "other", group.id);
  const [rule, association, keyPair] = [of(":SecGroupRule"), of(":FloatingIpAssociate"), of(":Keypair")];
  await client("security", "group", "rule", "delete", rule.id);
  await client("floating", "ip", "unset", "--port", association.id);
  await client("keypair", "delete", keyPair.id);
  const report = await drift();
  expect(fields(report)).toEqual({
    [stopped.name]: ["status"],
    [renamed.name]: ["name", "metadata"],
    [port.name]: ["allowedAddressPairs"],
    [volume.name]: ["name"],
    [address.name]: ["description"],
    [router.name]: ["adminStateUp"],
    [net.name]: ["description"],
    [group.name]: ["name"],
  });
  expect(texts(report).filter((line) => line.startsWith("missing"))).toEqual(
    [
      `missing sec group rule ${rule.name}`,
      `missing floating ip associate ${association.name}`,
      `missing keypair ${keyPair.name}`,
    ].sort(),
  );
});

test("the ways back that the report names make all of it as declared", async () => {
  const { lines } = await drift();
  const start = lines.flatMap(({ way }) => /openstack (server start \S+)/.exec(way)?.[1] ?? []);
  for (const command of start) await client(...command.split(" "));
  // labstead up -- --refresh
  await environment.refresh();
  await environment.up();
  expect(texts(await drift())).toEqual([]);
});

test("a service that does not answer is not looked at; the others are", async () => {
  await lab.stop("cinder-api");
  try {
    const report = await drift();
    expect(report.unseen.map(({ what }) => what)).toEqual(["OpenStack's volume service"]);
    expect(texts(report)).toEqual([]);
    expect(exitCodeOf(report)).toBe(3);
  } finally {
    await lab.start();
  }
});
