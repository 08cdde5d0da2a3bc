/** What is said of users' pods that would not work, exactly. */
import { findingText } from "../../../environment/findings";
import { checkEnvironment, parseEnvironment } from "../../environments";
import { configOf, ownerBase, changed, tenantBase, type Json } from "../../environment/configs";
import { behindGateway, LDAP, OIDC } from "./gateway/gateways";
import { environmentWith, NODE_PORTS } from "./pods";

function said(changes: Json, others: Json = {}, severity = "error"): readonly string[] {
  return checkEnvironment(configOf("savu", environmentWith(changes, others)))
    .filter((each) => each.severity === severity)
    .map(findingText);
}

const AT = "apps.userPods";

test.each<readonly [string, Json, readonly string[]]>([
  ["the example", {}, []],
  ["ports of the window", NODE_PORTS, []],
  ["a group that users share", { "users.ada.gid": 100, "users.grace.gid": 100 }, []],
  [
    "one UID twice",
    { "users.grace.uid": 37214 },
    [
      `${AT}.users.grace.uid: 37214 is already the UID of ${AT}.users.ada.uid; write the UID that the file server has for this user`,
    ],
  ],
  [
    "another user's own group",
    { "users.grace.gid": 37214 },
    [
      `${AT}.users.grace.gid: 37214 is the group of ${AT}.users.ada.uid alone; write a group of this user, or a common one for both as gid of ada too`,
    ],
  ],
  [
    "two containers at one port",
    { "containers.api.port": 8080 },
    [
      `${AT}.containers.dataserver.port: 8080 is already the port of ${AT}.containers.api.port, and the containers of a pod share one network; let one of the two listen on another port`,
    ],
  ],
  [
    "several containers with a port, and no entry",
    { entry: undefined },
    [`${AT}.entry: is missing, and several containers have a port; write one of web, api, dataserver`],
  ],
  [
    "no container",
    { containers: {}, volumes: {}, entry: undefined },
    [`${AT}.entry: is missing, and no container has a port; give a container its port`],
  ],
  [
    "an entry that does not listen",
    { entry: "proxy" },
    [`${AT}.entry: "proxy" is no container with a port; write one of web, api, dataserver`],
  ],
  [
    "a mount of no volume",
    { "containers.web.mounts": { scans: { path: "/scans" } } },
    [`${AT}.containers.web.mounts.scans: is no volume of the pods; write one of data`],
  ],
  [
    "two mounts at one path",
    { "containers.api.scratch": { "/dls/tmp": "1Gi" } },
    [
      `${AT}.containers.api.scratch./dls/tmp: "/dls/tmp" is already the path of ${AT}.containers.api.mounts.data.path; choose another path for one of them`,
    ],
  ],
  [
    "a volume that nothing mounts",
    { "volumes.home": { kind: "perUser" } },
    [
      `${AT}.volumes.home: is mounted by no container; mount it, by mounts.home of a container, or leave it out`,
    ],
  ],
  [
    "a request that is the limit",
    { "containers.web.cpu": { request: "1", limit: "1" }, "containers.api.memory": { request: "4Gi" } },
    [
      `${AT}.containers.web.cpu.request: "1" is not below the limit, "1"; request less, so that idle pods share their nodes, or raise the limit`,
      `${AT}.containers.api.memory.request: "4Gi" is not below the limit, "2Gi"; request less, so that idle pods share their nodes, or raise the limit`,
    ],
  ],
  [
    "a port of nodes behind the ingress",
    { "users.ada.nodePort": 30048 },
    [
      `${AT}.users.ada.nodePort: has no effect, since exposure.kind is ingress; remove it, or write exposure.kind: nodePort`,
    ],
  ],
  [
    "users without a port, at one of another, and outside of the window",
    {
      ...NODE_PORTS,
      "users.linus": { uid: 1 },
      "users.edsger": { uid: 2, nodePort: 30048 },
      "users.barbara": { uid: 3, nodePort: 30500 },
    },
    [
      `${AT}.users.linus.nodePort: is missing; write a free one: 30050, 30051, 30052, 30053, 30054, 30055, 30056, 30057, 30058, 30059, 30060`,
      `${AT}.users.barbara.nodePort: 30500 is not in ports.window; write a free one: 30050, 30051, 30052, 30053, 30054, 30055, 30056, 30057, 30058, 30059, 30060`,
      `${AT}.users.edsger.nodePort: 30048 is already the port of ${AT}.users.ada.nodePort; write a free one: 30050, 30051, 30052, 30053, 30054, 30055, 30056, 30057, 30058, 30059, 30060`,
    ],
  ],
  ["a gateway", behindGateway(OIDC), []],
  [
    "two users with one name of the sign-in",
    behindGateway(OIDC, { "users.grace.signInName": "ada" }),
    [
      `${AT}.users.grace.signInName: "ada" is already the name by which ${AT}.users.ada signs in; write the name that the sign-in has for this user`,
    ],
  ],
  [
    "a name of the sign-in without a gateway",
    { "users.ada.signInName": "ada@example.org" },
    [
      `${AT}.users.ada.signInName: has no effect, since exposure.kind is ingress; remove it, or write exposure.kind: gateway`,
    ],
  ],
  [
    "LDAP without a directory",
    behindGateway(LDAP, { directory: undefined }),
    [
      `${AT}.exposure.identity.kind: "ldap" needs a directory, and ${AT}.directory is missing; describe the directory there, or write another kind`,
    ],
  ],
])("%s", (_, changes, findings) => {
  expect(said(changes)).toEqual(findings);
});

