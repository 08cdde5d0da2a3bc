/** Configurations for the tests: the repository's own files, a valid base, and small changes to it. */
import { parseEnvironment, planEnvironment } from "../environments";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { isOwner, type EnvironmentConfig, type OwnerConfig } from "../../environment/config";
import { findingText } from "../../environment/findings";
import { environments } from "../../catalog";
import type { Planned } from "../../environment/environments";
import type { EnvironmentPlan } from "../../environment/plan/types";

export const ROOT = join(__dirname, "..", "..");
export interface Json {
  [key: string]: unknown;
}

/** Every stack file that the repository brings, by the name of its stack. */
export function stackFiles(): ReadonlyMap<string, Json> {
  const examples = readdirSync(join(ROOT, "examples")).filter((file) => file.endsWith(".yaml"));
  const files = [
    ...["prod", "test"].map((name) => [name, join(ROOT, `Pulumi.${name}.yaml`)] as const),
    ...examples.map((file) => [basename(file, ".yaml"), join(ROOT, "examples", file)] as const),
  ];
  return new Map(files.map(([name, path]) => [name, parse(readFileSync(path, "utf8")) as Json]));
}

export function environmentOf(file: Json): unknown {
  return (file["config"] as Json)["labstead:environment"];
}

/** The configuration of a value that is known to be valid. */
export function configOf(name: string, value: unknown): EnvironmentConfig {
  const parsed = parseEnvironment(name, value);
  if (!parsed.ok) throw new Error(parsed.findings.map(findingText).join("\n"));
  return parsed.config;
}

/** `labstead:environment` of an example, by its name. */
export function exampleOf(name: string): Json {
  return environmentOf(stackFiles().get(name) ?? {}) as Json;
}

/** An environment with changes below one key, by their paths there, and of other keys. */
export function changedBelow(environment: Json, key: string, changes: Json, others: Json = {}): Json {
  const below = Object.entries(changes).map(([path, value]) => [`${key}.${path}`, value] as const);
  return changed(environment, { ...Object.fromEntries(below), ...others });
}

/** The configuration of an owner that is known to be valid. */
export function ownerOf(name: string, value: unknown): OwnerConfig {
  const config = configOf(name, value);
  if (!isOwner(config)) throw new Error(`${name} owns no cluster`);
  return config;
}

export function planOf(config: EnvironmentConfig, owner?: EnvironmentConfig): EnvironmentPlan {
  const result = planEnvironment(config, owner);
  if (!result.ok) throw new Error(result.findings.map(findingText).join("\n"));
  return result.plan;
}

/** With the plans of its parts, of a configuration that is known to be valid. */
export function plannedOf(config: EnvironmentConfig): Planned {
  return environments.plan(config);
}

const data = (mountPoint: string): Json => ({ size: "100Gi", use: { kind: "filesystem", mountPoint } });
const KEYS = {
  ada: "4TrNTbm9dRCsHEnMDh8q7Ck83JYD5ycnKI0BCP7yvXQ=",
  grace: "n0mJ6L7b8o3bmSTbn7l6rLJ3nq9K5jQ2Ao1c4mVmQ3s=",
};

/** The environment of `Pulumi.prod.yaml` or of `Pulumi.test.yaml`. */
export function stackBase(stack: "prod" | "test"): Json {
  return environmentOf(stackFiles().get(stack) ?? {}) as Json;
}

/** Makes of a valid owner one whose storage is Heketi's. */
export const WITH_HEKETI = {
  "cluster.version": "1.25",
  "storage.shared.mode": "heketi-intree",
  "servers.gluster.volumes.heketi": {
    size: "10Gi",
    use: { kind: "filesystem", mountPoint: "/var/lib/heketi" },
  },
} as const;

