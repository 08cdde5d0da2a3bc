/** A stranger's application: one folder, one line of a catalog, and the environment knows all of it. */
import Ajv from "ajv";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CATALOG } from "../../catalog";
import { isOwner, type EnvironmentConfig, type OwnerConfig } from "../../environment/config";
import { Environments } from "../../environment/environments";
import { findingText } from "../../environment/findings";
import { Catalog } from "../../environment/parts/catalog";
import { joinClaims } from "../../environment/parts/claims";
import { rotations } from "../../environment/rotation";
import { lab } from "../../lab";
import { claimProblems } from "../../review/claim-agreement";
import { renderParts } from "../../render";
import { guardedResources } from "../../stack/changes";
import { planned } from "../apps/manifests";
import { guestbook } from "./guestbook/part";

const environments = new Environments(new Catalog([...CATALOG.parts, guestbook]));
const prod = owner(planned("prod").config);
const HOST = "book.lab.example.org";

function owner(config: EnvironmentConfig): OwnerConfig {
  if (!isOwner(config)) throw new Error("prod owns its cluster");
  return config;
}

/** Prod with the application, as its file would have it. */
function withBook(settings: object = {}, changes: Partial<OwnerConfig> = {}): OwnerConfig {
  const book = guestbook.configuration.schema.parse({ host: HOST, ...settings });
  return { ...prod, ...changes, apps: { ...prod.apps, guestbook: book } };
}

const made = lab({ config: withBook() }, { environments });
const texts = (config: EnvironmentConfig) => environments.check(config).map(findingText);
const objectOf = (identity: string) =>
  made.deploy.objects.find((each) => each.identity === identity)?.manifest;

test("its key is in the schema of stack files, with what it is for", () => {
  const schema = environments.stackSchema();
  const { definitions } = schema as {
    definitions?: Record<string, { properties: { apps: { properties: Record<string, unknown> } } }>;
  };
  for (const kind of ["owner", "tenant"])
    expect(definitions?.[kind]?.properties.apps.properties["guestbook"]).toMatchObject({
      properties: { host: { description: "Where the book lies open." } },
      required: ["host"],
      additionalProperties: false,
    });
  expect(new Ajv({ strict: false, validateFormats: false }).compile(schema)).toBeInstanceOf(Function);
});

test("a wrong key of it is an error at its path, with the nearest one", () => {
  const parsed = environments.parse("prod", { cluster: { kind: "own" }, apps: { guestbook: { hots: "x" } } });
  expect(parsed.ok ? [] : parsed.findings.map(findingText)).toContain(
    "apps.guestbook.hots: is not a key that exists here; did you mean host?",
  );
});

test("its namespace is one that people may have roles in", () => {
  const ada = { applications: [], kubernetes: { namespaces: { guestbook: "edit" as const } } };
  const named = (config: EnvironmentConfig) => texts(config).filter((text) => text.startsWith("people."));
  expect(named(withBook({}, { people: { ada } }))).toEqual([]);
  expect(named({ ...prod, people: { ada } })).toEqual([
    "people.ada.kubernetes.namespaces.guestbook: is no namespace that this environment makes; write datalab, or everywhere",
  ]);
});

test("a namespace, host or port that somebody has is refused at its own path", () => {
  const apart = (settings: object) =>
    texts(withBook(settings)).filter((text) => text.startsWith("apps.guestbook."));
  expect(apart({ namespace: "datalab" })).toEqual([
    'apps.guestbook.namespace: "datalab" is already the namespace of apps.datalab.namespace; choose another one',
  ]);
  expect(apart({ namespace: "csi-nfs" })).toEqual([
    'apps.guestbook.namespace: "csi-nfs" is shared by the whole cluster; choose a namespace of its own',
  ]);
  expect(apart({ host: "datalabs.lab.example.org" })).toEqual([
    'apps.guestbook.host: "datalabs.lab.example.org" is already served by apps.datalab.host; choose another host or path',
  ]);
  expect(apart({ shell: { port: 30080 } })).toEqual([
    "apps.guestbook.shell.port: NodePort 30080 is already taken by ingress.http; choose another one",
  ]);
});