test("more users than ports", () => {
  const narrow = { "ports.window": { from: 30048, to: 30048 } };
  expect(said(NODE_PORTS, narrow)).toEqual([
    `${AT}.exposure.kind: "nodePort" has 1 ports of ports.window for 2 users; write exposure.kind: ingress, which has a path for any number of users`,
  ]);
  expect(said(NODE_PORTS, { "ports.window": undefined })).toEqual([
    `${AT}.exposure.kind: "nodePort" needs ports of ports.window, which is not set; write exposure.kind: ingress, which has a path for any number of users`,
  ]);
});

test("ports of nodes have no sign-in, which is said", () => {
  expect(said(NODE_PORTS, {}, "warning")).toContain(
    `${AT}.exposure.kind: "nodePort" has no sign-in: whoever may connect to ports.window uses every pod, with its user's files; write exposure.kind: ingress, or let the program in the pod ask for a sign-in`,
  );
  expect(said({}, {}, "warning").join()).not.toContain("no sign-in");
});

test.each<readonly [string, Json, string]>([
  [
    "root",
    { "users.ada.uid": 0 },
    `${AT}.users.ada.uid: 0 is less than 1; write the UID of the user, which is never 0, root's`,
  ],
  [
    "a name for a number",
    { "users.ada.gid": "staff" },
    `${AT}.users.ada.gid: "staff" is a string; write the GID of the user`,
  ],
  [
    "a sign-in that does not ask whose pod it is",
    { "exposure.auth.url": "http://auth.example.org/auth" },
    `${AT}.exposure.auth.url: "http://auth.example.org/auth" does not ask who may open whose pod; write a URL with {uid} or {user} in its path or query, such as http://oauth2-proxy.sign-in.svc.cluster.local/oauth2/auth?allowed_emails={user}@example.org`,
  ],
  [
    "an entry of nobody in the directory",
    behindGateway({ ...LDAP, dn: "ou=people,dc=example,dc=org" }),
    `${AT}.exposure.identity.dn: "ou=people,dc=example,dc=org" names no person; write {name} in it, such as uid={name},ou=people,dc=example,dc=org`,
  ],
  [
    "pods that are stopped at once",
    behindGateway(OIDC, {}, { idle: { kind: "stop", afterSeconds: 60 } }),
    `${AT}.exposure.idle.afterSeconds: 60 is less than 300; write seconds, 300 or more`,
  ],
])("%s is refused", (_, changes, text) => {
  const parsed = parseEnvironment("savu", environmentWith(changes));
  expect(parsed.ok ? [] : parsed.findings.map(findingText)).toEqual([text]);
});

test("a network plugin that enforces no policies", () => {
  expect(said({}, { "cluster.cni": { kind: "flannel", backend: "vxlan" } })).toEqual([
    'cluster.cni.policy: "none" enforces no NetworkPolicy, and users\' pods are kept apart by them; write kube-router, or another cluster.cni.kind, such as calico',
  ]);
});

test("a tenant, and a cluster without admission policies", () => {
  const apps = (environmentWith()["apps"] ?? {}) as Json;
  const needs = `${AT}: needs an admission policy, so that nobody runs as another user, and`;
  const tenant = changed(tenantBase(), { apps });
  const owner = configOf("lab", ownerBase());
  expect(checkEnvironment(configOf("test", tenant), owner).map(findingText)).toContain(
    `${needs} only the owner of a cluster makes one; describe the pods in the owner's configuration`,
  );
  expect(said({}, { "cluster.version": "1.25" })).toContain(
    `${needs} the API server of 1.25 has none; take Kubernetes 1.30 or newer`,
  );
});
