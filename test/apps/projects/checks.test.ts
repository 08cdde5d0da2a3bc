/** What is said of projects that would not work, exactly. */
import { findingText } from "../../../environment/findings";
import { checkEnvironment, parseEnvironment } from "../../environments";
import { changed, configOf, ownerBase, tenantBase, type Json } from "../../environment/configs";
import { environmentWith, withStacks } from "./projects";

const AT = "apps.projects";
const SOIL = `${AT}.projects.soil`;

function said(changes: Json, others: Json = {}, severity = "error"): readonly string[] {
  return checkEnvironment(configOf("projects", environmentWith(changes, others)))
    .filter((each) => each.severity === severity)
    .map(findingText);
}

const NOTES = { kind: "jupyterlab", storage: "work" };
const BLOCK = { work: { access: "ReadWriteOnce" } };

test.each<readonly [string, Json, readonly string[]]>([
  ["the example", {}, []],
  ["no project", { projects: {} }, []],
  ["a project of people alone", { projects: { soil: { groups: { researchers: "view" } } } }, []],
  [
    "a stack of no storage",
    withStacks({ notes: { ...NOTES, storage: "home" } }),
    [`${SOIL}.stacks.notes.storage: "home" is no storage of the project; write one of work`],
  ],
  [
    "a stack in a project without storage",
    withStacks({ notes: NOTES }, { storage: {} }),
    [`${SOIL}.stacks.notes.storage: "work" is no storage of the project; describe it under ${SOIL}.storage`],
  ],
  [
    "a class that has not the mode",
    withStacks({ notes: NOTES }, { storage: { work: { storageClass: "cinder-default" } } }),
    [
      `${SOIL}.storage.work.storageClass: "cinder-default" has volumes for one node at a time, and access is ReadWriteMany; write manila-nfs, or access: ReadWriteOnce`,
    ],
  ],
  [
    "a class of somebody else's, of which nothing is known",
    withStacks({ notes: NOTES }, { storage: { work: { storageClass: "cephfs" } } }),
    [],
  ],
  ["a volume for one pod, of one stack", withStacks({ notes: NOTES }, { storage: BLOCK }), []],
  [
    "a volume for one pod, of two stacks",
    withStacks({ notes: NOTES, code: { kind: "vscode", storage: "work" } }, { storage: BLOCK }),
    [
      `${SOIL}.storage.work.access: "ReadWriteOnce" is for one pod, and up to 2 of notes, code mount it; write ReadWriteMany, or give each stack a storage of its own`,
    ],
  ],
  [
    "a volume for one pod, of workers",
    withStacks({ small: { kind: "dask", storage: "work" } }, { storage: BLOCK }),
    [
      `${SOIL}.storage.work.access: "ReadWriteOnce" is for one pod, and up to 8 of small mount it; write ReadWriteMany, or give each stack a storage of its own`,
    ],
  ],
  [
    "a store in the storage of a notebook",
    withStacks({ notes: NOTES, samples: { kind: "minio", storage: "work" } }),
    [
      `${SOIL}.stacks.samples.storage: "work" is also the storage of notes, and minio needs one that nothing else writes to; give it a storage of its own`,
    ],
  ],
  [
    "a kind without a default image",
    withStacks({ pages: { kind: "nbviewer", storage: "work", folder: "notebooks" } }),
    [
      `${SOIL}.stacks.pages.image: is missing, and nbviewer has no default: its image is published without a fixed tag; name an image of your own, with a fixed tag`,
    ],
  ],
  [
    "requests that are limits",
    withStacks({
      notes: { ...NOTES, cpu: { request: "2", limit: "2" } },
      small: { kind: "dask", workers: { memory: { request: "4Gi", limit: "2Gi" } } },
    }),
    [
      `${SOIL}.stacks.notes.cpu.request: "2" is not below the limit, "2"; request less, so that idle stacks share their nodes, or raise the limit`,
      `${SOIL}.stacks.small.workers.memory.request: "4Gi" is not below the limit, "2Gi"; request less, so that idle stacks share their nodes, or raise the limit`,
    ],
  ],
  [
    "fewer workers at most than at least",
    withStacks({ small: { kind: "dask", workers: { min: 4, max: 2 } } }),
    [
      `${SOIL}.stacks.small.workers.max: 2 is less than the fewest workers, 4; raise it, or write a smaller min`,
    ],
  ],
  [
    "a sign-in by groups, of a project without any",
    withStacks({ notes: NOTES }, { groups: {} }),
    [
      `${SOIL}.groups: is empty, so auth.url would ask for no group, and everybody who is signed in could open the project's stacks; name the groups whose people may open them`,
    ],
  ],
  [
    "a project without groups whose pages are public, or that has none",
    withStacks(
      {
        rivers: { kind: "panel", storage: "work", folder: "rivers", public: { reason: "published" } },
        small: { kind: "dask" },
      },
      { groups: {} },
    ),
    [],
  ],
  [
    "a project that is another one's namespace",
    { projects: { soil: {}, "soil-compute": {} } },
    [`${AT}.projects.soil-compute: "soil-compute" is already the namespace of ${SOIL}; choose another one`],
  ],
  [
    "two stacks with one host",
    {
      projects: {
        soil: {
          groups: { a: "edit" },
          storage: { work: {} },
          stacks: { "a-b": { kind: "vscode", storage: "work" } },
        },
        "soil-a": {
          groups: { a: "edit" },
          storage: { work: {} },
          stacks: { b: { kind: "vscode", storage: "work" } },
        },
      },
    },
    [
      `${AT}.projects.soil-a.stacks.b: "soil-a-b.science.example.org" is already served by ${SOIL}.stacks.a-b; choose another host or path`,
    ],
  ],
])("%s", (_, changes, findings) => {
  expect(said(changes)).toEqual(findings);
});

