/** Wrong configurations, each with everything that it reports: path, what was given, what is allowed, and the fix. */
import { checkAcross, checkEnvironment, parseEnvironment, planEnvironment } from "../environments";
import { isOwner, type EnvironmentConfig } from "../../environment/config";
import {
  FINDINGS,
  FindingsError,
  findingText,
  type Finding,
  type FindingId,
} from "../../environment/findings";
import { changed, configOf, ownerBase, stackFiles, environmentOf, tenantBase, type Json } from "./configs";
import { CHECK_ROWS } from "./invalid-checks";
import { SCHEMA_ROWS, type Row } from "./invalid-schema";
import { TENANT_ROWS } from "./invalid-tenant";

function findings(name: string, value: unknown, owner?: EnvironmentConfig): readonly Finding[] {
  const parsed = parseEnvironment(name, value);
  return parsed.ok ? checkEnvironment(parsed.config, owner) : parsed.findings;
}

/** What the base is worth a word for, whatever a test changes. */
const OF_THE_BASE: readonly string[] = [
  "network.dnsNameservers: is empty: servers resolve names only where the cloud's DHCP names a resolver by itself; list your name servers, such as [192.0.2.53], if your cloud does not",
  "servers.applicationServers.logs.applications: opens the ports of elasticsearch, and installs nothing there; install them on the servers, or leave them out",
  "servers.applicationServers.metrics.applications: opens the ports of prometheus, grafana, and installs nothing there; install them on the servers, or leave them out",
  "ports.published.git: is open, and nothing that this environment runs has NodePort 30022; leave it if a Service of your own answers there, else remove it",
  "ingress.kind: ingress-nginx was tested with Kubernetes up to 1.35, and cluster.version is 1.36; move to Traefik by the steps of docs/ingress.md",
  "servers.workers.general.max: keeps 2 more addresses free, and no autoscaler is installed that would use them; raise min when more servers are needed, or install an autoscaler",
  "ingress.kind: community ingress-nginx ended upstream in 2026-03; move to Traefik by the steps of docs/ingress.md",
  "apps.datalab.projects: lists no project, so the infrastructure API may create nothing outside the namespace datalab; list each project that exists, as <key>: {namespaces: existing}, and each new one as <key>: {}",
];
/** Said of every environment like the base; `refused.test.ts` has their texts. */
const USUAL: readonly FindingId[] = [
  "application.projects",
  "port.unclaimed",
  "setting.inactive",
  "network.name-servers",
  "network.pools-unknown",
];
const texts = (list: readonly Finding[]) =>
  list.filter(({ id, path }) => !USUAL.includes(id) && path !== "ingress.kind").map(findingText);
const ofOwner = (changes: Json) => findings("lab", changed(ownerBase(), changes));
const lab = configOf("lab", ownerBase());
const ofTenant = (changes: Json) => findings("test", changed(tenantBase(), changes), lab);
const titled = (rows: readonly Row[]) =>
  rows.map((row) => [JSON.stringify(row[0]).slice(0, 120), row] as const);

test("the bases are valid, with warnings and notes", () => {
  expect(ofOwner({}).map(findingText)).toEqual(OF_THE_BASE);
  expect(texts(ofOwner({}))).toEqual([]);
  expect(texts(ofTenant({}))).toEqual([]);
});

test("a floating IP of the API's VIP that is for others on the gateways is no finding", () => {
  const api = { "cluster.api": { kind: "haproxy", floatingIp: true } };
  const bastion = { kind: "bastion", operator: { kind: "tunnel" }, ssh: { from: ["198.51.100.0/24"] } };
  // WireGuard clients dial it, or the edge has it too.
  expect(texts(ofOwner(api))).toEqual([]);
  expect(texts(ofOwner({ ...api, access: bastion, edge: { kind: "haproxy", on: "gateway" } }))).toEqual([]);
});

describe.each(Object.entries({ ...SCHEMA_ROWS, ...CHECK_ROWS }))("%s", (_title, rows) => {
  test.each(titled(rows))("%s", (_name, [changes, ...messages]) => {
    expect(texts(ofOwner(changes))).toEqual(messages);
  });
});

describe("a tenant", () => {
  test.each(titled(TENANT_ROWS))("%s", (_name, [changes, ...messages]) => {
    expect(texts(ofTenant(changes))).toEqual(messages);
  });
});

