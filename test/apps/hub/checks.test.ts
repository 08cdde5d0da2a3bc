/** What is said of a hub that would not work, exactly. */
import { findingText } from "../../../environment/findings";
import { checkEnvironment } from "../../environments";
import { changed, configOf, environmentOf, stackFiles, type Json } from "../../environment/configs";
import { ofKind } from "../manifests";
import { environmentWith, hubManifests, hubPlan, NATIVE, SIGN_INS } from "./hubs";

function said(hubs: Json, changes: Json = {}): readonly string[] {
  return checkEnvironment(configOf("hubs", environmentWith(hubs, changes)))
    .filter(({ severity }) => severity === "error")
    .map(findingText);
}

const dummy = SIGN_INS["dummy"] ?? {};

test.each<readonly [string, Json, readonly string[]]>([
  ["a native hub with an admin", NATIVE, []],
  ["a dummy hub that is not published", dummy, []],
  [
    "a published dummy hub",
    { ...dummy, published: true },
    [
      'apps.hub.hubs.physics.signIn.kind: "dummy" lets anybody in under any name, and the hub is published; write native, oidc, lti13 or lti11, or published: false',
    ],
  ],
  [
    "a native hub without an admin",
    { ...NATIVE, admins: [] },
    [
      "apps.hub.hubs.physics.admins: is empty, so nobody could approve the people who sign up; name at least one admin",
    ],
  ],
  [
    "JupyterHub 6 without an image",
    { ...SIGN_INS["lti11"], version: "6.1" },
    [
      'apps.hub.hubs.physics.image: is missing, and no image of JupyterHub 6.1 is published; name one of your own, or write version: "5.5"',
    ],
  ],
  [
    "JupyterHub 6 with an image",
    { ...SIGN_INS["lti11"], version: "6.1", image: { name: "r.example.org/hub", tag: "6.1.1" } },
    [],
  ],
  [
    "native sign-in under JupyterHub 6",
    { ...NATIVE, version: "6.1", image: { name: "r.example.org/hub", tag: "6.1.1" } },
    [
      'apps.hub.hubs.physics.signIn.kind: "native" fails for everybody under JupyterHub 6.1: nativeauthenticator 1.3.0, its newest release, is made for 5; write version: "5.5", or another way of signing in',
    ],
  ],
  [
    "shared homes without a class",
    { ...NATIVE, homes: { kind: "shared" } },
    [
      'apps.hub.hubs.physics.homes.kind: "shared" needs a class of volumes that many pods write at once, and the environment makes none; name one by homes.storageClass, set storage.shared, or write claim',
    ],
  ],
  [
    "shared homes in a class of the cluster",
    { ...NATIVE, homes: { kind: "shared", storageClass: "files" } },
    [],
  ],
  ["a drive", { ...NATIVE, homes: { kind: "drive", quota: "10Gi", address: "10.96.0.20" } }, []],
  [
    "a drive outside of the Service network",
    { ...NATIVE, homes: { kind: "drive", address: "10.20.0.20" } },
    [
      'apps.hub.hubs.physics.homes.address: "10.20.0.20" is outside cluster.serviceCidr, 10.96.0.0/12; choose one of 10.96.0.12–10.96.0.255, or leave it out',
    ],
  ],
  [
    "a drive at the address of the cluster's DNS",
    { ...NATIVE, homes: { kind: "drive", address: "10.96.0.10" } },
    [
      'apps.hub.hubs.physics.homes.address: "10.96.0.10" is one that the cluster itself uses or gives to Services; choose one of 10.96.0.12–10.96.0.255, or leave it out',
    ],
  ],
  [
    "a quota above the size of the drive",
    { ...NATIVE, homes: { kind: "drive", size: "50Gi", quota: "60Gi" } },
    [
      'apps.hub.hubs.physics.homes.quota: "60Gi" is more than the drive has, "50Gi"; allow each person less, or raise homes.size',
    ],
  ],
  [
    "a quota on homes in a shared class",
    { ...NATIVE, homes: { kind: "shared", storageClass: "files", quota: "10Gi" } },
    [
      'apps.hub.hubs.physics.homes.quota: "10Gi" is enforced by nothing: homes of kind shared have one claim, in which all files count together; write homes of kind drive or claim, or leave it out',
    ],
  ],
  [
    "a shared directory beside claims without a class that many pods write",
    { ...NATIVE, sharedDirectories: { data: { kind: "own" } } },
    [
      "apps.hub.hubs.physics.sharedDirectories.data.storageClass: is missing, and a directory that is not on a drive needs a class of volumes that many pods write at once, of which the environment makes none; name one, set storage.shared, or write homes of kind drive",
    ],
  ],
  [
    "a shared directory with a class",
    { ...NATIVE, sharedDirectories: { data: { kind: "own", storageClass: "files" } } },
    [],
  ],
  [
    "a shared directory in the class of shared homes",
    {
      ...NATIVE,
      homes: { kind: "shared", storageClass: "files" },
      sharedDirectories: { data: { kind: "own" } },
    },
    [],
  ],
  [
    "a class and too large a size for a shared directory on a drive",
    {
      ...NATIVE,
      homes: { kind: "drive", size: "50Gi" },
      sharedDirectories: { data: { kind: "own", storageClass: "files" }, big: { kind: "own", size: "1Ti" } },
    },
    [
      'apps.hub.hubs.physics.sharedDirectories.data.storageClass: "files" is not used: the directory is on the hub\'s drive; leave it out',
      'apps.hub.hubs.physics.sharedDirectories.big.size: "1Ti" is more than the drive has, "50Gi"; allow the directory less, or raise homes.size',
    ],
  ],
  [
    "the shared directory of a hub itself, and of none",
    {
      ...NATIVE,
      sharedDirectories: { data: { kind: "hub", hub: "physics" }, more: { kind: "hub", hub: "geology" } },
    },
    [
      'apps.hub.hubs.physics.sharedDirectories.data.hub: "physics" is this hub itself; write kind: own, or name another hub',
      'apps.hub.hubs.physics.sharedDirectories.more.hub: "geology" is no hub of the environment; name one of the hubs, when there is another one',
    ],
  ],
  [
    "guarantees that are limits",
    {
      ...NATIVE,
      server: { cpu: { guarantee: "2", limit: "2" } },
      profiles: { big: { title: "Big", memory: { guarantee: "2Gi", limit: "1Gi" } } },
    },
    [
      'apps.hub.hubs.physics.server.cpu.guarantee: "2" is not below the limit, "2"; guarantee less, so that idle servers share their nodes, or raise the limit',
      'apps.hub.hubs.physics.profiles.big.memory.guarantee: "2Gi" is not below the limit, "1Gi"; guarantee less, so that idle servers share their nodes, or raise the limit',
    ],
  ],
  [
    "a trait of the program",
    { ...NATIVE, traitlets: { "KubeSpawner.delete_pvc": true } },
    [
      "apps.hub.hubs.physics.traitlets.KubeSpawner.delete_pvc: is set by the program, from another key of the hub; leave it out, and change that key",
    ],
  ],
  [
    "a device that no worker has",
    { ...NATIVE, profiles: { pen: { title: "Pen", gpu: { resource: "example.com/pen" } } } },
    [
      "apps.hub.hubs.physics.profiles.pen.gpu: requests example.com/pen, which no pool of servers.workers offers; give a pool gpu: {resource: example.com/pen, count: 1}, or leave the key out",
    ],
  ],
])("%s", (_, hub, findings) => {
  expect(said({ physics: hub })).toEqual(findings);
});

