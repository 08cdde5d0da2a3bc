/**
 * What somebody changed, deleted and added behind the program's back on a real OpenStack is found, and what the cluster
 * made is not an alarm. Each test ends with everything as declared.
 */
import { smallPlan } from "../../infra/plans";
import { setUp } from "../host/undo";
import { until } from "../machines/host";
import { commandIn, looked as lookedAt } from "./drift";
import { begun, LabEnvironment, OpenStackLab, type Inventory } from "./harness";

const NAME = "drifted";

const PLAN = smallPlan(
  {},
  {
    access: {
      kind: "bastion",
      operator: { kind: "tunnel" },
      ssh: { from: ["198.51.100.0/24"] },
    },
    servers: {
      bastion: { flavor: "tiny", floatingIp: true },
      controlPlane: { flavor: "medium", min: 1 },
      workers: {
        general: {
          flavor: "large",
          min: 2,
          volumes: { data: { size: "1Gi", use: { kind: "raw" }, protect: false } },
        },
      },
    },
    cluster: { kind: "own", api: { kind: "direct" } },
    edge: { kind: "octavia" },
  },
);

let lab: OpenStackLab;
let before: Inventory;
let environment: LabEnvironment;

setUp(async (undo) => {
  lab = OpenStackLab.running();
  await lab.tenancies({ name: NAME });
  before = await lab.inventory(NAME);
  // No cluster answers here, so nothing lets the node be emptied whose server is made again.
  const provider = { LABSTEAD_SKIP_DRAIN: "dev-worker-general-1" };
  environment = undo.use(await LabEnvironment.open(lab, NAME, PLAN, provider));
  await environment.up();
});

const looked = () => lookedAt(lab, NAME, environment, PLAN);

/** A command of OpenStack's own client, as a person of the project. */
const byHand = (command: string) => lab.client(NAME, ...command.split(" "));

/** The id of a thing that the program made, by its type and key. */
async function idOf(type: string, key: string): Promise<string> {
  const { deployment } = await environment.state();
  const found = deployment.resources.find(
    (each) => each.type.startsWith("openstack:") && each.urn.endsWith(`:${type}::${key}`),
  );
  if (found?.id === undefined) throw new Error(`the state has no ${type} ${key}`);
  return found.id;
}

/** What the report advises for what is changed or missing: `labstead up -- --refresh`. */
async function upWithRefresh(): Promise<void> {
  await environment.refresh();
  await environment.up();
}

async function expectAsDeclared(): Promise<void> {
  const { lines, exitCode, report } = await looked();
  expect(lines).toEqual([]);
  expect(report.unseen).toEqual([]);
  expect(exitCode).toBe(0);
}

async function balancerIsFree(name: string): Promise<void> {
  await until(`load balancer ${name} to be ready`, 120, async () => {
    const status = await byHand(`loadbalancer show ${name} -f value -c provisioning_status`);
    return status.trim() === "ACTIVE" ? true : undefined;
  });
}

test("as brought up nothing differs", async () => {
  const { report, table } = await looked();
  expect(report.lines).toEqual([]);
  expect(table.split("\n")[0]).toBe(`${NAME}: as declared`);
  const { deployment } = await environment.state();
  const declared = deployment.resources.filter(({ type }) => type.startsWith("openstack:"));
  expect(report.compared).toEqual({ OpenStack: declared.length });
  await expectAsDeclared();
});

test("what the cluster made is known by its names and marks", async () => {
  const { cluster } = PLAN;
  const balancer = `kube_service_${cluster.name}_default_web`;
  await byHand(`loadbalancer create --name ${balancer} --vip-subnet-id ${PLAN.network.subnetName}`);
  await lab.client(
    NAME,
    ...["floating", "ip", "create", "public", "--description"],
    `Floating IP for Kubernetes external service default/web from cluster ${cluster.name}`,
  );
  const mark = `cinder.csi.openstack.org/cluster=${cluster.name}`;
  await byHand(`volume create --size 1 --property ${mark} pvc-of-a-claim`);
  const { report } = await looked();
  expect(report.known).toContainEqual({ side: "OpenStack", whose: "the cluster", count: 3 });
  await expectAsDeclared();
  await balancerIsFree(balancer);
  await byHand(`loadbalancer delete ${balancer}`);
  await byHand("volume delete pvc-of-a-claim");
  const [address = ""] = (await byHand("floating ip list --status DOWN -f value -c ID")).split("\n");
  await byHand(`floating ip delete ${address}`);
});