describe("not an environment at all", () => {
  const what =
    "write a mapping with `cluster`, `network` and `servers`; examples/ has one for each kind of lab";
  test.each([
    [undefined, `labstead:environment: nothing is not an environment; ${what}`],
    ["prod", `labstead:environment: "prod" is not an environment; ${what}`],
    [[], `labstead:environment: [] is not an environment; ${what}`],
    [null, `labstead:environment: null is not an environment; ${what}`],
  ])("%j", (value, message) => {
    expect(texts(findings("lab", value))).toEqual([message]);
  });
});

describe("the stack's name", () => {
  const rule = "use 1 to 40 lower-case letters, digits and hyphens, starting with a letter";
  test.each(["Prod", "1st", "a".repeat(41), "prod_2", "prod."])("%s", (name) => {
    const message = `the stack's name: "${name}" is not a valid name; ${rule}`;
    expect(texts(findings(name, ownerBase()))).toEqual([message]);
  });

  test("it makes host names too long together with a pool's", () => {
    const environment = "l".repeat(40);
    const pool = "p".repeat(20);
    const workers = { [pool]: { flavor: "large", min: 3 } };
    expect(texts(findings(environment, changed(ownerBase(), { "servers.workers": workers })))).toEqual([
      `servers.workers.${pool}: "${environment}-worker-${pool}-0" has 70 characters, and a host name has at most 63; choose a shorter name`,
    ]);
  });
});

describe("a tenant and its owner", () => {
  const tenant = configOf("test", tenantBase());
  const reported = (owner: EnvironmentConfig | undefined, config = tenant) =>
    texts(checkEnvironment(config, owner));

  test("an owner without a file", () => {
    expect(reported(undefined)).toEqual([
      'cluster.owner: "lab" has no readable environment; add Pulumi.lab.yaml with labstead:environment, or correct the name',
    ]);
  });

  test("an owner that is a tenant itself", () => {
    const owner = configOf("lab", changed(tenantBase(), { "cluster.owner": "prod" }));
    expect(reported(owner)).toEqual(['cluster.owner: "lab" is a tenant itself; name its owner, prod']);
  });

  test("an owner that does not list it: the line to add is complete", () => {
    const owner = configOf("lab", changed(ownerBase(), { "tenants.test": undefined }));
    expect(reported(owner)).toEqual([
      "cluster.owner: lab does not list test among its tenants; add this line under tenants in Pulumi.lab.yaml: test: {slot: 0, ingress: {http: 31080, https: 31443}, window: {from: 30055, to: 30060}, namespaces: [testlab], hosts: [test-catalogue.lab.example.org, test-docs.lab.example.org, test.lab.example.org]}",
    ]);
  });

  test("the line to add takes a free slot and says what the tenant has", () => {
    const small = changed(tenantBase(), { apps: undefined, ports: undefined, edge: { kind: "octavia" } });
    expect(reported(lab, configOf("pilot", small))).toEqual([
      "cluster.owner: lab does not list pilot among its tenants; add this line under tenants in Pulumi.lab.yaml: pilot: {slot: 2, ingress: {http: 31080, https: 31443}, edge: octavia, namespaces: [pilot], hosts: []}",
    ]);
  });

  test("a window and hosts that the owner never gave", () => {
    const owner = configOf(
      "lab",
      changed(ownerBase(), { "tenants.test.window": undefined, "tenants.test.hosts": [] }),
    );
    const fix = "correct it, or change tenants.test in Pulumi.lab.yaml";
    const hosts = ["test-catalogue", "test-docs", "test"].map(
      (name) =>
        `apps.datalab.host: "${name}.lab.example.org" is not among the hosts that lab gave, none; ${fix}`,
    );
    expect(reported(owner)).toEqual([
      `ports.window: 30055–30060 is not open: lab gave no window; ${fix}`,
      ...hosts,
    ]);
  });

  test("the owner's own errors, with its file", () => {
    const owner = configOf("lab", changed(ownerBase(), { "servers.bastion": undefined }));
    expect(reported(owner)).toEqual([
      "Pulumi.lab.yaml servers.bastion: has no server, but access.kind both needs one; add servers.bastion with a flavor",
    ]);
  });

  test("a VIP on a network that another project shares", () => {
    const network = { kind: "existing", cidr: "10.0.0.0/24", name: "n", subnet: "s", shared: true };
    const changes = {
      network,
      "cluster.api": { kind: "octavia" },
      edge: { kind: "octavia" },
      "storage.shared": { kind: "none" },
      "servers.gateway.floatingIp": true,
    };
    const owner = configOf("lab", changed(ownerBase(), changes));
    expect(reported(owner)).toEqual([
      'edge.kind: "haproxy" needs a VIP, and network.shared is true in Pulumi.lab.yaml: Neutron lets only the network\'s owner move an address between ports; write octavia',
    ]);
  });
});

