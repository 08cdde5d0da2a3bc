/**
 * The infrastructure of the examples on real OpenStack services, through the real engine, checked by OpenStack's own
 * client against the plan. Always: DL with everything that happens to it, JH (its own network, Octavia, a container, a
 * credential), SV on a network of another project, and what goes wrong. With LABSTEAD_LAB_EXAMPLES=all also SKA, MK,
 * prod and the whole of SV. LABSTEAD_OPENSTACK names a folder whose services are kept running between runs.
 */
import type { EnvironmentPlan } from "../../../environment/plan/types";
import { smallPlan } from "../../infra/plans";
import { LabEnvironment, planOf, type Json } from "./environment";
import {
  DATALABS,
  JUPYTERHUB,
  MANAGED_KUBERNETES,
  PROD,
  SAVU,
  SAVU_WITHOUT_WINDOW,
  SKA,
  type Example,
} from "./examples";
import { Expected, sorted } from "./expected";
import type { Inventory } from "./inventory";
import { OpenStackLab } from "./openstack-lab";

const ALL = process.env["LABSTEAD_LAB_EXAMPLES"] === "all";
const EXAMPLES = [
  DATALABS,
  JUPYTERHUB,
  ...(ALL ? [SAVU, SKA, MANAGED_KUBERNETES, PROD] : [SAVU_WITHOUT_WINDOW]),
];

/** Enough to look at a configuration. */
const NO_IDS = {};

let lab: OpenStackLab;

beforeAll(async () => {
  lab = await OpenStackLab.up();
});

afterAll(() => lab.down());

/** Everything that the plan decides, as the cloud tells it. */
function checkInventory(
  found: Inventory,
  plan: EnvironmentPlan,
  assigned: Readonly<Record<string, string>>,
): void {
  const expected = new Expected(plan, assigned);
  expect(found.servers).toEqual(expected.servers());
  expect(found.counts.servers).toBe(plan.servers.length);
  const ports = Object.entries(expected.ports());
  for (const [name, port] of ports) expect({ name, ...found.ports[name] }).toMatchObject({ name, ...port });
  const { default: _own, ...groups } = found.groups;
  const listed = Object.entries(groups).map(([name, rules]) => [name, sorted(rules)]);
  expect(Object.fromEntries(listed)).toEqual(expected.groups());
  expect(found.server_groups).toEqual(expected.serverGroups());
  expect(found.volumes).toEqual(expected.volumes());
  expect(found.floating_ips).toEqual(expected.floatingIps());
  expect(found.balancers).toEqual(expected.balancers());
  expect(Object.entries(found.credentials)).toEqual(expected.credentials());
  expect(found.containers).toEqual(expected.containers());
  expect(found.key_pairs).toEqual([plan.keyPair.name]);
  checkNetwork(found, plan);
  checkHosts(found);
}

function checkNetwork(found: Inventory, { network }: EnvironmentPlan): void {
  if (network.kind === "existing") return;
  expect(found.networks).toMatchObject({ [network.name]: { mtu: network.mtu } });
  const { cidr, gatewayIp: gateway, dnsNameservers: dns } = network;
  expect(found.subnets).toMatchObject({ [network.subnetName]: { cidr, gateway, dns } });
  expect(sorted(found.subnets[network.subnetName]?.pools ?? [])).toEqual(sorted(network.allocationPools));
  expect(found.routers).toEqual({
    [`${network.name}-router`]: { status: "ACTIVE", external: network.externalNetwork },
  });
}

/** Servers of a group that must be apart are. */
function checkHosts(found: Inventory): void {
  for (const { policies, members } of Object.values(found.server_groups)) {
    if (!policies.includes("anti-affinity")) continue;
    expect(new Set(members.map((name) => found.servers[name]?.host)).size).toBe(members.length);
  }
}

/** What is left of a project's own things. */
function remaining(found: Inventory): object {
  const { servers, volumes, floating_ips, balancers, credentials, containers, server_groups } = found;
  const ports = Object.values(found.ports).filter(({ owner }) => owner !== "network:router_interface");
  const groups = Object.keys(found.groups).filter((name) => name !== "default");
  return { servers, volumes, floating_ips, balancers, credentials, containers, server_groups, ports, groups };
}

const NOTHING = {
  servers: {},
  volumes: {},
  floating_ips: {},
  balancers: {},
  credentials: {},
  containers: {},
  server_groups: {},
  ports: [],
  groups: [],
};

/** Seconds of each operation, for the record. */
function tell(
  name: string,
  operation: string,
  { seconds, changes }: { seconds: number; changes: object },
): void {
  process.stderr.write(`  ${name}: ${operation} ${seconds.toFixed(1)} s ${JSON.stringify(changes)}\n`);
}

