/** `labstead doctor`: what is installed, reachable and missing here, each with its fix. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { readText } from "../../environment/text-file";
import { parseYaml, type YamlResult } from "../../environment/yaml-text";
import { TOOLS_DIR } from "../../tools/toolchain/executables";
import { pulumiVersion } from "../../tools/toolchain/pulumi";
import { textTable } from "../../review/table";
import type { Diagnosis } from "./diagnosis";
import { diagnoseCredentials, diagnoseMode, diagnoseState } from "./state";

/** Exits with 1 if something that the built-in cloud needs is missing. */
export async function runDoctor(): Promise<void> {
  const found = await diagnose(process.env);
  console.log(
    textTable(
      "This machine",
      ["what", "state", "found", "fix"],
      found.map((each) => [each.what, each.state, each.detail, each.fix]),
    ).trimEnd(),
  );
  if (found.some((each) => each.state === "missing")) process.exitCode = 1;
}

/** @param directory the project's folder */
export async function diagnose(
  env: NodeJS.ProcessEnv,
  directory = process.cwd(),
): Promise<readonly Diagnosis[]> {
  return [
    node(),
    packages(),
    await pulumi(),
    await go(),
    ...(await diagnoseState(directory, env)),
    ...(await cloud(env)),
    ...diagnoseCredentials(directory, new Date()),
    ...(await operatorTools()),
  ];
}

function ok(what: string, detail: string): Diagnosis {
  return { what, state: "ok", detail, fix: "" };
}

function node(): Diagnosis {
  return ok("Node.js", process.versions.node);
}

function packages(): Diagnosis {
  try {
    require.resolve("@pulumi/pulumi/package.json");
    return ok("npm packages", "installed");
  } catch {
    return { what: "npm packages", state: "missing", detail: "not installed", fix: "npm ci" };
  }
}

async function pulumi(): Promise<Diagnosis> {
  const own = join(TOOLS_DIR, "bin", "pulumi");
  const version = (await output(existsSync(own) ? own : "pulumi", ["version"]))?.trim();
  if (version === `v${pulumiVersion()}`) return ok("pulumi", version);
  return {
    what: "pulumi",
    state: "missing",
    detail: version ?? "not found",
    fix: `make pulumi (installs ${pulumiVersion()}); labstead plan works without it`,
  };
}

async function go(): Promise<Diagnosis> {
  const version = await output("go", ["version"]);
  return version === undefined
    ? {
        what: "go",
        state: "optional",
        detail: "not found",
        fix: "only needed to build pulumi where it cannot be downloaded",
      }
    : ok("go", version.trim());
}

async function cloud(env: NodeJS.ProcessEnv): Promise<readonly Diagnosis[]> {
  const file = cloudsFile(env);
  if (file === undefined) {
    const fix =
      env["OS_AUTH_URL"] === undefined
        ? "for a real cloud: put clouds.yaml into ~/.config/openstack, see docs/real-cloud.md"
        : "";
    return [{ what: "clouds.yaml", state: "optional", detail: env["OS_AUTH_URL"] ?? "not found", fix }];
  }
  const name = env["OS_CLOUD"] ?? "openstack";
  const read = cloudsIn(file);
  if (!read.ok) {
    const detail = `${file} ${read.problem}`;
    return [{ what: "clouds.yaml", state: "optional", detail, fix: "correct it, see docs/real-cloud.md" }];
  }
  const url = authUrl(read.content, name);
  if (url === undefined) {
    return [
      {
        what: "clouds.yaml",
        state: "optional",
        detail: `${file} has no cloud "${name}"`,
        fix: "export OS_CLOUD=<one of its clouds>",
      },
    ];
  }
  return [
    ok("clouds.yaml", `${file}, cloud ${name}`),
    ...diagnoseMode(file),
    await reachable("Keystone", url),
  ];
}

function cloudsFile(env: NodeJS.ProcessEnv): string | undefined {
  const places = [
    env["OS_CLIENT_CONFIG_FILE"],
    "clouds.yaml",
    join(homedir(), ".config/openstack/clouds.yaml"),
    "/etc/openstack/clouds.yaml",
  ];
  return places.find((place) => place !== undefined && existsSync(place));
}

function cloudsIn(file: string): YamlResult {
  const read = readText(file, "create it");
  return read.ok ? parseYaml(read.text) : { ok: false, problem: read.explanation };
}

const cloudsFormat = z.object({ clouds: z.record(z.string(), z.unknown()) });
const cloudFormat = z.object({ auth: z.object({ auth_url: z.string() }) });

function authUrl(content: unknown, cloudName: string): string | undefined {
  const file = cloudsFormat.safeParse(content);
  if (!file.success || !Object.hasOwn(file.data.clouds, cloudName)) return undefined;
  return cloudFormat.safeParse(file.data.clouds[cloudName]).data?.auth.auth_url;
}

/** Milliseconds that a service may take to answer. */
const ANSWER_TIMEOUT = 3_000;

async function reachable(what: string, url: string): Promise<Diagnosis> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_TIMEOUT) });
    return ok(what, `${url} answers ${String(response.status)}`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      what,
      state: "optional",
      detail: `${url}: ${reason}`,
      fix: "check the address, your network and the VPN",
    };
  }
}

const OPERATOR_TOOLS: readonly (readonly [name: string, args: readonly string[], purpose: string])[] = [
  ["ssh", ["-V"], "to reach servers through the bastion"],
  ["kubectl", ["version", "--client"], "to look into the cluster"],
  ["wg", ["--version"], "to connect through the WireGuard gateway"],
  ["openstack", ["--version"], "to look at the cloud beside this program"],
];

async function operatorTools(): Promise<readonly Diagnosis[]> {
  return Promise.all(
    OPERATOR_TOOLS.map(async ([what, args, purpose]): Promise<Diagnosis> => {
      const version = await output(what, args);
      return version === undefined
        ? { what, state: "optional", detail: "not found", fix: `install it ${purpose}` }
        : ok(what, version.trim().split("\n")[0] ?? "");
    }),
  );
}

/** The output of a program, stderr if stdout is empty (`ssh -V`); undefined if it cannot be run. */
async function output(program: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await promisify(execFile)(program, [...args], {
      timeout: 10_000,
      env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    });
    return stdout.trim() === "" ? stderr : stdout;
  } catch {
    return undefined;
  }
}