describe("files against each other", () => {
  const tenant = configOf("test", tenantBase());
  const other = (changes: Json = {}) =>
    configOf("other", changed(ownerBase(), { tenants: {}, apps: {}, ...changes }));
  const reported = (...environments: EnvironmentConfig[]) => texts(checkAcross(environments));
  const apart = {
    "network.cidr": "10.1.0.0/24",
    "access.wireguard.cidr": "172.30.154.0/26",
    "access.wireguard.peers": {},
  };
  const dev =
    "Pulumi.lab.yaml tenants.dev: is a tenant without a file: its ports are open, and nothing is known to use them; add Pulumi.dev.yaml, or remove the tenant";

  test("an owner and its tenant, whatever their order; a listed tenant without a file", () => {
    expect(reported(tenant, lab)).toEqual([dev]);
    expect(reported(lab, tenant)).toEqual([dev]);
  });

  test("two labs that stand apart", () => {
    expect(reported(tenant, lab, other(apart))).toEqual([dev]);
  });

  test("networks that one person cannot dial into both", () => {
    const both =
      "no client can connect to both by WireGuard; choose another network, or leave it if no one needs both at the same time";
    expect(reported(tenant, lab, other())).toEqual([
      `Pulumi.other.yaml network.cidr: "10.0.0.0/24" shares addresses with network.cidr of lab, 10.0.0.0/24: ${both}`,
      `Pulumi.other.yaml access.wireguard.cidr: "172.30.153.64/26" shares addresses with access.wireguard.cidr of lab, 172.30.153.64/26: ${both}`,
      dev,
    ]);
  });

  test("hosts that two environments serve", () => {
    const apps = {
      datalab: changed(tenantBase(), { "apps.datalab.host": "datalabs.lab.example.org" })["apps"],
    };
    const twin = other({ ...apart, apps: apps.datalab });
    expect(reported(tenant, lab, twin)).toEqual([
      ...["catalogue", "datalabs-docs", "datalabs"].map(
        (name) =>
          `Pulumi.other.yaml apps.datalab.host: "${name}.lab.example.org" is already served by lab; choose another host`,
      ),
      dev,
    ]);
  });

  const existing = { kind: "existing", cidr: "10.0.0.0/24", name: "campus", subnet: "campus" };
  const onCampus = (more: Json = {}) => ({
    ...apart,
    network: { ...existing, ...more },
    "network.cidr": "10.0.0.0/24",
  });

  test("two labs that plan the same addresses of one network", () => {
    const first = configOf(
      "lab",
      changed(ownerBase(), { ...onCampus(), ...{ "access.wireguard.cidr": "172.30.155.0/26" } }),
    );
    expect(reported(tenant, first, other(onCampus()))).toEqual([
      "Pulumi.other.yaml network.ranges: 10.0.0.4–10.0.0.9 is planned by lab too, on the same network; give each of the two ranges of its own",
      dev,
    ]);
  });

  test("the repository's own files have nothing against each other", () => {
    const all = [...stackFiles()].map(([name, file]) => configOf(name, environmentOf(file)));
    expect(texts(checkAcross(all).filter((each) => each.severity === "error"))).toEqual([]);
  });
});

