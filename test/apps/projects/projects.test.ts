/** The objects of projects, and what their configuration changes. */
import { App, ApiObject } from "cdk8s";
import fc from "fast-check";
import { ProjectChart } from "../../../apps/projects/chart";
import { stackHost, stackName, stackPath } from "../../../apps/projects/names";
import { CLUSTERS, NOTEBOOKS, SITES, STORES } from "../../../apps/projects/stacks/kinds";
import { STACKS } from "../../../apps/projects/stacks/table";
import { objectOptions } from "../../../deploy/object-options";
import {
  changed,
  configOf,
  environmentOf,
  plannedOf,
  planOf,
  stackFiles,
  type Json,
} from "../../environment/configs";
import { keyOf, ofKind, podOf, specsOf, volumesOf, workloadOf, workloads } from "../manifests";
import { outline, outlineDifference } from "../outline";
import { environmentWith, manifestsOf, projectPlans, withStacks } from "./projects";

const NOTES = { kind: "jupyterlab", storage: "work" };
const ALL_KINDS = [...NOTEBOOKS, ...SITES, ...STORES, ...CLUSTERS];
const ASSETS = { maps: { kind: "nfs", server: "10.20.1.10", path: "/export/maps" } };

/** Objects of the namespace of the stacks, without what every project has. */
function outlineOf(changes: Json): string {
  const before = manifestsOf(withStacks({})).map(keyOf);
  return outline(manifestsOf(changes).filter((each) => !before.includes(keyOf(each))));
}

test("a project without stacks", () => {
  expect(outline(manifestsOf(withStacks({}, { assets: ASSETS })))).toMatchSnapshot();
});

test.each<readonly [string, Json]>([
  ["a notebook", { notes: NOTES }],
  ["a site", { rivers: { kind: "panel", storage: "work", folder: "sites/rivers", replicas: 2 } }],
  ["a store", { samples: { kind: "minio", storage: "work" } }],
  ["a cluster", { large: { kind: "spark", storage: "work" } }],
])("the objects of %s", (_, stacks) => {
  expect(outlineOf(withStacks(stacks))).toMatchSnapshot();
});

test.each<readonly [string, Json, Json]>([
  ["pods that it starts", { notes: { ...NOTES, submitsPods: true } }, {}],
  ["shared assets", { notes: NOTES }, { assets: ASSETS }],
])("what changes of a notebook with %s", (_, stacks, project) => {
  const plain = outlineOf(withStacks({ notes: NOTES }));
  expect(outlineDifference(plain, outlineOf(withStacks(stacks, project)))).toMatchSnapshot();
});

test("what people bring themselves is behind the sign-in of the stacks", () => {
  const services = { mlflow: { port: 5000 }, map: { port: 8080, public: { reason: "a published map" } } };
  expect(outlineOf(withStacks({}, { services }))).toMatchSnapshot();
});

test("what changes with a page for everybody", () => {
  const site = { kind: "voila", storage: "work", folder: "reports" };
  const of = (reports: Json): string => outlineOf(withStacks({ reports }));
  expect(outlineDifference(of(site), of({ ...site, public: { reason: "published" } }))).toMatchSnapshot();
});

test("every kind has an image, a port and a program, and starts", () => {
  const image = { name: "registry.example.org/own", tag: "1.0.0" };
  for (const kind of ALL_KINDS) {
    const folder = (SITES as readonly string[]).includes(kind) ? { folder: "site" } : {};
    const objects = manifestsOf(withStacks({ one: { kind, storage: "work", image, ...folder } }));
    const pods = workloads(objects);
    expect(pods.map(({ metadata }) => metadata.name)).toEqual(
      (CLUSTERS as readonly string[]).includes(kind)
        ? [`${kind}-one-scheduler`, `${kind}-one-worker`]
        : [`${kind}-one`],
    );
    for (const each of pods) {
      expect(podOf(each).metadata.labels["user-pod"]).toBe(kind);
      expect(podOf(each).spec.containers.map((container) => container.image)).toEqual([
        "registry.example.org/own:1.0.0",
      ]);
    }
  }
});