test("a path that another application has", () => {
  const datalab = {
    namespace: "datalab",
    host: "lab.science.example.org",
    auth: { issuer: "https://sso.example.org/", audience: "https://lab.example.org/api" },
  };
  // Both may share a host: the longest path answers.
  expect(said({ host: "lab.science.example.org" }, { "apps.datalab": datalab })).toEqual([]);
  const key = { ...datalab, projects: { soil: {} } };
  expect(said({}, { "apps.datalab": key })).toEqual([
    `${SOIL}: "soil" is already the namespace of apps.datalab.projects.soil; choose another one`,
    `${SOIL}: "soil-compute" is already the namespace of apps.datalab.projects.soil; choose another one`,
  ]);
});

test("a quota that is below what the stacks take, and one that only the workers exceed", () => {
  const stacks = withStacks({ notes: NOTES, small: { kind: "dask", storage: "work", workers: { max: 4 } } });
  const limits = (amounts: Json): Json => ({ "namespaces.soil": amounts });
  expect(said(stacks, limits({ limits: { memory: "64Gi" } }))).toEqual([
    `${SOIL}.stacks.small.workers.max: 4 workers do not fit beside the other stacks into namespaces.soil: 5.63 of 4 GiB of memory requested; write fewer workers, or raise namespaces.soil`,
  ]);
  expect(
    said(stacks, limits({ pods: 3, limits: { cpu: "2", memory: "64Gi" }, largestClaim: "5Gi" })),
  ).toEqual([
    "namespaces.soil: is less than what the stacks of the project take: 7 of 3 pods, 5.63 of 4 GiB of memory requested, 7.5 of 2 CPUs as limits, 10 of 5 GiB of one claim; allow more, or run less",
  ]);
  expect(said(stacks, limits({ requests: { memory: "6Gi" }, limits: { memory: "64Gi" } }))).toEqual([]);
  expect(said(stacks)).toEqual([]);
});

test("a sign-in that does not know of projects is said", () => {
  const url = "http://auth.lab.svc.cluster.local/auth";
  const warnings = (changes: Json): readonly string[] =>
    said(changes, {}, "warning").filter((text) => text.startsWith(`${AT}.auth`));
  expect(warnings({ "auth.url": url })).toEqual([
    `${AT}.auth.url: "${url}" does not say of which project a stack is: whoever is signed in may open the stacks of all projects; put {groups} or {project} into it, such as ?allowed_groups={groups}, or keep it if the service looks at the address that was asked for`,
  ]);
  expect(warnings({ "auth.url": `${url}?of={project}` })).toEqual([]);
  expect(warnings({ "auth.url": url, projects: {} })).toEqual([]);
});