test("a thing of each kind that somebody added is found, and the printed commands delete it", async () => {
  await byHand("keypair create by-hand");
  await byHand("server group create --policy soft-affinity by-hand");
  await byHand("network create by-hand");
  await byHand("subnet create --network by-hand --subnet-range 10.77.0.0/24 by-hand");
  await byHand("router create by-hand");
  await byHand("port create --network by-hand by-hand");
  await byHand("security group create by-hand");
  const group = await idOf("SecGroup", "security-group/workers");
  await byHand(`security group rule create --protocol tcp --dst-port 8080 ${group}`);
  await byHand("floating ip create public");
  await byHand("volume create --size 1 by-hand");
  await byHand(`loadbalancer create --name by-hand --vip-subnet-id ${PLAN.network.subnetName}`);
  await byHand(
    `server create --flavor tiny --image ubuntu-24.04 --network ${PLAN.network.name} --wait by-hand`,
  );
  await balancerIsFree("by-hand");
  const { report, lines, exitCode, table } = await looked();
  const kinds = report.lines.map(({ kind }) => kind).sort();
  expect(lines.every((line) => line.startsWith("undeclared "))).toBe(true);
  expect({ kinds, exitCode }).toEqual({
    kinds: [
      "floating IP",
      "key pair",
      "load balancer",
      "network",
      "port",
      "router",
      "security group",
      "security group rule",
      "server",
      "server group",
      // A subnet is part of its network, which is reported.
      "volume",
    ].sort(),
    exitCode: 2,
  });
  expect(lines).toContain("undeclared security group rule ingress tcp 8080 from 0.0.0.0/0 in dev-workers");
  for (const { id = "" } of report.lines) expect(table).toContain(id);
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  // A subnet is in use while a port is in it.
  const last = ["port", "subnet", "network"];
  const order = [...report.lines].sort((a, b) => last.indexOf(a.kind) - last.indexOf(b.kind));
  for (const { way } of order) await lab.client(NAME, ...commandIn(way));
  await until("what was added to be gone", 120, async () =>
    (await looked()).lines.length === 0 ? true : undefined,
  );
  await expectAsDeclared();
});

test("a thing of each kind that somebody changed is found with the field, and up sets it back", async () => {
  const description = "--description by-hand";
  const [worker, volume, port, network, subnet, router, group, address, balancer] = await Promise.all([
    idOf("Instance", "server/workers.general/0"),
    idOf("Volume", "volume/workers.general/0/data"),
    idOf("Port", "port/workers.general/0"),
    idOf("Network", "network"),
    idOf("Subnet", "subnet"),
    idOf("Router", "router"),
    idOf("SecGroup", "security-group/workers"),
    idOf("FloatingIp", "floating-ip/server/bastion/0"),
    idOf("LoadBalancer", "load-balancer/edge"),
  ]);
  await byHand(`server set --name by-hand ${worker}`);
  await byHand(`volume set --name by-hand ${volume}`);
  await byHand(`port unset --security-group ${group} ${port}`);
  await byHand(`network set ${description} ${network}`);
  await byHand(`subnet set --dns-nameserver 192.0.2.1 ${subnet}`);
  await byHand(`router set ${description} ${router}`);
  await byHand(`security group set ${description} ${group}`);
  await byHand(`floating ip set ${description} ${address}`);
  await byHand(`floating ip unset --port ${address}`);
  await byHand(`loadbalancer set ${description} ${balancer}`);
  const { lines, exitCode, report, table } = await looked();
  expect({ lines, exitCode }).toEqual({
    lines: [
      "changed floating ip floating-ip/server/bastion/0: description",
      "changed instance server/workers.general/0: name",
      "changed load balancer load-balancer/edge: description",
      "changed network network: description",
      "changed port port/workers.general/0: securityGroupIds",
      "changed router router: description",
      "changed sec group security-group/workers: description",
      "changed subnet subnet: dnsNameservers",
      "changed volume volume/workers.general/0/data: name",
      "missing floating ip associate association/server/bastion/0",
    ],
    exitCode: 2,
  });
  expect(report.lines.find(({ id }) => id === worker)?.differences).toEqual([
    { field: "name", declared: "dev-worker-general-0", found: "by-hand" },
  ]);
  expect(table).toContain(`labstead up ${NAME} -- --refresh`);
  await balancerIsFree(balancer);
  await upWithRefresh();
  await expectAsDeclared();
});

