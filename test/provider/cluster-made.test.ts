/** What a cluster has made in the cloud, at its end: removed, kept by choice, or listed with the command. */
import type { MadeByCluster } from "../../openstack-api/cluster-made";
import type { ClusterCloud } from "../../provider/cluster-made/cloud";
import { clusterMadeHandler } from "../../provider/cluster-made/handler";
import type { PropertyMap } from "../../provider-protocol";

const BALANCER: MadeByCluster = { kind: "loadBalancer", id: "b1", name: "kube_service_lab_default_web" };
const ADDRESS: MadeByCluster = { kind: "floatingIp", id: "f1", name: "203.0.113.7" };
const VOLUME: MadeByCluster = { kind: "volume", id: "v1", name: "pvc-1" };

/** A cloud that has some things, of which it refuses to remove some. */
class Cloud implements ClusterCloud {
  constructor(
    readonly left: MadeByCluster[],
    private readonly refused: readonly string[] = [],
  ) {}

  find(cluster: string): Promise<readonly MadeByCluster[]> {
    return Promise.resolve(cluster === "lab" ? [...this.left] : []);
  }

  remove({ id }: MadeByCluster): Promise<void> {
    if (this.refused.includes(id)) return Promise.reject(new Error(`409: ${id} is in use`));
    this.left.splice(
      this.left.findIndex((each) => each.id === id),
      1,
    );
    return Promise.resolve();
  }
}

let logged: string[] = [];
beforeEach(() => {
  logged = [];
});

const base = {
  urn: "urn:pulumi:lab::labstead::labstead:index:ClusterMade::lab-made",
  type: "labstead:index:ClusterMade",
  name: "lab-made",
  timeoutSeconds: undefined,
  signal: new AbortController().signal,
  log: (severity: string, message: string): void => void logged.push(`${severity}: ${message}`),
};

function destroyed(cloud: ClusterCloud, inputs: PropertyMap = {}, deletesData = false): Promise<void> {
  const request = { ...base, id: "lab", inputs: { cluster: "lab", ...inputs }, state: {} };
  return clusterMadeHandler({ cloud, deletesData }).delete(request);
}

test("what serves traffic goes, and volumes with data stay and are listed with the command", async () => {
  const cloud = new Cloud([ADDRESS, BALANCER, VOLUME]);
  await destroyed(cloud);
  expect(cloud.left).toEqual([VOLUME]);
  expect(logged).toEqual([
    "info: removing floating IP 203.0.113.7 (f1), which cluster lab has made",
    "info: removing load balancer kube_service_lab_default_web (b1), which cluster lab has made",
    "warning: the claims of cluster lab have left 1 volume with data in the project:\n" +
      "  volume pvc-1 (v1)\n" +
      "to delete it: destroy with LABSTEAD_DELETE_DATA=true (labstead destroy --with-data), or later:\n" +
      "  openstack volume delete v1",
  ]);
});

test.each([
  ["the program", { volumes: "remove" }, false],
  ["the person who destroys", {}, true],
])("volumes go by the choice of %s", async (_who, inputs, deletesData) => {
  const cloud = new Cloud([BALANCER, VOLUME]);
  await destroyed(cloud, inputs, deletesData);
  expect(cloud.left).toEqual([]);
});

test("one that cannot be removed does not stop the others, and is an error with the command", async () => {
  const cloud = new Cloud([BALANCER, ADDRESS], ["b1"]);
  await expect(destroyed(cloud)).rejects.toThrow(
    "cluster lab has made these in the cloud, and they could not be removed:\n" +
      "  load balancer kube_service_lab_default_web (b1): 409: b1 is in use\n" +
      "remove them, then destroy again:\n" +
      "  openstack loadbalancer delete --cascade b1",
  );
  expect(cloud.left).toEqual([BALANCER]);
});

test("a cloud that does not answer stops the destroy, and the message says what to do", async () => {
  const cloud: ClusterCloud = {
    find: () => Promise.reject(new Error("no clouds.yaml at ./clouds.yaml")),
    remove: () => Promise.resolve(),
  };
  await expect(destroyed(cloud)).rejects.toThrow(
    "whether cluster lab has left load balancers or volumes in the cloud could not be looked up: no clouds.yaml at ./clouds.yaml\n" +
      "log in as for up (OS_CLOUD, or the OS_ variables) and destroy again; to leave them there: " +
      "pulumi state delete 'urn:pulumi:lab::labstead::labstead:index:ClusterMade::lab-made'",
  );
});

test("nothing is asked of the cloud before the end; another name is another cluster", async () => {
  const never: ClusterCloud = {
    find: () => Promise.reject(new Error("asked")),
    remove: () => Promise.reject(new Error("asked")),
  };
  const handler = clusterMadeHandler({ cloud: never });
  const inputs = { cluster: "lab" };
  expect(await handler.create({ ...base, inputs, preview: false })).toEqual({ id: "lab", outputs: {} });
  const diff = (newInputs: PropertyMap) =>
    handler.diff({ ...base, id: "lab", oldInputs: inputs, oldState: {}, newInputs, ignoreChanges: [] });
  expect((await diff({ cluster: "other" })).changes).toEqual({
    cluster: { change: "update", replace: true },
  });
  expect((await diff({ cluster: "lab", volumes: "remove" })).changes).toEqual({
    volumes: { change: "update", replace: false },
  });
  expect((await diff(inputs)).changes).toEqual({});
});

test("inputs that it does not know are refused", async () => {
  const handler = clusterMadeHandler({ cloud: new Cloud([]) });
  const newInputs = { cluster: "", volumes: "burn" };
  const { failures = [] } = await handler.check({
    ...base,
    oldInputs: {},
    newInputs,
    randomSeed: new Uint8Array(),
  });
  expect(failures).toEqual([
    { property: "cluster", reason: "is missing; give a text" },
    { property: "volumes", reason: "is one of keep, remove" },
  ]);
});
