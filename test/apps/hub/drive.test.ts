/** The objects of a drive, in which order they come and go, and who reaches it. */
import { App } from "cdk8s";
import fc from "fast-check";
import { hubCharts } from "../../../apps/hub/chart";
import { DriveChart } from "../../../apps/hub/drive/chart";
import { DriveVolumesChart } from "../../../apps/hub/drive/volume";
import { defaultAddress, driveAddresses, freeAddress, isDriveAddress } from "../../../apps/hub/drive/address";
import { NFS_PROVISIONER_ADDRESS } from "../../../environment/shared-storage";
import { addressAt, parseCidr, toIp, toNumber } from "../../../environment/addresses";
import type { HubPlan } from "../../../apps/hub/plan";
import { planCharts } from "../../../deploy/plan";
import { configOf, plannedOf, type Json } from "../../environment/configs";
import { keyOf, ofKind, renderChart, specsOf, type Manifest } from "../manifests";
import { outline, outlineDifference } from "../outline";
import { environmentWith, hubManifests, hubPlan, NATIVE, VARIANTS } from "./hubs";

/** Without the program and Ganesha's file, which `test/lab/drive` runs. */
function driveOutline(written: Json): string {
  return outline(
    driveManifests(hubPlan({ ...NATIVE, ...written })).filter(({ kind }) => kind !== "ConfigMap"),
  );
}

function driveManifests(plan: HubPlan): readonly Manifest[] {
  if (plan.homes.kind !== "drive") throw new Error("the hub has no drive");
  return renderChart(new DriveChart(new App(), "drive", plan, plan.homes)).manifests;
}

function volumeManifests(plan: HubPlan): readonly Manifest[] {
  return renderChart(new DriveVolumesChart(new App(), "volumes", plan)).manifests;
}

test("the objects of a drive", () => {
  expect(driveOutline(VARIANTS["drive"] ?? {})).toMatchSnapshot();
});

test("what a hub has with a drive and a shared directory on it", () => {
  const written = { ...NATIVE, ...VARIANTS["drive with owners"] };
  expect(
    outlineDifference(outline(hubManifests(hubPlan(NATIVE))), outline(hubManifests(hubPlan(written)))),
  ).toMatchSnapshot();
});

test("the volumes of a hub with a drive", () => {
  const written = { ...NATIVE, ...VARIANTS["drive with owners"] };
  expect(outline(volumeManifests(hubPlan(written)))).toMatchSnapshot();
});

test("people's servers are restricted, and never reach the drive's port", () => {
  const plan = hubPlan({ ...NATIVE, ...VARIANTS["drive"] }, { "cluster.cni": { kind: "kube-router" } });
  const hub = hubManifests(plan);
  expect(hub.find(({ kind }) => kind === "Namespace")?.metadata).toMatchObject({
    name: "physics",
    labels: { "pod-security.kubernetes.io/enforce": "restricted" },
  });
  const admitted = specsOf(driveManifests(plan), "NetworkPolicy").map(({ metadata, spec }) => [
    metadata.name,
    JSON.stringify(spec.ingress ?? []),
  ]);
  expect(Object.fromEntries(admitted)).toEqual({
    homes: expect.stringMatching(/"physics".*"hub".*8099/) as unknown,
    nodes: JSON.stringify([
      { from: [{ ipBlock: { cidr: plan.cluster.nodeCidr } }], ports: [{ port: 2049, protocol: "TCP" }] },
    ]),
    "default-deny": "[]",
  });
  const internet = specsOf(hub, "NetworkPolicy").find(
    ({ metadata }) => metadata.name === "singleuser-internet",
  );
  expect(JSON.stringify(internet?.spec)).toContain(plan.cluster.serviceCidr);
});