describe("all at once", () => {
  test("every error of a file that the schema refuses", () => {
    const changes = {
      domain: "lab",
      "network.mtu": 100,
      "network.cidr": "10.0.0.300/24",
      "servers.bastion.flavour": "tiny",
      "servers.controlPlane.flavor": undefined,
      "cluster.version": 1.36,
      "edge.kind": "haproxi",
      "ports.published.git.nodePort": 22,
      "tenants.test.slots": 1,
    };
    expect(texts(ofOwner(changes))).toEqual([
      'cluster.version: 1.36 is a number; write it in quotes: "1.36"',
      'domain: "lab" is not a host name; write it in full and in lower case, such as lab.example.org',
      'network.cidr: "10.0.0.300/24" is not an IPv4 network; write its first address and prefix length, such as 192.168.3.0/24',
      "network.mtu: 100 is outside 1280–9000; ask the cloud for its MTU (usually 1450 or 1500)",
      "servers.bastion.flavour: is not a key that exists here; did you mean flavor?",
      "servers.controlPlane.flavor: is missing; name it as OpenStack lists it",
      'edge.kind: "haproxi" is not allowed; write one of haproxy, octavia, none (did you mean haproxy?)',
      "ports.published.git.nodePort: 22 is outside 30000–32767; choose a NodePort in that range",
      "tenants.test.slots: is not a key that exists here; did you mean slot?",
    ]);
  });

  test("every finding of a file that the schema accepts, and one error that carries them", () => {
    const changes = {
      "network.ranges.vip": { start: "10.0.1.4", end: "10.0.1.9" },
      "cluster.podCidr": "10.0.0.0/16",
      "servers.controlPlane.min": 2,
      "servers.workers": {},
      "tenants.dev.namespaces": ["testlab"],
      "access.wireguard.peers.ada.address": "172.30.153.65",
      "ports.internal.registry": 30049,
      "storage.shared.mode": "heketi-intree",
    };
    const result = planEnvironment(configOf("lab", changed(ownerBase(), changes)));
    expect(result.ok).toBe(false);
    expect(new FindingsError("lab", result.findings).message.split("\n")).toEqual([
      "environment lab: 9 errors, nothing was changed",
      "  network.ranges.vip: 10.0.1.4–10.0.1.9 is outside 10.0.0.0/24; move it into the subnet",
      '  cluster.podCidr: "10.0.0.0/16" shares addresses with network.cidr, 10.0.0.0/24; choose another network',
      "  servers.controlPlane.min: 2 control planes tolerate no more failures than 1; write 3 or 1, so that etcd has a majority",
      "  servers.workers: has no server, so no node can run pods; add a pool with min 1 or more, or set servers.controlPlane.schedulable to true",
      '  tenants.dev.namespaces: "testlab" already belongs to test; choose another namespace',
      '  access.wireguard.peers.ada.address: "172.30.153.65" is the gateway\'s own address; choose another address of 172.30.153.64/26',
      "  ports.internal.registry: 30049 lies in ports.window, 30048–30050, which is open to the outside; choose a port outside every window",
      "  servers.gluster.volumes: has no volume for Heketi's database and the servers' places in the pool; add one with use: {kind: filesystem, mountPoint: /var/lib/heketi}",
      '  storage.shared.mode: "heketi-intree" needs Kubernetes 1.25, and cluster.version is 1.36; write nfs',
    ]);
    const errors = result.findings.filter(({ severity }) => severity === "error");
    expect(errors).toHaveLength(9);
  });

  test("a plan with warnings only is a plan", () => {
    const result = planEnvironment(lab);
    expect(result.ok).toBe(true);
    expect([...new Set(result.findings.map(({ severity }) => severity))].sort()).toEqual(["info", "warning"]);
  });

  test("the pinned MongoDB has ended upstream: said of an owner and of a tenant, unless a tag is set", () => {
    const untagged = { "apps.datalab.imageTags": {} };
    const owner = configOf("lab", changed(ownerBase(), untagged));
    const tenant = configOf("test", changed(tenantBase(), untagged));
    const said = [planEnvironment(owner), planEnvironment(tenant, owner)];
    for (const { findings } of said) {
      expect(findings.map(findingText)).toContain(
        "apps.datalab: MongoDB 4.4, the last series that the DataLabs services speak to, ended upstream in 2024-02; keep it reachable by these services only, and set apps.datalab.imageTags.mongodb when they can",
      );
    }
  });
});

