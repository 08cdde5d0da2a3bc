/** Plans for the tests: the repository's own examples, and a small environment that a test may vary. */
import { parseEnvironment, planEnvironment } from "../environments";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import type { EnvironmentConfig } from "../../environment/config";
import { findingText } from "../../environment/findings";
import type { EnvironmentPlan } from "../../environment/plan/types";

const ROOT = join(__dirname, "..", "..");
type Json = { readonly [key: string]: unknown };

function configOf(name: string, value: unknown): EnvironmentConfig {
  const parsed = parseEnvironment(name, value);
  if (!parsed.ok) throw new Error(parsed.findings.map(findingText).join("\n"));
  return parsed.config;
}

function fileConfigs(): ReadonlyMap<string, EnvironmentConfig> {
  const examples = readdirSync(join(ROOT, "examples"))
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => [basename(file, ".yaml"), join(ROOT, "examples", file)] as const);
  const stacks = ["prod", "test"].map((name) => [name, join(ROOT, `Pulumi.${name}.yaml`)] as const);
  return new Map(
    [...stacks, ...examples]
      .filter(([, path]) => existsSync(path))
      .map(([name, path]) => {
        const file = parse(readFileSync(path, "utf8")) as { config: Json };
        return [name, configOf(name, file.config["labstead:environment"])];
      }),
  );
}

export function planOf(config: EnvironmentConfig, owner?: EnvironmentConfig): EnvironmentPlan {
  const result = planEnvironment(config, owner);
  if (!result.ok) throw new Error(result.findings.map(findingText).join("\n"));
  return result.plan;
}

/** Every environment that the repository brings, by name. */
export function examplePlans(): ReadonlyMap<string, EnvironmentPlan> {
  const configs = fileConfigs();
  return new Map(
    [...configs].map(([name, config]) => {
      const owner = config.cluster.kind === "shared" ? configs.get(config.cluster.owner) : undefined;
      return [name, planOf(config, owner)];
    }),
  );
}

const SMALL: Json = {
  domain: "lab.example.org",
  image: "ubuntu-24.04",
  network: { kind: "managed", cidr: "10.0.0.0/16" },
  keyPair: {
    kind: "managed",
    publicKey:
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICRjpJ/wn1rFsiBALdl7I1IAby5jHNWzrkUCt8IEJgM4 operator@example.org",
  },
  access: {
    kind: "bastion",
    operator: { kind: "allowlist", from: ["198.51.100.0/24"] },
    ssh: { from: ["198.51.100.0/24"] },
  },
  cluster: { kind: "own" },
};

const SERVERS: Json = {
  bastion: { flavor: "tiny", floatingIp: true },
  gateway: { flavor: "small", min: 2 },
  loadBalancer: { flavor: "small", min: 1, antiAffinity: "none" },
  controlPlane: { flavor: "medium", min: 1, antiAffinity: "none" },
};

const WORKERS: Json = {
  flavor: "large",
  min: 2,
  volumes: {
    data: { size: "100Gi", use: { kind: "filesystem", mountPoint: "/data" } },
    scratch: { size: "8Gi", protect: false, use: { kind: "filesystem", mountPoint: "/scratch" } },
  },
};

/** A small environment; `workers` and `more` are laid over it. */
export function smallConfig(workers: Json = {}, more: Json = {}): EnvironmentConfig {
  const servers = { ...SERVERS, workers: { general: { ...WORKERS, ...workers } } };
  return configOf("dev", { ...SMALL, servers, ...more });
}

/** The plan of {@link smallConfig}. */
export function smallPlan(workers: Json = {}, more: Json = {}): EnvironmentPlan {
  return planOf(smallConfig(workers, more));
}

/** The small environment with more settings. */
export function planWith(more: Json): EnvironmentPlan {
  return smallPlan({}, more);
}