describe("in which order hubs and drives come, and go the other way round", () => {
  const hubs = {
    physics: { ...NATIVE, sharedDirectories: { course: { kind: "hub", hub: "statistics" } } },
    statistics: { ...NATIVE, homes: { kind: "drive" }, sharedDirectories: { course: { kind: "own" } } },
  };
  const plans = plannedOf(configOf("hubs", environmentWith(hubs))).parts["hub"] as readonly HubPlan[];
  const app = new App();
  hubCharts(app, plans);
  const { objects } = planCharts(app);
  const needs = new Map(objects.map(({ identity, dependsOn }) => [identity, dependsOn]));
  const identityOf = (key: string): string =>
    objects.find(({ manifest }) => keyOf(manifest) === key)?.identity ?? "missing";

  /** What is there before an object, and still there when it is gone. */
  function before(identity: string, seen: Set<string> = new Set()): ReadonlySet<string> {
    for (const each of needs.get(identity) ?? []) if (!seen.has(each)) before(each, seen.add(each));
    return seen;
  }

  test.each([
    "Namespace -/statistics",
    "PersistentVolume -/statistics-homes",
    "PersistentVolumeClaim statistics/homes",
    "Deployment statistics/hub",
    "PersistentVolume -/physics-shared-of-statistics",
    "Namespace -/physics",
  ])("the drive's server, then %s", (key) => {
    expect(before(identityOf(key))).toContain(identityOf("Deployment statistics-drive/drive"));
  });

  test("people's servers end with their namespace, and only then do the volumes go", () => {
    const volume = identityOf("PersistentVolume -/statistics-homes");
    const namespace = identityOf("Namespace -/statistics");
    expect(before(namespace)).toContain(volume);
    const claim = objects.find(
      ({ manifest }) => keyOf(manifest) === "PersistentVolumeClaim statistics/homes",
    );
    expect(claim?.options.deletedWith).toBe(namespace);
  });

  test("the directory of another hub is mounted read-only, from its drive", () => {
    const [physics, statistics] = plans;
    if (physics === undefined || statistics?.homes.kind !== "drive") throw new Error("no drive is planned");
    expect(ofKind(volumeManifests(physics), "PersistentVolume").map(({ spec }) => spec)).toMatchObject([
      {
        accessModes: ["ReadOnlyMany"],
        nfs: { server: statistics.homes.address, path: "/shared", readOnly: true },
        claimRef: { namespace: "physics", name: "shared-of-statistics" },
        persistentVolumeReclaimPolicy: "Retain",
      },
    ]);
  });
});

test("nothing blocks the drain of a drive's node", () => {
  const plan = hubPlan({ ...NATIVE, ...VARIANTS["drive"] });
  expect(ofKind(driveManifests(plan), "PodDisruptionBudget")).toEqual([]);
});

test("a shared directory beside homes in claims is a claim that many pods write", () => {
  const plan = hubPlan({ ...NATIVE, ...VARIANTS["shared directory in a claim"] });
  expect(
    ofKind(hubManifests(plan), "PersistentVolumeClaim").map(({ metadata, spec }) => [metadata.name, spec]),
  ).toEqual(
    expect.arrayContaining([
      [
        "directory-data",
        {
          accessModes: ["ReadWriteMany"],
          storageClassName: "shared-files",
          resources: { requests: { storage: "100Gi" } },
        },
      ],
    ]),
  );
});

describe("addresses of drives", () => {
  const networks = fc
    .tuple(fc.integer({ min: 12, max: 24 }), fc.integer({ min: 0, max: 255 }))
    .map(([prefix, second]) => {
      const size = 2 ** (32 - prefix);
      const start = Math.floor((toNumber("10.0.0.0") + second * 65536) / size) * size;
      return `${toIp(start)}/${prefix}`;
    });
  const names = fc.stringMatching(/^[a-z][a-z0-9-]{0,38}[a-z0-9]$/);

  test("are in the part of the network that the API server leaves alone, and none of the cluster's own", () => {
    fc.assert(
      fc.property(networks, names, (cidr, name) => {
        const address = defaultAddress(cidr, name);
        expect(isDriveAddress(cidr, address)).toBe(true);
        const network = parseCidr(cidr);
        for (const own of [0, 1, 10, NFS_PROVISIONER_ADDRESS])
          expect(address).not.toBe(addressAt(network, own));
        const band = Math.min(Math.max(16, 2 ** (32 - network.prefix) / 16), 256);
        expect(toNumber(address) - toNumber(addressAt(network, 0))).toBeLessThan(band);
        expect(defaultAddress(cidr, name)).toBe(address);
      }),
    );
  });

  test("that are free are none of those taken, while there are any", () => {
    fc.assert(
      fc.property(networks, fc.array(names, { maxLength: 40 }), (cidr, hubs) => {
        const taken = new Set(hubs.map((name) => defaultAddress(cidr, name)));
        const { first, last } = driveAddresses(cidr);
        const free = freeAddress(cidr, taken);
        if (free === undefined) expect(taken.size).toBe(toNumber(last) - toNumber(first) + 1);
        else expect([taken.has(free), isDriveAddress(cidr, free)]).toEqual([false, true]);
      }),
    );
  });
});