test("a tenant may have what its owner lists, and no port of its own", () => {
  const tenant = planned("test").config;
  const book = withBook().apps["guestbook"];
  const config = { ...tenant, apps: { ...tenant.apps, guestbook: book } };
  const own = environments.check(config, prod).map(findingText);
  expect(own.filter((text) => text.startsWith("apps.guestbook."))).toEqual([
    'apps.guestbook.namespace: "guestbook" is not among the namespaces that prod gave, testlab; correct it, or change tenants.test in Pulumi.prod.yaml',
    expect.stringMatching(
      /^apps\.guestbook\.host: "book\.lab\.example\.org" is not among the hosts that prod gave, /,
    ),
    "apps.guestbook.shell.port: opens the NodePort of guestbook-shell, and a tenant publishes through its ingress and its window only; leave it out, or run the application in prod",
  ]);
});

test("a tenant is held to what the cluster of its owner offers", () => {
  const tenant = planned("test").config;
  const settings = { host: HOST, gpu: true, nodes: "books" };
  const config = {
    ...tenant,
    apps: { ...tenant.apps, guestbook: guestbook.configuration.schema.parse(settings) },
  };
  const flannel = {
    ...prod.cluster,
    cni: { kind: "flannel" as const, backend: "vxlan" as const, policy: "none" as const },
  };
  const found = environments.check(config, { ...prod, cluster: flannel }).map(findingText);
  expect(found).toEqual(
    expect.arrayContaining([
      "apps.guestbook: needs NetworkPolicies, which the cluster of prod does not enforce (flannel), and guests rely on them; use a cluster with another network plugin",
      "apps.guestbook.gpu: requests example.com/pen, which no worker of prod offers; ask for it in the environment prod, or leave the key out",
      "apps.guestbook.nodes: runs on nodes with purpose: books, which no worker of prod has; ask for it in the environment prod, or leave the key out",
    ]),
  );
});

test("its secret is generated, rotated and dated", () => {
  expect(made.plan.secrets).toContainEqual(
    expect.objectContaining({ name: "guestbook.password", length: 24 }),
  );
  expect(rotations(made.plan)).toContainEqual({
    kind: "secret",
    what: "guestbook.password",
    does: "guests ask for the new one",
  });
  expect(made.plan.expiries).toContainEqual(
    expect.objectContaining({
      key: "secret/guestbook.password",
      renewal: { kind: "rotate", environment: "prod", what: "guestbook.password" },
    }),
  );
});

test("its port is open end to end, and nowhere else", () => {
  const { plan, machines } = made;
  const [frontend] = plan.loadBalancers.flatMap(({ frontends }) =>
    frontends.filter(({ port }) => port === "guestbook-shell"),
  );
  expect(frontend).toMatchObject({
    listen: 2222,
    admits: [{ cidr: "198.51.100.0/24" }],
    probe: { kind: "tcp" },
  });
  expect(new Set(frontend?.backends.map(({ port }) => port))).toEqual(new Set([30222]));
  const opened = plan.securityGroups.flatMap(({ key, rules }) =>
    rules
      .filter(({ portMin }) => portMin === 2222 || portMin === 30222)
      .map(({ portMin }) => `${key} ${portMin ?? ""}`),
  );
  expect([...new Set(opened)].sort()).toEqual(["loadBalancer 2222", "workers 30222"]);
  const haproxy = machines
    .get("loadBalancer/0")
    ?.files.find(({ path }) => path === "/etc/haproxy/labstead.cfg");
  expect(haproxy?.content).toContain(":2222");
  const firewall = plan.hostFirewalls.find(({ server }) => server === "loadBalancer/0");
  expect(firewall?.accept.filter(({ portMin }) => portMin === 2222)).toMatchObject([
    { from: ["198.51.100.0/24"] },
  ]);
  expect(objectOf("Service guestbook/shell")).toMatchObject({ spec: { ports: [{ nodePort: 30222 }] } });
});

