/** The objects of a hub, and what its configuration changes. */
import { App, ApiObject } from "cdk8s";
import { HubChart } from "../../../apps/hub/chart";
import { objectOptions } from "../../../deploy/object-options";
import { ofKind, podOf, specsOf } from "../manifests";
import { outline, outlineDifference } from "../outline";
import { hubManifests, hubPlan, NATIVE, SIGN_INS, VARIANTS } from "./hubs";
import type { Json } from "../../environment/configs";

/** Without the text of the program that copies the database. */
const outlineOf = (written: Json, changes?: Json): string =>
  outline(
    hubManifests(hubPlan(written, changes)).filter(({ metadata }) => metadata.name !== "hub-database-script"),
  );

test("the objects of a hub", () => {
  expect(outlineOf(NATIVE)).toMatchSnapshot();
});

test("what a hub has with homes in a shared class", () => {
  expect(
    outlineDifference(outlineOf(NATIVE), outlineOf({ ...NATIVE, ...VARIANTS["shared"] })),
  ).toMatchSnapshot();
});

test("what a hub has with copies of its database", () => {
  const backups = { endpoint: "https://objects.example.org:8443", bucket: "hub-backups" };
  expect(
    outlineDifference(outlineOf(NATIVE), outlineOf(NATIVE, { "apps.hub.backups": backups })),
  ).toMatchSnapshot();
});

test("what a hub has when its metrics are read", () => {
  const metrics = { "apps.hub.metrics": { namespace: "monitoring" } };
  expect(outlineDifference(outlineOf(NATIVE), outlineOf(NATIVE, metrics))).toMatchSnapshot();
});

test("a hub may do what KubeSpawner calls, and delete no home", () => {
  const rules = (written: Json): unknown =>
    ofKind(hubManifests(hubPlan(written)), "Role").flatMap(({ rules: list }) =>
      list?.map(({ resources, verbs }) => `${resources?.join() ?? ""}: ${verbs.join(" ")}`),
    );
  const spawns = ["pods: get list watch create delete", "events: get list watch"];
  expect(rules(NATIVE)).toEqual([...spawns, "persistentvolumeclaims: get create"]);
  expect(rules({ ...NATIVE, ...VARIANTS["shared"] })).toEqual(spawns);
});

test("hub and proxy have zero-to-jupyterhub's labels, and those of the lab stay as they are", () => {
  const labels = ofKind(hubManifests(hubPlan(NATIVE)), "Deployment").map(
    (each) => podOf(each).metadata.labels,
  );
  expect(labels).toEqual([
    expect.objectContaining({
      app: "jupyterhub",
      component: "hub",
      "hub.jupyter.org/network-access-proxy-api": "true",
      "app.kubernetes.io/name": "hub",
    }),
    expect.objectContaining({
      app: "jupyterhub",
      component: "proxy",
      "hub.jupyter.org/network-access-hub": "true",
      "hub.jupyter.org/network-access-singleuser": "true",
      "app.kubernetes.io/name": "proxy",
    }),
  ]);
});

test("database and shared homes are protected, and nothing else is", () => {
  const guarded = (written: Json): readonly string[] =>
    new HubChart(new App(), "hub", hubPlan(written)).node
      .findAll()
      .filter((construct): construct is ApiObject => construct instanceof ApiObject)
      .filter((object) => objectOptions(object).protect === true)
      .map(({ name }) => name);
  expect(guarded(NATIVE)).toEqual(["hub-db-dir"]);
  expect(guarded({ ...NATIVE, ...VARIANTS["shared"] })).toEqual(["hub-db-dir", "homes"]);
});

test("the quota has room for as many servers as may run, each as large as the largest choice", () => {
  const quota = (written: Json): unknown =>
    new HubChart(new App(), "hub", hubPlan(written)).labNamespace.quota;
  expect(quota({ ...NATIVE, activeServerLimit: 100 })).toEqual({
    pods: 102,
    requests: { cpuMillis: 11_000, memoryMiB: 51 * 1024, ephemeralMiB: 51 * 1024 },
    limits: { cpuMillis: 103_000, memoryMiB: 102 * 1024, ephemeralMiB: 816 * 1024 },
    claims: 201,
    largestClaimGiB: 1024,
    storageGiB: 2048,
  });
  expect(quota({ ...NATIVE, activeServerLimit: 100, ...VARIANTS["profiles"] })).toMatchObject({
    requests: { cpuMillis: 201_000, memoryMiB: 401 * 1024 },
  });
});

test("the quota has room for the homes of all people, and for one claim of any size", () => {
  const quota = (written: Json): unknown =>
    new HubChart(new App(), "hub", hubPlan({ ...NATIVE, ...written })).labNamespace.quota;
  const homes = { kind: "claim", size: "20Gi", people: 1000 };
  expect(quota({ homes })).toMatchObject({ claims: 1001, storageGiB: 20_001 });
  const shared = { ...VARIANTS["shared"], homes: { kind: "shared", storageClass: "files", size: "5Ti" } };
  expect(quota(shared)).toMatchObject({ largestClaimGiB: 5120, storageGiB: 5121 });
});

test("a namespace and a claim that are there already are used, and neither made nor deleted", () => {
  const manifests = hubManifests(hubPlan({ ...NATIVE, ...VARIANTS["moved from a chart"] }));
  expect(["Namespace", "PersistentVolumeClaim"].flatMap((kind) => ofKind(manifests, kind))).toEqual([]);
  const [hub] = ofKind(manifests, "Deployment").map((each) => podOf(each).spec.volumes);
  expect(JSON.stringify(hub)).toContain('"claimName":"hub-db-dir"');
});

test("a hub that is not published has no host, and the ingress controller does not reach it", () => {
  const manifests = hubManifests(hubPlan(SIGN_INS["dummy"] ?? {}));
  expect(ofKind(manifests, "Ingress")).toEqual([]);
  expect(JSON.stringify(ofKind(manifests, "NetworkPolicy"))).not.toContain("ingress-nginx");
});

test("servers reach the internet, but nothing inside: no node, Service, other pod or metadata", () => {
  const internet = (written: Json): readonly unknown[] =>
    specsOf(hubManifests(hubPlan(written)), "NetworkPolicy")
      .filter(({ metadata }) => metadata.name === "singleuser-internet")
      .map(({ spec }) => spec);
  const plan = hubPlan(NATIVE);
  expect(internet(NATIVE)).toEqual([
    {
      podSelector: { matchLabels: { "app.kubernetes.io/name": "singleuser-server" } },
      policyTypes: ["Egress"],
      egress: [
        {
          to: [
            {
              ipBlock: {
                cidr: "0.0.0.0/0",
                except: expect.arrayContaining([
                  "169.254.0.0/16",
                  "10.0.0.0/8",
                  plan.cluster.nodeCidr,
                  plan.cluster.serviceCidr,
                  plan.cluster.podCidr,
                ]) as unknown,
              },
            },
          ],
        },
      ],
    },
  ]);
  expect(internet({ ...NATIVE, server: { internet: false } })).toEqual([]);
});

test("a changed setting restarts the hub, and not the proxy", () => {
  const checksums = (written: Json): readonly unknown[] =>
    ofKind(hubManifests(hubPlan(written)), "Deployment").map(
      (each) => podOf(each).metadata.annotations?.["labstead.dev/config-checksum"],
    );
  const [hub, proxy] = checksums(NATIVE);
  expect(checksums({ ...NATIVE, admins: ["grace"] })).toEqual([
    expect.not.stringMatching(String(hub)),
    proxy,
  ]);
});