test("the labels of a namespace that is there already are those of one that the program makes", () => {
  const hub = { ...NATIVE, existingNamespace: true };
  const [found] = checkEnvironment(configOf("hubs", environmentWith({ physics: hub }))).filter(
    ({ id }) => id === "hub.existing-namespace",
  );
  const [made] = ofKind(hubManifests(hubPlan(NATIVE)), "Namespace");
  const labels = Object.entries(made?.metadata.labels ?? {}).map(([key, value]) => `${key}=${value}`);
  const [before, words = ""] = (found === undefined ? "" : findingText(found)).split(" namespace physics ");
  expect(before).toBe(
    "apps.hub.hubs.physics.existingNamespace: the program does not label physics, which is there already; run kubectl label --overwrite",
  );
  expect(labels.length).toBeGreaterThan(5);
  expect(words.split(" ").sort()).toEqual(labels.sort());
});

test("hubs at one path, in one namespace, or one below the other", () => {
  expect(said({ physics: NATIVE, biology: { ...NATIVE, path: "/physics/" } })).toEqual([
    'apps.hub.hubs.biology.path: "hubs.hubs.example.org/physics/" is already served by apps.hub.hubs.physics.path; choose another host or path',
  ]);
  expect(said({ physics: NATIVE, biology: { ...NATIVE, namespace: "physics" } })).toEqual([
    'apps.hub.hubs.biology.namespace: "physics" is already the namespace of apps.hub.hubs.physics.namespace; choose another one',
  ]);
  expect(said({ physics: NATIVE, biology: { ...NATIVE, path: "/physics/biology/" } })).toEqual([
    'apps.hub.hubs.biology.path: "/physics/biology/" is below "/physics/", the path of the hub physics; choose paths beside each other, such as /physics/ and /biology/',
  ]);
});