test("a flow to another application is in the policies of both", () => {
  const selected = (name: string) => ({ podSelector: { matchLabels: { "app.kubernetes.io/name": name } } });
  const inNamespace = (name: string) => ({
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
  });
  expect(objectOf("networking.k8s.io/NetworkPolicy guestbook/book")).toMatchObject({
    spec: {
      egress: expect.arrayContaining([
        {
          to: [{ ...selected("datalab-api"), ...inNamespace("datalab") }],
          ports: [{ port: 8000, protocol: "TCP" }],
        },
      ]) as unknown,
    },
  });
  expect(objectOf("networking.k8s.io/NetworkPolicy datalab/datalab-api")).toMatchObject({
    spec: {
      ingress: expect.arrayContaining([
        {
          from: [{ ...selected("book"), ...inNamespace("guestbook") }],
          ports: [{ port: 8000, protocol: "TCP" }],
        },
      ]) as unknown,
    },
  });
});

test("an image that has ended, a device and nodes that nobody has, and a CNI without policies, are reported", () => {
  expect(texts(withBook())).toContain("apps.guestbook: Guestbook 1 ended upstream in 2025-01; write less");
  expect(texts(withBook({ gpu: true }))).toContain(
    "apps.guestbook.gpu: requests example.com/pen, which no pool of servers.workers offers; give a pool gpu: {resource: example.com/pen, count: 1}, or leave the key out",
  );
  expect(texts(withBook({ nodes: "books" }))).toContain(
    "apps.guestbook.nodes: runs on nodes with purpose: books, which no pool of servers.workers has; give a pool labels: {purpose: books}",
  );
  const cluster = {
    ...prod.cluster,
    cni: { kind: "flannel" as const, backend: "vxlan" as const, policy: "none" as const },
  };
  expect(texts(withBook({}, { cluster }))).toContain(
    'cluster.cni.policy: "none" enforces no NetworkPolicy, and guests rely on them; write kube-router, or another cluster.cni.kind, such as calico',
  );
});

test("its error is among all others, of every layer", () => {
  const config = withBook({ fails: true }, { quota: { instances: 1 } });
  expect(() => lab({ config }, { environments })).toThrow(
    /2 errors, nothing was changed\n {2}apps\.guestbook\.fails: is true; write false\n {2}quota\.instances: the environment needs \d+/,
  );
});

test("a setting that would destroy something is held by the guard before changes", () => {
  const { plan, infra } = made;
  expect(guardedResources({ plan, infra, formedByServers: false })["apps.guestbook.namespace"]).toEqual({
    facts: {
      value: {
        value: "guestbook",
        at: "apps.guestbook.namespace",
        change: "fixed",
        effect: "deletes every entry of the guestbook",
        free: [],
        instead: "bring another environment up",
      },
    },
  });
});

test("what is rendered and claimed by nobody is a fault that is named", () => {
  const { catalog } = environments;
  const planned_ = environments.plan(withBook());
  const nothing = { ...joinClaims([]), fixedSettings: [] };
  expect(() => renderParts(catalog, { ...planned_, claims: nothing })).toThrow(
    /^charts and claims do not agree:\n(.*\n)*.*Ingress guestbook\/book: host book\.lab\.example\.org is claimed by no part/,
  );
  const plan = { ...planned_.plan, secrets: [], ports: [], tenants: [] };
  const problems = claimProblems({ plan, claims: nothing, parts: {}, reservedNamespaces: [] }, made.deploy);
  for (const problem of [
    "Namespace guestbook: namespace guestbook (restricted) is claimed by no part",
    "apps/Deployment guestbook/book: image example/guestbook:1.0.0 is claimed by no part",
    "Service guestbook/shell: NodePort 30222 is claimed by no part",
    "storage.k8s.io/StorageClass csi-sc-cinderplugin: StorageClass csi-sc-cinderplugin is claimed by no part",
    "secret guestbook.password is claimed by no part",
  ])
    expect(problems).toContain(problem);
});

test("the catalog refuses a second part of one key", () => {
  expect(() => new Catalog([guestbook, guestbook])).toThrow(
    "the catalog holds two parts of the key guestbook",
  );
});

/** Comments may give examples, and `input.ts` is generated from the catalog. */
test("the environment names no application and no part of the catalog by its key", () => {
  const folder = join(__dirname, "../../environment");
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".ts") && file !== "input.ts",
  );
  const naming = sources.filter((file) => {
    const code = readFileSync(join(folder, file), "utf8").replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
    return /datalab|guestbook/i.test(code);
  });
  expect(sources.length).toBeGreaterThan(80);
  expect(naming).toEqual([]);
});