test("only images that need root lower the level of their namespace, with the reason", () => {
  const levels = (kind: string, more: Json = {}): unknown =>
    ofKind(manifestsOf(withStacks({ one: { kind, storage: "work", ...more } })), "Namespace").map(
      ({ metadata: { name, labels } }) => `${name} ${labels?.["pod-security.kubernetes.io/enforce"] ?? ""}`,
    );
  const site = { folder: "site" };
  for (const [kind, more] of [["jupyter"], ["rstudio"], ["zeppelin"], ["rshiny", site]] as const)
    expect({ kind, levels: levels(kind, more) }).toEqual({
      kind,
      levels: ["soil baseline", "soil-compute baseline"],
    });
  for (const [kind, more] of [
    ["jupyterlab"],
    ["vscode"],
    ["minio"],
    ["panel", site],
    ["dask"],
    ["spark"],
  ] as const)
    expect({ kind, levels: levels(kind, more) }).toEqual({
      kind,
      levels: ["soil restricted", "soil-compute baseline"],
    });
  const [plan] = projectPlans(withStacks({ one: { kind: "rstudio", storage: "work" } }));
  expect(new ProjectChart(new App(), "project", plan!).exceptions).toEqual([
    {
      workload: "rstudio-one",
      container: "rstudio",
      kind: "security",
      text: "rootUser, writableRootFilesystem: s6 and the server start as root, and each session becomes the user rstudio",
    },
  ]);
});

test("routes ask about the project, but those that are public", () => {
  const stacks = {
    notes: NOTES,
    statistics: { kind: "rstudio", storage: "work" },
    reports: { kind: "voila", storage: "work", folder: "reports", public: { reason: "published" } },
    rivers: { kind: "panel", storage: "work", folder: "rivers" },
  };
  const routes = (changes: Json): unknown =>
    specsOf(
      manifestsOf({ ...withStacks(stacks, { groups: { "a:b": "edit", c: "view" } }), ...changes }),
      "Ingress",
    ).map(({ metadata: { annotations = {} }, spec: { rules } }) => [
      ...rules.map(({ host, http }) => host + http.paths.map(({ path }) => path).join()),
      annotations["nginx.ingress.kubernetes.io/auth-url"],
      annotations["nginx.ingress.kubernetes.io/auth-signin"],
    ]);
  const asked = "http://oauth2-proxy.sign-in.svc.cluster.local/oauth2/auth?allowed_groups=a%3Ab,c";
  const signIn = "https://science.example.org/oauth2/start";
  expect(routes({})).toEqual([
    ["projects.science.example.org/resource/soil/notes", asked, signIn],
    ["projects.science.example.org/resource/soil/statistics(/|$)(.*)", asked, signIn],
    ["soil-reports.science.example.org/", undefined, undefined],
    ["soil-rivers.science.example.org/", asked, signIn],
  ]);
  const own = {
    auth: { url: "http://auth.lab.svc/auth?project={project}" },
    host: "lab.science.example.org",
  };
  expect(routes(own)).toContainEqual([
    "lab.science.example.org/resource/soil/notes",
    "http://auth.lab.svc/auth?project=soil",
    undefined,
  ]);
});

test("pages that keep a session send a browser to its pod, and no others", () => {
  const affinity = (kind: string, more: Json = {}): unknown =>
    ofKind(manifestsOf(withStacks({ one: { kind, storage: "work", ...more } })), "Ingress").map(
      ({ metadata: { annotations = {} } }) => annotations["nginx.ingress.kubernetes.io/session-cookie-name"],
    );
  for (const kind of ["rshiny", "panel", "streamlit", "voila"])
    expect(affinity(kind, { folder: "site" })).toEqual([`${kind}-pod`]);
  expect(affinity("jupyterlab")).toEqual([undefined]);
});

test("what a site or an asset mounts cannot be written, by the mount and by the volume", () => {
  const site = { rivers: { kind: "panel", storage: "work", folder: "sites/rivers" } };
  const [pod] = workloads(manifestsOf(withStacks(site, { assets: ASSETS })));
  const claims = volumesOf(pod!).filter(({ persistentVolumeClaim }) => persistentVolumeClaim !== undefined);
  expect(claims).toEqual([
    { name: "storage", persistentVolumeClaim: { claimName: "work-claim", readOnly: true } },
    { name: "assets-maps", persistentVolumeClaim: { claimName: "maps-assets", readOnly: true } },
  ]);
  const [container] = podOf(pod!).spec.containers;
  expect(container?.volumeMounts?.filter(({ name }) => claims.some((each) => each.name === name))).toEqual([
    { name: "storage", mountPath: "/data", readOnly: true },
    { name: "storage", mountPath: "/notebooks", subPath: "sites/rivers", readOnly: true },
    { name: "assets-maps", mountPath: "/assets/maps", readOnly: true },
  ]);
});