test("an image that nobody maintains is said, and one of one's own is not", () => {
  const warnings = (notes: Json): readonly string[] =>
    said(withStacks({ notes: { storage: "work", ...notes } }), {}, "warning");
  expect(warnings({ kind: "jupyter" })).toEqual([
    `${SOIL}.stacks.notes.kind: nerc/jupyterlab with Spark 3.3 ended upstream in 2023-12; write kind: jupyterlab, or set image of the stack to one of your own`,
  ]);
  expect(
    warnings({ kind: "jupyter", image: { name: "registry.example.org/jupyter", tag: "4.5.0" } }),
  ).toEqual([]);
  expect(warnings({ kind: "jupyterlab" })).toEqual([]);
});

test.each<readonly [string, Json, string]>([
  [
    "a key that is too long for its namespaces",
    { projects: { [`s${"o".repeat(32)}`]: {} } },
    `${AT}.projects.s${"o".repeat(32)}: "s${"o".repeat(32)}" is not a key of a project; use 1 to 32 lower-case letters, digits and hyphens, starting with a letter: its namespaces are <key> and <key>-compute`,
  ],
  [
    "a name of a stack that is too long for its host",
    withStacks({ [`n${"o".repeat(30)}`]: NOTES }),
    `${SOIL}.stacks.n${"o".repeat(30)}: "n${"o".repeat(30)}" is not a name of a stack; use 1 to 30 lower-case letters, digits and hyphens, starting with a letter`,
  ],
  [
    "a folder outside of the storage",
    withStacks({ rivers: { kind: "panel", storage: "work", folder: "../home" } }),
    `${SOIL}.stacks.rivers.folder: "../home" is not a folder of the storage; write its path without a slash at either end, such as notebooks/site`,
  ],
  [
    "a sign-in with a variable of nginx",
    { "auth.url": "http://auth.example.org/auth?host=$host" },
    `${AT}.auth.url: "http://auth.example.org/auth?host=$host" is not a URL that the ingress controller can ask; write one such as http://oauth2-proxy.sign-in.svc.cluster.local/oauth2/auth?allowed_groups={groups}`,
  ],
])("%s is refused", (_, changes, text) => {
  const parsed = parseEnvironment("projects", environmentWith(changes));
  expect(parsed.ok ? [] : parsed.findings.map(findingText)).toEqual([text]);
});

test("groups need an API server that learns them, and an owner who binds them", () => {
  const apps = { projects: { ...((environmentWith()["apps"] as Json)["projects"] as Json), projects: {} } };
  const soil = { "apps.projects.projects.soil": { groups: { researchers: "edit" } } };
  const owner = (changes: Json): readonly string[] =>
    checkEnvironment(
      configOf("lab", changed(ownerBase(), { "apps.projects": apps.projects, ...soil, ...changes })),
    )
      .map(findingText)
      .filter((text) => text.startsWith(SOIL));
  const oidc = { issuer: "https://sso.example.org", clientId: "lab" };
  const unknown = `${SOIL}.groups.researchers: is a group of an identity provider, and the API server learns no groups from one; write cluster.oidc with its groupsClaim, or name people by kubernetes.namespaces of people`;
  expect(owner({})).toEqual([unknown]);
  expect(owner({ "cluster.oidc": oidc })).toEqual([unknown]);
  expect(owner({ "cluster.oidc": { ...oidc, groupsClaim: "groups" } })).toEqual([]);
  const tenant = changed(tenantBase(), { "apps.projects": apps.projects, ...soil });
  expect(
    checkEnvironment(configOf("test", tenant), configOf("lab", ownerBase()))
      .map(findingText)
      .filter((text) => text.startsWith(SOIL)),
  ).toContain(
    `${SOIL}.groups.researchers: needs a binding of a role of Kubernetes, which only the owner of a cluster makes; describe the project in the owner's configuration, or leave groups out`,
  );
});

test("an environment without a class that many pods can mount", () => {
  expect(said(withStacks({ notes: NOTES }), { "cluster.storage.shared": undefined })).toEqual([
    `${SOIL}.storage.work.access: "ReadWriteMany" needs a class of volumes that many pods write at once, and the environment makes none; name a class by storageClass, set storage.shared, or write ReadWriteOnce`,
  ]);
});

test("a network plugin that enforces no policies", () => {
  expect(said({}, { "cluster.enforcesPolicies": false })).toEqual([
    "cluster.enforcesPolicies: is false, so NetworkPolicies are not enforced, and projects are kept apart by them; ask the cluster's administrator for a network plugin that enforces them",
  ]);
});