test("a server that is stopped is found, and the printed command starts it", async () => {
  const server = await idOf("Instance", "server/workers.general/1");
  await byHand(`server stop ${server}`);
  const stopped = await until("the server to be stopped", 60, async () => {
    const found = await looked();
    return found.lines.length === 1 ? found : undefined;
  });
  expect(stopped.lines).toEqual(["changed instance server/workers.general/1: status"]);
  expect(stopped.exitCode).toBe(2);
  const [line] = stopped.report.lines;
  expect(commandIn(line?.way ?? "")).toEqual(["server", "start", server]);
  await lab.client(NAME, ...commandIn(line?.way ?? ""));
  await until("the server to run", 60, async () => ((await looked()).exitCode === 0 ? true : undefined));
});

test("a thing of each kind that somebody deleted is found, and up makes it again", async () => {
  const [server, volume, rule, address, balancer] = await Promise.all([
    idOf("Instance", "server/workers.general/1"),
    idOf("Volume", "volume/workers.general/1/data"),
    idOf("SecGroupRule", "rule/controlPlane/tcp/6443/10.0.0.0/16"),
    idOf("FloatingIp", "floating-ip/server/bastion/0"),
    idOf("LoadBalancer", "load-balancer/edge"),
  ]);
  await byHand(`server delete --wait ${server}`);
  await byHand(`volume delete ${volume}`);
  await byHand(`port delete ${await idOf("Port", "port/workers.general/1")}`);
  await byHand(`security group rule delete ${rule}`);
  await byHand(`floating ip delete ${address}`);
  await byHand(`loadbalancer delete --cascade ${balancer}`);
  const { lines, exitCode } = await until("all of it to be gone", 120, async () => {
    const found = await looked();
    const gone = [/ volume /, / load balancer /].every((kind) => found.lines.some((line) => kind.test(line)));
    return gone ? found : undefined;
  });
  expect(exitCode).toBe(2);
  expect(lines.filter((line) => !line.startsWith("missing "))).toEqual([]);
  expect(lines).toEqual(
    expect.arrayContaining([
      "missing floating ip floating-ip/server/bastion/0",
      "missing floating ip associate association/server/bastion/0",
      "missing instance server/workers.general/1",
      "missing load balancer load-balancer/edge",
      "missing port port/workers.general/1",
      "missing sec group rule rule/controlPlane/tcp/6443/10.0.0.0/16",
      "missing volume volume/workers.general/1/data",
      "missing volume attach attachment/workers.general/1/data",
    ]),
  );
  await upWithRefresh();
  await expectAsDeclared();
  expect(begun(await environment.preview())).toEqual([]);
});

test("a network with all that is in it is missed, too", async () => {
  const { deployment } = await environment.state();
  const idsOf = (type: string) =>
    deployment.resources.flatMap((each) =>
      each.type.startsWith("openstack:") && each.type.endsWith(`:${type}`) ? [each.id ?? ""] : [],
    );
  await byHand(`loadbalancer delete --cascade ${idsOf("LoadBalancer").join(" ")}`);
  await byHand(`server delete --wait ${idsOf("Instance").join(" ")}`);
  await byHand(`floating ip delete ${idsOf("FloatingIp").join(" ")}`);
  await byHand(`port delete ${idsOf("Port").join(" ")}`);
  const [[router = ""], [subnet = ""], [network = ""]] = [idsOf("Router"), idsOf("Subnet"), idsOf("Network")];
  await byHand(`router remove subnet ${router} ${subnet}`);
  await byHand(`router delete ${router}`);
  await until("the load balancer's port to be gone", 120, async () => {
    const ports = await byHand(`port list --network ${network} -f value -c ID`);
    return ports.trim() === "" ? true : undefined;
  });
  await byHand(`network delete ${network}`);
  const { lines, exitCode } = await looked();
  expect(exitCode).toBe(2);
  expect(lines).toEqual(
    expect.arrayContaining([
      "missing network network",
      "missing router router",
      "missing router interface router-interface",
      "missing subnet subnet",
    ]),
  );
});

test("a service that does not answer is reported, and hides nothing of the others", async () => {
  await lab.stop("cinder-api");
  try {
    const { report, lines } = await looked();
    expect(report.unseen.map(({ what }) => what)).toEqual(["OpenStack's volume service"]);
    expect(lines).toContain("missing network network");
    expect(lines.filter((line) => / volume volume/.test(line))).toEqual([]);
  } finally {
    await lab.start();
  }
});

test("destroy leaves nothing", async () => {
  await environment.refresh();
  await environment.destroy({ withData: true });
  expect(await lab.inventory(NAME)).toEqual(before);
});
