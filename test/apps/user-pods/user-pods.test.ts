/** The objects of users' pods, and what their configuration changes. */
import { App, ApiObject } from "cdk8s";
import { UserPodsChart } from "../../../apps/user-pods/chart";
import { objectOptions } from "../../../deploy/object-options";
import type { Json } from "../../environment/configs";
import { containersOf, ofKind, podOf, specsOf, volumesOf, workloadOf, workloads } from "../manifests";
import { outline, outlineDifference } from "../outline";
import { NODE_PORTS, userPodsManifests, userPodsPlan } from "./pods";

const manifestsOf = (changes: Json = {}) => userPodsManifests(userPodsPlan(changes));
/** Without the rule of UIDs, whose content `test/lab/user-pods.lab.test.ts` tries. */
const outlineOf = (changes: Json = {}): string =>
  outline(manifestsOf(changes).filter(({ kind }) => !kind.startsWith("ValidatingAdmissionPolicy")));
const ONE: Json = { "users.grace": undefined };

test("the objects of one user", () => {
  expect(outlineOf(ONE)).toMatchSnapshot();
});

test.each<readonly [string, Json]>([
  ["a claim of each user", { ...ONE, "volumes.data": { kind: "perUser", size: "20Gi" } }],
  ["a claim that is there", { ...ONE, "volumes.data": { kind: "claim", name: "dlstmp" } }],
  [
    "a volume of a driver",
    {
      ...ONE,
      "volumes.data": {
        kind: "csi",
        driver: "cephfs.csi.ceph.com",
        handle: "beamline",
        attributes: { staticVolume: "true" },
      },
    },
  ],
  ["ports of nodes", { ...NODE_PORTS, ...ONE }],
  ["no way in", { ...ONE, exposure: { kind: "none" } }],
  [
    "an image that starts as root",
    { ...ONE, "containers.web.runsAs": { kind: "puid", reason: "s6 changes to the user" } },
  ],
])("what changes with %s", (_, changes) => {
  expect(outlineDifference(outlineOf(ONE), outlineOf(changes))).toMatchSnapshot();
});

test("another user changes no object of those who are there", () => {
  const before = manifestsOf();
  const after = manifestsOf({ "users.linus": { uid: 1001 } });
  const texts = after.map((each) => JSON.stringify(each));
  expect(before.filter((each) => !texts.includes(JSON.stringify(each)))).toEqual([]);
});

test("each user's processes have the user's own numbers", () => {
  const ids = workloads(manifestsOf({ "users.grace.gid": 500 })).map((each) => [
    each.metadata.name,
    ...containersOf(each).map(({ securityContext }) => securityContext),
  ]);
  const ada = { runAsUser: 37214, runAsGroup: 37214, runAsNonRoot: true };
  const grace = { runAsUser: 37877, runAsGroup: 500, runAsNonRoot: true };
  expect(ids).toEqual([
    ["uid37214", ...[ada, ada, ada].map((each) => expect.objectContaining(each) as unknown)],
    ["uid37877", ...[grace, grace, grace].map((each) => expect.objectContaining(each) as unknown)],
  ]);
});

test("a pod is stopped when it is made, and afterwards belongs to the user who starts and stops it", () => {
  const deployments = new UserPodsChart(new App(), "pods", userPodsPlan()).node
    .findAll()
    .filter((each): each is ApiObject => each instanceof ApiObject && each.kind === "Deployment");
  expect(deployments.map(objectOptions)).toEqual(
    [1, 2].map(() => ({ initialOnly: ["spec.replicas"], skipAwait: true })),
  );
  for (const each of workloads(manifestsOf()))
    expect(workloadOf(each)).toMatchObject({ replicas: 0, strategy: { type: "Recreate" } });
});

test("a mount is read-only where it is called so, by the key that Kubernetes reads", () => {
  const [pod] = workloads(manifestsOf(ONE));
  const mounts = containersOf(pod!).map(({ name, volumeMounts = [] }) => [
    name,
    volumeMounts.filter((mount) => mount.name === "data"),
  ]);
  expect(mounts).toEqual([
    ["web", []],
    ["api", [{ name: "data", mountPath: "/dls/tmp" }]],
    ["dataserver", [{ name: "data", mountPath: "/dls/tmp", readOnly: true }]],
  ]);
});

test("data comes by claims alone, which the level restricted admits", () => {
  for (const volume of [{ kind: "perUser" }, { kind: "claim", name: "dlstmp" }, undefined]) {
    const changes = volume === undefined ? {} : { "volumes.data": volume };
    for (const each of workloads(manifestsOf(changes)))
      for (const { name, persistentVolumeClaim, emptyDir } of volumesOf(each))
        expect({ name, known: (persistentVolumeClaim ?? emptyDir) !== undefined }).toEqual({
          name,
          known: true,
        });
  }
});