test("shared directories of another hub", () => {
  const mount = (hub: string, directory = "data") => ({
    ...NATIVE,
    sharedDirectories: { data: { kind: "hub", hub, directory } },
  });
  const drive = { ...NATIVE, homes: { kind: "drive" }, sharedDirectories: { data: { kind: "own" } } };
  const claims = { ...NATIVE, sharedDirectories: { data: { kind: "own", storageClass: "files" } } };
  expect(said({ physics: mount("biology"), biology: drive })).toEqual([]);
  expect(said({ physics: mount("biology", "dta"), biology: drive })).toEqual([
    'apps.hub.hubs.physics.sharedDirectories.data.directory: "dta" is no directory of the hub biology, which has data of its own; name one of them, or add it there',
  ]);
  expect(said({ physics: mount("biology"), biology: claims })).toEqual([
    'apps.hub.hubs.physics.sharedDirectories.data.hub: "biology" has its directories in claims, which only its own namespace can mount; write homes of kind drive for biology',
  ]);
});

test("a quota in a cluster that somebody else made needs a class by name", () => {
  const existing = environmentOf(stackFiles().get("existing-cluster") ?? {}) as Json;
  const quota = (homes: Json): readonly string[] =>
    checkEnvironment(
      configOf("science", changed(existing, { apps: { hub: { hubs: { physics: { ...NATIVE, homes } } } } })),
    )
      .filter(({ id }) => id.startsWith("hub."))
      .map(findingText)
      .filter((text) => text.includes("quota"));
  expect(quota({ kind: "drive", quota: "10Gi" })).toEqual([
    'apps.hub.hubs.physics.homes.quota: "10Gi" needs a class whose volumes are XFS with the mount option prjquota, and the program makes none in a cluster that it does not own; name such a class by homes.storageClass, or leave the quota out',
  ]);
  expect(quota({ kind: "drive", quota: "10Gi", storageClass: "xfs" })).toEqual([]);
});

test("drives at one address, or in a namespace of another hub", () => {
  const drive = { ...NATIVE, homes: { kind: "drive", address: "10.96.0.20" } };
  expect(said({ physics: drive, biology: drive })).toEqual([
    'apps.hub.hubs.biology.homes.address: "10.96.0.20" is already the address of the drive of physics; write one that is free, such as 10.96.0.12',
  ]);
  expect(said({ physics: drive, "physics-drive": NATIVE })).toEqual([
    'apps.hub.hubs.physics-drive.namespace: "physics-drive" is already the namespace of apps.hub.hubs.physics.homes.kind; choose another one',
  ]);
});

test("a drive in a network plugin that enforces no policies", () => {
  const flannel = { "cluster.cni": { kind: "flannel", backend: "vxlan" } };
  expect(said({ physics: { ...NATIVE, homes: { kind: "drive" } } }, flannel)).toEqual([
    'cluster.cni.policy: "none" enforces no NetworkPolicy, and hubs keep people\'s servers apart by them; write kube-router, or another cluster.cni.kind, such as calico',
  ]);
});

test("a network plugin that enforces no policies", () => {
  const flannel = { "cluster.cni": { kind: "flannel", backend: "vxlan" } };
  expect(said({ physics: NATIVE }, flannel)).toEqual([
    'cluster.cni.policy: "none" enforces no NetworkPolicy, and hubs keep people\'s servers apart by them; write kube-router, or another cluster.cni.kind, such as calico',
  ]);
});

test("nodes of a purpose that no worker has", () => {
  const workers = { "servers.workers": { general: { flavor: "m1.large", min: 2 } } };
  const missing = (purpose: string): string =>
    `apps.hub.hubs.physics.nodePurpose: runs on nodes with hub.jupyter.org/node-purpose: ${purpose}, which no pool of servers.workers has; give a pool labels: {hub.jupyter.org/node-purpose: ${purpose}}`;
  expect(said({ physics: { ...NATIVE, nodePurpose: "require" } }, workers)).toEqual([
    missing("core"),
    missing("user"),
  ]);
  expect(said({ physics: NATIVE }, workers)).toEqual([]);
});
