/**
 * OpenStack's cloud controller manager and Cinder's CSI driver with their sidecars, as our charts render them, on a real
 * API server and the real OpenStack: nodes, load balancers of Services, volumes of claims, and what is left of them.
 */
import { fieldOf, listAt, type JsonObject } from "../../../deploy/manifest";
import { smallConfig } from "../../infra/plans";
import { setUp, Undo } from "../host/undo";
import { until } from "../machines/host";
import { Claim } from "./claims";
import { cloudCluster, type CloudCluster } from "./cloud-cluster";
import { CsiNode, type Disk, type NodeDriver } from "./csi-node";
import { OpenStackLab, type Inventory } from "./harness";
import { startPod, type RunningContainer } from "./pod";

const NAME = "components";
const DRIVER = "cinder.csi.openstack.org";
const APPS = "/apis/apps/v1/namespaces";
const CLOUD_CONTROLLER = {
  path: `${APPS}/openstack-cloud-controller/daemonsets/openstack-cloud-controller-manager`,
  containers: ["controller"],
};
const CONTROLLER = {
  path: `${APPS}/cinder-csi/deployments/cinder-csi-controller`,
  containers: ["cinder-csi-plugin", "csi-attacher", "csi-provisioner", "csi-resizer", "csi-snapshotter"],
};
const SNAPSHOTS = {
  path: `${APPS}/cinder-csi/deployments/snapshot-controller`,
  containers: ["snapshot-controller"],
};
const NODE = { path: `${APPS}/cinder-csi/daemonsets/cinder-csi-node`, containers: ["cinder-csi-plugin"] };
const CLASS = "csi-sc-cinderplugin";
/** Of all servers; Cinder has none of that name, only its own. */
const ZONE = "AZ1";
const CINDER_ZONE = "nova";
const CONFIG = smallConfig(
  { min: 2, volumes: {} },
  {
    availabilityZones: [ZONE],
    storage: { block: { zones: { kind: "fixed", zone: CINDER_ZONE } } },
    cluster: { kind: "own", cloud: { loadBalancers: { kind: "amphora" } } },
  },
);

let lab: OpenStackLab;
let before: Inventory;
let cluster: CloudCluster;
let pod: Readonly<Record<string, RunningContainer>>;

setUp(async (undo) => {
  lab = OpenStackLab.running();
  await lab.tenancies({ name: NAME });
  before = await lab.inventory(NAME);
  cluster = await cloudCluster(undo, lab, NAME, CONFIG);
  pod = await startPod(undo, cluster, CLOUD_CONTROLLER);
});

async function node(name: string): Promise<JsonObject | undefined> {
  const { status, body } = await cluster.admin.get(`/api/v1/nodes/${name}`);
  return status === 404 ? undefined : body;
}

describe("nodes", () => {
  test("get provider id, address, flavor and zone of their servers, and lose the taint", async () => {
    const { marks, servers } = await lab.inventory(NAME);
    for (const [name, plan] of cluster.nodes) {
      const made = await until(`${name} to be initialized`, 60, async () => {
        const found = await node(name);
        return listAt(found, "spec", "taints").length === 0 ? found : undefined;
      });
      const [id = ""] = (marks["server"]?.[name] ?? "").split(" ");
      expect(fieldOf(made, "spec", "providerID")).toBe(`openstack:///${id}`);
      expect(fieldOf(made, "metadata", "labels")).toMatchObject({
        "node.kubernetes.io/instance-type": plan.flavor,
        "topology.kubernetes.io/zone": servers[name]?.zone,
        "topology.kubernetes.io/region": "RegionOne",
      });
      // Its name is the kubelet's part.
      expect(fieldOf(made, "status", "addresses")).toEqual([
        { type: "InternalIP", address: servers[name]?.addresses[0] },
      ]);
    }
  });
});