test("the kubelet gives files of a user's own volume to the user's group, and of a common one none", () => {
  const groups = (changes: Json): readonly unknown[] =>
    workloads(manifestsOf(changes)).map((each) => podOf(each).spec.securityContext);
  expect(JSON.stringify(groups({}))).not.toContain("fsGroup");
  expect(groups({ "volumes.data": { kind: "perUser" } })).toEqual([
    expect.objectContaining({ fsGroup: 37214 }),
    expect.objectContaining({ fsGroup: 37877 }),
  ]);
});

test("claims of users and their namespace stay when they are removed, and no other object does", () => {
  const kept = (changes: Json): readonly string[] =>
    new UserPodsChart(new App(), "pods", userPodsPlan(changes)).node
      .findAll()
      .filter((each): each is ApiObject => each instanceof ApiObject)
      .filter((object) => objectOptions(object).retainOnDelete === true)
      .map(({ kind, name }) => `${kind} ${name}`);
  expect(kept({})).toEqual([]);
  expect(kept({ "volumes.data": { kind: "perUser" } }).toSorted()).toEqual([
    "Namespace tux",
    "PersistentVolumeClaim uid37214-data",
    "PersistentVolumeClaim uid37877-data",
  ]);
});

test("the quota has room for as many pods as may run, and for every claim", () => {
  const quota = (changes: Json): unknown =>
    new UserPodsChart(new App(), "pods", userPodsPlan(changes)).labNamespace.quota;
  expect(quota({ activePodLimit: 100, "volumes.data": { kind: "perUser", size: "2Ti" } })).toMatchObject({
    pods: 100,
    requests: { cpuMillis: 30_000, memoryMiB: 75 * 1024 },
    limits: { cpuMillis: 300_000, memoryMiB: 600 * 1024 },
    storageGiB: 4096,
    largestClaimGiB: 2048,
  });
});

test("each user's requests are let in by an answer about that user", () => {
  const asked = ofKind(
    manifestsOf({ "exposure.auth.url": "http://auth.example.org/{uid}?user={user}" }),
    "Ingress",
  );
  expect(
    asked.map(({ metadata: { annotations = {} } }) => annotations["nginx.ingress.kubernetes.io/auth-url"]),
  ).toEqual(["http://auth.example.org/37214?user=ada", "http://auth.example.org/37877?user=grace"]);
});

test("a user may start and stop the own pod, and nobody else's", () => {
  const roles = ofKind(manifestsOf({ "users.grace.kubernetesUser": "oidc:grace" }), "Role");
  const named = roles.map(({ metadata, rules = [] }) => [
    metadata.name,
    rules.flatMap(({ resources = [], resourceNames = [], verbs }) =>
      verbs.some((verb) => !["get", "list", "watch"].includes(verb))
        ? [[...resources, ...resourceNames]]
        : [],
    ),
  ]);
  expect(named).toEqual([
    [
      "uid37214",
      [
        ["deployments/scale", "uid37214"],
        ["uids", "37214"],
        ["gids", "37214"],
      ],
    ],
    [
      "uid37877",
      [
        ["deployments/scale", "uid37877"],
        ["uids", "37877"],
        ["gids", "37877"],
      ],
    ],
  ]);
});

test("groups of images are refused where the cluster can", () => {
  const policies = (version: string): readonly unknown[] =>
    workloads(userPodsManifests(userPodsPlan({}, { "cluster.version": version }))).map(
      (each) =>
        (podOf(each).spec.securityContext as { supplementalGroupsPolicy?: string }).supplementalGroupsPolicy,
    );
  expect(policies("1.36")).toEqual(["Strict", "Strict"]);
  const rules = (strictGroups: boolean): string =>
    JSON.stringify(userPodsManifests({ ...userPodsPlan(), strictGroups }));
  expect(rules(true)).toContain("supplementalGroupsPolicy == 'Strict'");
  expect(rules(false)).not.toContain("supplementalGroupsPolicy");
});

test("only the ingress controller reaches pods behind it, and nobody those without a way in", () => {
  const policies = (changes: Json) =>
    specsOf(manifestsOf(changes), "NetworkPolicy")
      .filter(({ metadata }) => metadata.name !== "default-deny")
      .map(({ spec }) => spec.ingress?.map(({ from, ports }) => [from, ports?.map(({ port }) => port)]));
  const controller = {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
    podSelector: { matchLabels: { "app.kubernetes.io/name": "traefik" } },
  };
  expect(policies({})).toEqual([[[[controller], [80]]]]);
  expect(policies(NODE_PORTS)).toEqual([[[undefined, [80]]]]);
  expect(policies({ exposure: { kind: "none" } })).toEqual([]);
});

test("each user adds the same objects, up to a thousand", () => {
  const users = (count: number): Json =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`u${String(index)}`, { uid: 10_000 + index }]),
    );
  const objects = (count: number): number => manifestsOf({ users: users(count) }).length;
  const each = objects(2) - objects(1);
  expect(objects(1000) - objects(1)).toBe(999 * each);
});