describe("the registry of findings", () => {
  /** Made by another room, or tested above apart from the tables. */
  const ELSEWHERE: readonly FindingId[] = [
    "access.inside",
    "hub.existing-namespace",
    "quota.exceeded",
    "quota.unknown-flavor",
    "quota.group-members",
    "server.name-long",
    "server.user-data",
    "credential.expired",
    "credential.expires",
    "tenant.unlisted",
    "across.host",
    "across.address",
    "across.network",
    "across.file",
    "namespace.clash",
    "host.clash",
    "cluster.device",
    "cluster.node-label",
    "cluster.existing",
    "chart.invalid",
    "stack.setting",
    // `test/review/deploy-parts.test.ts`
    "deploy.part",
    "deploy.many-objects",
    "override.invalid",
    "override.unmatched",
    // `test/review/server-places.test.ts`
    "server.single",
    "server.one-zone",
    "volume.zone",
    // `test/review/objects/findings.test.ts`, and `test/environment/finding-examples.test.ts`
    "claim.zone",
    "claim.user-nodes",
    "workload.image",
    "object.secret",
    // `test/cli/check/cloud.test.ts`
    "cloud.name",
    "cloud.flavor-size",
    "cloud.mtu",
    "cloud.quota",
    "cloud.unread",
    "service.no-pods",
    "workload.selector",
    "workload.bare-pod",
    "workload.too-large",
    "budget.drain",
    "workload.anti-affinity",
    "claim.class",
    "claim.mode",
    "service.world",
    "policy.metadata",
    "route.certificate",
    "service.port",
    "workload.no-limits",
    "workload.request",
    "workload.liveness",
    "namespace.quota",
    // `test/apps/hub/checks.test.ts`
    "hub.sign-in",
    "hub.image",
    "hub.homes",
    "hub.quota",
    "hub.drive",
    "hub.shared-directory",
    "hub.resources",
    "hub.path",
    "hub.traitlet",
    // `test/apps/hub/scheduling.test.ts`
    "hub.scheduling",
    // `test/apps/user-pods/checks.test.ts`
    "user-pods.id",
    "user-pods.port",
    "user-pods.volume",
    "user-pods.resources",
    "user-pods.node-port",
    "user-pods.open",
    "user-pods.enforced",
    "user-pods.sign-in",
    // `test/apps/datalab.test.ts`
    "application.kubernetes",
    // `test/apps/projects/checks.test.ts`
    "projects.group",
    "projects.sign-in",
    "projects.everybody",
    "projects.storage",
    "projects.image",
    "projects.resources",
    "projects.workers",
    "projects.quota",
    // `test/environment/accepted-findings.test.ts`
    "finding.accepted",
  ];

  test("every finding there is has a row", () => {
    const rows = Object.values({ ...SCHEMA_ROWS, ...CHECK_ROWS }).flat();
    const seen = new Set(
      [...rows.map(([changes]) => ofOwner(changes)), ...TENANT_ROWS.map(([changes]) => ofTenant(changes))]
        .flat()
        .map((each) => each.id),
    );
    const unseen = (Object.keys(FINDINGS) as FindingId[]).filter(
      (id) => !seen.has(id) && !ELSEWHERE.includes(id),
    );
    expect(unseen).toEqual([]);
    expect(ELSEWHERE.filter((id) => seen.has(id))).toEqual([]);
  });

  test("there are more than a hundred rows, and no two of a table say the same", () => {
    const tables = [Object.values({ ...SCHEMA_ROWS, ...CHECK_ROWS }).flat(), TENANT_ROWS];
    expect(tables.flat().length).toBeGreaterThan(100);
    for (const rows of tables) {
      const changes = rows.map(([each]) =>
        JSON.stringify(each, (_key, value: unknown) => (value === undefined ? "removed" : value)),
      );
      expect(changes.filter((each, index) => changes.indexOf(each) !== index)).toEqual([]);
    }
  });

  test("each row says something, and each message has an explanation and a fix", () => {
    const rows = [...Object.values({ ...SCHEMA_ROWS, ...CHECK_ROWS }).flat(), ...TENANT_ROWS];
    for (const [changes, ...messages] of rows) {
      expect({ changes, count: messages.length }).not.toEqual({ changes, count: 0 });
      for (const message of messages) expect(message).toMatch(/^[^:]+: [^;]+; .+[^.]$/);
    }
  });

  test("the base is an owner", () => expect(isOwner(lab)).toBe(true));
});