const WEB = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", namespace: "default" },
  spec: { type: "LoadBalancer", selector: { app: "web" }, ports: [{ port: 80, targetPort: 8080 }] },
};
const BALANCER = "kube_service_dev_default_web";
const FLOATING_IP = "Floating IP for Kubernetes external service default/web from cluster dev";

/** The port that the nodes serve the Service at, once it has an address. */
async function served(): Promise<{ readonly nodePort: number; readonly address: string }> {
  await cluster.admin.create(WEB);
  return until("an address of the Service", 120, async () => {
    const { body } = await cluster.admin.get("/api/v1/namespaces/default/services/web");
    const [ingress] = listAt(body, "status", "loadBalancer", "ingress");
    const address = fieldOf(ingress, "ip");
    const [port] = listAt(body, "spec", "ports");
    return typeof address === "string" ? { address, nodePort: Number(fieldOf(port, "nodePort")) } : undefined;
  });
}

describe("a Service of type LoadBalancer", () => {
  test("gets a load balancer of Octavia with a listener, the nodes as members, and a floating IP", async () => {
    const { address, nodePort } = await served();
    const { balancers, floating_ips, servers } = await lab.inventory(NAME);
    const balancer = balancers[BALANCER];
    expect(balancer?.status).toBe("ACTIVE");
    const pool = balancer?.listeners["80"]?.pool;
    expect(pool?.members.map((member) => `${member.address}:${String(member.port)}`).sort()).toEqual(
      [...cluster.nodes.keys()]
        .map((name) => `${servers[name]?.addresses[0] ?? ""}:${String(nodePort)}`)
        .sort(),
    );
    expect(pool?.monitor.type).toBe("TCP");
    expect(floating_ips[FLOATING_IP]).toMatchObject({ address, fixed: balancer?.vip });
  });

  test("leaves nothing when it is deleted", async () => {
    await cluster.admin.delete("/api/v1/namespaces/default/services/web");
    await until("the Service's end", 120, async () => {
      const { status } = await cluster.admin.get("/api/v1/namespaces/default/services/web");
      return status === 404 ? true : undefined;
    });
    const { balancers, floating_ips } = await lab.inventory(NAME);
    expect(Object.keys(balancers)).not.toContain(BALANCER);
    expect(Object.keys(floating_ips)).not.toContain(FLOATING_IP);
  });
});