test("a notebook's folder is made first, by the user of all files", () => {
  for (const kind of NOTEBOOKS) {
    const [pod] = workloads(manifestsOf(withStacks({ one: { kind, storage: "work" } }, { assets: ASSETS })));
    const [folders] = podOf(pod!).spec.initContainers ?? [];
    expect(folders).toMatchObject({
      name: "folders",
      command: [
        "sh",
        "-c",
        '[ -d "$0" ] || { umask 002; mkdir -p "$0"; } && ln -sfn /assets "$0/assets"',
        "/data/notebooks/one",
      ],
      securityContext: { runAsUser: 1000, runAsGroup: 100, runAsNonRoot: true },
    });
  }
});

test("passwords are in Secrets of their stacks alone, and never as text", () => {
  const all = JSON.stringify(manifestsOf().filter(({ kind }) => kind !== "Secret"));
  expect(all).not.toContain("labstead:secret");
  const secrets = ofKind(manifestsOf(), "Secret").map((each) => [
    keyOf(each),
    ...Object.keys(each.stringData ?? {}),
  ]);
  expect(secrets).toEqual([
    ["Secret soil/jupyterlab-notes", "token"],
    ["Secret soil/jupyter-classic", "token"],
    ["Secret soil/rstudio-statistics", "password"],
    ["Secret soil/vscode-code", "password"],
    ["Secret soil/zeppelin-journal", "password", "shiro.ini"],
    ["Secret soil/minio-samples", "accessKey", "secretKey"],
    ["Secret oceans/jupyterlab-notes", "token"],
  ]);
});

test("each password is declared once, and can be renewed", () => {
  const { secrets } = planOf(configOf("projects", environmentWith()));
  expect(secrets.map(({ name }) => name)).toEqual([
    "projects.soil.notes.token",
    "projects.soil.classic.token",
    "projects.soil.statistics.password",
    "projects.soil.code.password",
    "projects.soil.journal.password",
    "projects.soil.samples.access-key",
    "projects.soil.samples.secret-key",
    "projects.oceans.notes.token",
  ]);
  for (const each of secrets)
    expect(each.kind === "password" ? each.rotation.kind : each.kind).toBe("rotate");
});

test("workers follow the load between one and eight, unless their number is fixed", () => {
  const scaled = (workers: Json): unknown =>
    ofKind(manifestsOf(withStacks({ small: { kind: "dask", workers } })), "HorizontalPodAutoscaler").map(
      ({ spec }) => spec,
    );
  expect(scaled({})).toEqual([
    {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "dask-small-worker" },
      minReplicas: 1,
      maxReplicas: 8,
      metrics: ["cpu", "memory"].map((name) => ({
        type: "Resource",
        resource: { name, target: { type: "Utilization", averageUtilization: 50 } },
      })),
      behavior: { scaleDown: { stabilizationWindowSeconds: 300 } },
    },
  ]);
  expect(scaled({ min: 3, max: 3 })).toEqual([]);
  const [, worker] = workloads(
    manifestsOf(withStacks({ small: { kind: "dask", workers: { min: 3, max: 3 } } })),
  );
  expect(workloadOf(worker!).replicas).toBe(3);
});

test("a cluster is reached from the project's own namespace, and its workers by each other alone", () => {
  const policies = specsOf(manifestsOf(withStacks({ small: { kind: "dask" } })), "NetworkPolicy");
  const into = (name: string): unknown =>
    policies
      .filter(({ metadata }) => metadata.name === name)
      .flatMap(({ spec }) =>
        (spec.ingress ?? []).map(({ from = [], ports = [] }) => [
          ports.map(({ port }) => port).join(),
          ...from.map(({ podSelector, namespaceSelector }) => [
            namespaceSelector,
            podSelector?.matchLabels?.["app.kubernetes.io/name"],
          ]),
        ]),
      );
  const own = [
    [undefined, "dask-small-scheduler"],
    [undefined, "dask-small-worker"],
  ];
  expect(into("dask-small-scheduler")).toEqual([
    ["8786", [undefined, undefined], ...own],
    ["8787", [undefined, undefined]],
  ]);
  expect(into("dask-small-worker")).toEqual([
    ["8788", ...own],
    ["8789", ...own],
  ]);
});

test("pods reach the internet only where the project may", () => {
  const open = (internet: boolean): number =>
    specsOf(manifestsOf(withStacks({ notes: NOTES }, { internet })), "NetworkPolicy").filter(({ spec }) =>
      JSON.stringify(spec.egress ?? []).includes("0.0.0.0/0"),
    ).length;
  expect(open(true)).toBe(2);
  expect(open(false)).toBe(0);
});