/** A valid owner named `lab` with something of everything, a new one for each change. */
export function ownerBase(): Json {
  return {
    domain: "lab.example.org",
    image: "ubuntu-24.04",
    network: { kind: "managed", cidr: "10.0.0.0/24" },
    keyPair: { kind: "existing", name: "lab" },
    access: {
      kind: "both",
      operator: { kind: "tunnel" },
      ssh: { from: ["198.51.100.0/24"] },
      wireguard: {
        cidr: "172.30.153.64/26",
        peers: {
          ada: { publicKey: KEYS.ada, address: "172.30.153.70" },
          grace: { publicKey: KEYS.grace, address: "172.30.153.71" },
        },
      },
    },
    servers: {
      bastion: { flavor: "tiny", floatingIp: true },
      gateway: { flavor: "small", min: 2 },
      loadBalancer: { flavor: "small", min: 2 },
      controlPlane: { flavor: "medium", min: 3 },
      workers: { general: { flavor: "large", min: 2, max: 4, volumes: { data: data("/data") } } },
      gluster: { flavor: "medium", min: 3, volumes: { brick: { size: "1Ti", use: { kind: "raw" } } } },
      nfs: { flavor: "medium", volumes: { export: data("/srv/nfs") } },
      applicationServers: {
        logs: { slot: 0, flavor: "large", applications: ["elasticsearch"] },
        metrics: { slot: 1, flavor: "large", applications: ["prometheus", "grafana"] },
      },
      desktops: { flavor: "large", users: { ada: { slot: 0 }, grace: { slot: 1 } } },
    },
    cluster: { kind: "own", cni: { kind: "calico" } },
    ports: {
      published: { git: { external: 2222, nodePort: 30022, from: ["198.51.100.0/24"] } },
      internal: { registry: 30090 },
      window: { from: 30048, to: 30050, open: ["198.51.100.0/24"] },
    },
    storage: { shared: { kind: "gluster" } },
    tenants: {
      test: {
        slot: 0,
        ingress: { http: 31080, https: 31443 },
        window: { from: 30055, to: 30060 },
        namespaces: ["testlab"],
        hosts: ["test.lab.example.org", "test-docs.lab.example.org", "test-catalogue.lab.example.org"],
      },
      dev: { slot: 1, ingress: { http: 32080, https: 32443 }, namespaces: ["devlab"] },
    },
    containers: { state: { purpose: "state" }, velero: { purpose: "velero" } },
    applicationCredentials: { cloud: { roles: ["member"] } },
    apps: { datalab: datalab("datalab", "datalabs.lab.example.org") },
  };
}

/** The valid tenant named `test` of `ownerBase`. */
export function tenantBase(): Json {
  return {
    domain: "lab.example.org",
    cluster: { kind: "shared", owner: "lab" },
    servers: { loadBalancer: { flavor: "small", min: 1 } },
    ports: { window: { from: 30055, to: 30060, open: ["198.51.100.0/24"] } },
    apps: { datalab: datalab("testlab", "test.lab.example.org") },
  };
}

function datalab(namespace: string, host: string): Json {
  return {
    namespace,
    host,
    // The pinned series has ended upstream, which is said of every lab that keeps it.
    imageTags: { mongodb: "7.0.14" },
    auth: { issuer: "https://sso.example.org/", audience: `https://${host}/api` },
  };
}

/** Mappings key by key; everything else is replaced. */
export function merged(base: unknown, changes: unknown): unknown {
  if (!isMapping(base) || !isMapping(changes)) return changes;
  const keys = new Set([...Object.keys(base), ...Object.keys(changes)]);
  return Object.fromEntries(
    [...keys].map((key) => [key, key in changes ? merged(base[key], changes[key]) : base[key]]),
  );
}

function isMapping(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value to set at a dotted path; `undefined` removes the key. */
export type Changes = Readonly<Record<string, unknown>>;

/** A copy of `base` with changes. */
export function changed(base: Json, changes: Changes): Json {
  const copy = structuredClone(base);
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split(".");
    const last = keys.pop()!;
    let at = copy;
    for (const key of keys) at = (at[key] ??= {}) as Json;
    if (value === undefined) Reflect.deleteProperty(at, last);
    // Not the value itself: a later path may lead into it.
    else at[last] = structuredClone(value);
  }
  return copy;
}
