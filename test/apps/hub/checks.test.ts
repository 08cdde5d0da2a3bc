/** What is said of a hub that would not work, exactly. */
import { findingText } from "../../../environment/findings";
import { checkEnvironment } from "../../environments";
import { configOf, type Json } from "../../environment/configs";
import { environmentWith, NATIVE, SIGN_INS } from "./hubs";

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