describe.each(EXAMPLES)("the infrastructure of $name", (example: Example) => {
  let environment: LabEnvironment;
  let config: Json;
  let plan: EnvironmentPlan;

  beforeAll(async () => {
    config = example.config(await lab.tenancies(...example.tenancies));
    plan = planOf(example.name, config);
    environment = await LabEnvironment.open(lab, example.name, plan);
  });

  afterAll(() => environment.close());

  if ((example.config(NO_IDS)["network"] as Json)["shared"] === true) {
    test("is refused planned addresses on another project's network", async () => {
      const unshared = { ...config, network: { ...(config["network"] as Json), shared: false } };
      environment.plan(planOf(example.name, unshared));
      await expect(environment.up()).rejects.toThrow(
        /port\/\S+: network answers 403 to POST \/ports: .*rule:create_port/,
      );
      await environment.destroy();
      expect(remaining(await lab.inventory(example.name))).toEqual(NOTHING);
      environment.plan(plan);
    });
  }

  test("comes up as planned", async () => {
    const up = await environment.up();
    tell(example.name, "up", up);
    checkInventory(await lab.inventory(example.name), plan, await environment.addresses());
  });

  test("shows no change when nothing changed, nor any drift", async () => {
    const preview = await environment.preview();
    tell(example.name, "preview without a change", preview);
    expect(preview.steps).toEqual([]);
    const { changes } = await environment.refresh();
    expect(Object.keys(changes)).toEqual(["same"]);
    expect((await environment.preview()).steps).toEqual([]);
  });

  if (example === DATALABS) {
    test("grows by two workers and touches nothing else", async () => {
      const before = (await lab.inventory(example.name)).server_ids;
      const grown = planOf(example.name, withWorkers(config, 10));
      environment.plan(grown);
      const up = await environment.up();
      expect(up.steps.filter((step) => !/^create .*\/workers\.general\/[89](\/|$)/.test(step))).toEqual([]);
      const found = await lab.inventory(example.name);
      expect(found.server_ids).toMatchObject(before);
      checkInventory(found, grown, {});
    });
  }

  test("is destroyed and leaves nothing", async () => {
    tell(example.name, "destroy", await environment.destroy());
    expect(remaining(await lab.inventory(example.name))).toEqual(NOTHING);
  });
});

function withWorkers(config: Json, min: number): Json {
  const servers = config["servers"] as Json;
  const workers = servers["workers"] as { readonly general: Json };
  return { ...config, servers: { ...servers, workers: { general: { ...workers.general, min } } } };
}

describe("what goes wrong", () => {
  const name = "trouble";
  const project = { name };
  const good = smallPlan();
  let environment: LabEnvironment;

  beforeAll(async () => {
    await lab.tenancies(project);
    environment = await LabEnvironment.open(lab, name, good);
  });

  afterEach(async () => {
    // After the trouble is mended, the next `up` completes what the one before began.
    environment.plan(good);
    await environment.up();
    checkInventory(await lab.inventory(name), good, {});
    await environment.destroy();
    expect(remaining(await lab.inventory(name))).toEqual(NOTHING);
  });

  afterAll(() => environment.close());

  test("a quota that is exceeded", async () => {
    await lab.client("admin", "quota", "set", "--instances", "3", name);
    const up = environment.up();
    await expect(
      up.finally(() => lab.client("admin", "quota", "set", "--instances", "100", name)),
    ).rejects.toThrow(
      /server\/\S+: compute answers 403 to POST \/servers: Quota exceeded for instances: Requested 1, but already used \d of 3 instances/,
    );
  });

  test("an image that is not there", async () => {
    environment.plan(smallPlan({}, { image: "no-such-image" }));
    await expect(environment.up()).rejects.toThrow(
      /server\/\S+: Your query returned no results.*\(image no-such-image\)/,
    );
  });

  test("a flavor that is not there", async () => {
    environment.plan(smallPlan({ flavor: "no-such-flavor" }));
    await expect(environment.up()).rejects.toThrow(
      /server\/workers\.general\/\d: Your query returned no results.*\(flavor no-such-flavor\)/,
    );
  });

  test("an address that somebody else has", async () => {
    environment.plan(smallPlan({ min: 1 }));
    await environment.up();
    const { address } = good.servers.find(({ key }) => key === "workers.general/1")!;
    const ip = address.kind === "planned" ? address.ip : "";
    const fixed = ["--network", good.network.name, "--fixed-ip", `ip-address=${ip}`];
    await lab.client(name, "port", "create", ...fixed, "somebody-else");
    environment.plan(good);
    await expect(environment.up()).rejects.toThrow(
      new RegExp(
        `port/workers.general/1: network answers 409 to POST /ports: IP address ${ip} already allocated`,
      ),
    );
    await lab.client(name, "port", "delete", "somebody-else");
  });

  test("a service that goes away in the middle", async () => {
    // Before the first server: a request that is being answered would be lost, which is another story.
    let stopped = false;
    const up = environment.up((step) => {
      if (stopped || !step.startsWith("create port/")) return;
      stopped = true;
      lab.stop("nova-api");
    });
    await expect(up).rejects.toThrow(
      /server\/\S+: compute at http:\S+ does not answer to \S+ \/\S+: connect ECONNREFUSED \S+ \(asked for 20 s\)/,
    );
    await lab.start();
  });
});