test("people get the role of their group in both namespaces, by the provider's own name", () => {
  const bindings = (others: Json): unknown =>
    ofKind(
      manifestsOf(withStacks({}, { groups: { a: "edit", b: "edit", c: "view" } }), others),
      "RoleBinding",
    )
      .filter(({ metadata }) => metadata.labels?.["app.kubernetes.io/component"] === "people")
      .map((each) => [keyOf(each), JSON.stringify((each as { subjects?: unknown }).subjects)]);
  const group = (name: string): string =>
    `{"apiGroup":"rbac.authorization.k8s.io","kind":"Group","name":"${name}"}`;
  expect(bindings({})).toEqual(
    ["soil", "soil-compute"].flatMap((namespace) => [
      [`RoleBinding ${namespace}/project-edit`, `[${group("a")},${group("b")}]`],
      [`RoleBinding ${namespace}/project-view`, `[${group("c")}]`],
    ]),
  );
});

test("groups of the API server's own provider have its prefix", () => {
  const ska = environmentOf(stackFiles().get("ska") ?? {}) as Json;
  const config = (environmentWith()["apps"] as Json)["projects"] as Json;
  const projects = { ...config, ...withStacks({}, { storage: {} }) };
  const environment = changed(ska, { "cluster.oidc.groupsClaim": "groups", "apps.projects": projects });
  const { parts } = plannedOf(configOf("ska", environment));
  expect(JSON.stringify(parts["projects"])).toContain('"principal":"oidc:researchers"');
});

test("claims of a project and their namespace stay when it is removed, and no other object does", () => {
  const kept = (changes: Json): readonly string[] =>
    projectPlans(changes).flatMap((plan) =>
      new ProjectChart(new App(), "project", plan).node
        .findAll()
        .filter((each): each is ApiObject => each instanceof ApiObject)
        .filter((object) => objectOptions(object).retainOnDelete === true)
        .map(({ kind, name }) => `${kind} ${name}`),
    );
  expect(kept(withStacks({}))).toEqual(["PersistentVolumeClaim work-claim", "Namespace soil"]);
  expect(kept(withStacks({}, { storage: {} }))).toEqual([]);
});

test("the quota has room for all stacks with all workers, and for every claim", () => {
  const [plan] = projectPlans(
    withStacks({ large: { kind: "spark", storage: "work" } }, { storage: { work: { size: "3Ti" } } }),
  );
  expect(new ProjectChart(new App(), "project", plan!).labNamespace.quota).toMatchObject({
    pods: 50,
    requests: { cpuMillis: 5000, memoryMiB: 10 * 1024 },
    limits: { cpuMillis: 10_000, memoryMiB: 38 * 1024 },
    storageGiB: 3072,
    largestClaimGiB: 3072,
  });
});

test("names and hosts of all keys are what Kubernetes and DNS accept", () => {
  const key = (longest: number) =>
    fc.stringMatching(new RegExp(`^[a-z]([a-z0-9-]{0,${String(longest - 2)}}[a-z0-9])?$`));
  fc.assert(
    fc.property(key(32), key(30), fc.constantFrom(...ALL_KINDS), (project, name, kind) => {
      const [label = ""] = stackHost(project, name, "lab.example.org").split(".");
      for (const each of [
        label,
        `${stackName(kind, name)}-scheduler`,
        `${project}-compute-submission-account`,
      ])
        expect(each).toMatch(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/);
      expect(stackPath(project, name)).toMatch(/^(\/[a-z0-9-]+){3}$/);
    }),
  );
});

test("another stack changes no object of those that are there", () => {
  const before = manifestsOf(withStacks({ notes: NOTES }));
  const after = manifestsOf(withStacks({ notes: NOTES, code: { kind: "vscode", storage: "work" } }));
  const texts = after.map((each) => JSON.stringify(each));
  expect(before.filter((each) => !texts.includes(JSON.stringify(each))).map(keyOf)).toEqual([]);
});

test("each stack adds the same objects, up to a thousand", () => {
  const stacks = (count: number): Json =>
    withStacks(Object.fromEntries(Array.from({ length: count }, (_, index) => [`n${String(index)}`, NOTES])));
  const objects = (count: number): number => manifestsOf(stacks(count)).length;
  const each = objects(2) - objects(1);
  expect(each).toBe(5);
  expect(objects(1000) - objects(1)).toBe(999 * each);
});

test("the table has a row of each kind, and no other", () => {
  expect(Object.keys(STACKS).toSorted()).toEqual([...ALL_KINDS].sort());
});