describe("a claim of the block class", () => {
  const undo = new Undo();
  const drivers = new Map<string, { readonly node: CsiNode; readonly driver: NodeDriver }>();
  let claim: Claim;
  let containers: Readonly<Record<string, RunningContainer>>;
  let volume: string;
  let disk: Disk;

  afterAll(() => undo.close());

  /** The node's driver. */
  const on = (name: string) => drivers.get(name) ?? fail(name);

  test("finds a driver on each node that knows its server by the config drive", async () => {
    containers = {
      ...(await startPod(undo, cluster, CONTROLLER)),
      ...(await startPod(undo, cluster, SNAPSHOTS)),
    };
    claim = new Claim(cluster.admin, CLASS);
    const { marks, servers } = await lab.inventory(NAME);
    for (const name of workers()) {
      const [id = ""] = (marks["server"]?.[name] ?? "").split(" ");
      const server = { name, id, zone: servers[name]?.zone ?? "" };
      const node = await CsiNode.prepare(undo, cluster.folder, server);
      const files = { ...cluster, folder: `${cluster.folder}/${name}-pods`, node: node.root };
      const driver = node.connect((await startPod(undo, files, NODE))["cinder-csi-plugin"] ?? fail(name));
      const info = await until(`the driver of ${name}`, 30, () => driver.info().catch(() => undefined));
      expect(info).toMatchObject({
        nodeId: id,
        accessibleTopology: { segments: { [`topology.${DRIVER}/zone`]: ZONE } },
      });
      await claim.register(name, info);
      drivers.set(name, { node, driver });
    }
  });

  test("is bound to a volume of the cluster, attached to its pod's server and mounted", async () => {
    const [first] = workers();
    await claim.create(1, first);
    volume = await claim.bound();
    await claim.use(first);
    expect((await ofClaims())[0]).toMatchObject({
      status: "in-use",
      size: 1,
      zone: CINDER_ZONE,
      server: [first],
      metadata: { [`${DRIVER}/cluster`]: "dev", "csi.storage.k8s.io/pvc/name": "data" },
    });
    disk = await on(first).node.attachVolume(lab.volumeFile(volume), volume);
    await on(first).driver.mount(volume);
    on(first).driver.write("result", "42");
  });

  test("grows while it is mounted", async () => {
    const [first] = workers();
    await claim.resize(2);
    await until("Cinder's volume to grow", 60, async () =>
      (await ofClaims())[0]?.size === 2 ? true : undefined,
    );
    await disk.grow();
    await on(first).driver.expand(volume);
    expect(on(first).driver.size()).toBeGreaterThan(1.8);
    expect(on(first).driver.read("result")).toBe("42");
  });

  test("has snapshots in Cinder, which go with their objects", async () => {
    const id = await claim.snapshot();
    const shown = await lab.client(NAME, "volume", "snapshot", "show", id, "-f", "json");
    expect(JSON.parse(shown)).toMatchObject({ status: "available", size: 2, volume_id: volume });
    await cluster.admin.delete("/apis/snapshot.storage.k8s.io/v1/namespaces/default/volumesnapshots/data");
    await until("no snapshot", 60, async () =>
      (await lab.client(NAME, "volume", "snapshot", "list", "-f", "value")) === "" ? true : undefined,
    );
  });

  test("moves to another node with its data", async () => {
    const [first, second] = workers();
    await on(first).driver.unmount(volume);
    await disk.detach();
    await claim.release();
    await claim.use(second);
    expect((await ofClaims())[0]?.server).toEqual([second]);
    disk = await on(second).node.attachVolume(lab.volumeFile(volume), volume);
    await on(second).driver.mount(volume);
    expect(on(second).driver.read("result")).toBe("42");
    await on(second).driver.unmount(volume);
    await disk.detach();
  });

  test("deletes its volume when it is deleted", async () => {
    await claim.release();
    await claim.delete();
    await until("no volume", 60, async () => ((await ofClaims()).length === 0 ? true : undefined));
  });

  test("the chart's roles are enough for the driver and its sidecars", () => {
    for (const container of Object.values(containers)) expect(container.said("forbidden")).toEqual([]);
  });

  test("is there again, on the second node", async () => {
    const [, second] = workers();
    await claim.create(1, second);
    await claim.bound();
    await claim.use(second);
  });
});

test("a node whose server is deleted goes, and no other", async () => {
  const [gone, other] = workers();
  await lab.client(NAME, "server", "delete", "--wait", gone);
  await until(`node ${gone} to go`, 60, async () => ((await node(gone)) === undefined ? true : undefined));
  expect(await node(other)).toBeDefined();
});

test("the chart's role is enough for the cloud controller manager", () => {
  expect(pod["controller"]?.said("forbidden")).toEqual([]);
});

test("destroy leaves nothing of a Service and a claim that are alive, although the API server is gone", async () => {
  await served();
  expect(await ofClaims()).toHaveLength(1);
  await pod["controller"]?.stop();
  await cluster.plane.stopApi();
  await cluster.environment.destroy({ withData: true });
  expect(await lab.inventory(NAME)).toEqual(before);
});

function workers(): readonly [string, string] {
  const [first = "", second = ""] = [...cluster.nodes.keys()].filter((name) => name.includes("worker"));
  return [first, second];
}

/** Cinder's volumes that claims have. */
async function ofClaims(): Promise<readonly Inventory["volumes"][string][]> {
  const { volumes } = await lab.inventory(NAME);
  return Object.entries(volumes).flatMap(([name, volume]) => (name.startsWith("pvc-") ? [volume] : []));
}

function fail(name: string): never {
  throw new Error(`no driver on ${name}`);
}
