/**
 * The `pulumi` executable at the pinned version, and the language host for Node.js beside it. The version is stated
 * once, in `tools/pulumi/go.mod`.
 */
import { execFileSync } from "node:child_process";
import { accessSync, constants, existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { type Executable, link, REPOSITORY, type Source } from "./executables";
import { buildGoTool, type GoTool, goToolVersion } from "./go-tool";

const PULUMI: GoTool = {
  name: "pulumi",
  moduleDir: join(REPOSITORY, "tools/pulumi"),
  packagePath: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
  versionModule: "github.com/pulumi/pulumi/pkg/v3",
  versionVariable: "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version",
};

/**
 * Later versions are a module of their own; this one is the last inside the SDK's module. It runs programs for the
 * pinned engine, but does not start provider plugins written for Node.js.
 */
const LANGUAGE_HOST: GoTool = {
  name: "pulumi-language-nodejs",
  moduleDir: join(REPOSITORY, "tools/pulumi-language-nodejs"),
  packagePath: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
  versionModule: "github.com/pulumi/pulumi/sdk/v3",
};

/** Host of the official installer. */
const DOWNLOAD_URL = "https://get.pulumi.com/latest-version";

/** Milliseconds in which that host must answer, else this machine counts as one without internet. */
const REACH_TIMEOUT = 8_000;

/** Milliseconds for the whole download: 150 MB at 4 Mbit/s. */
const DOWNLOAD_TIMEOUT = 300_000;

/** The pinned version of Pulumi, without a leading `v`. */
export function pulumiVersion(): string {
  return goToolVersion(PULUMI).slice(1);
}

/** `pulumi`: from PATH, else downloaded, else built. */
export function pulumi(path = process.env["PATH"] ?? ""): Executable {
  const version = pulumiVersion();
  return {
    name: PULUMI.name,
    version,
    sources: [fromPath(version, path), fromDownload(version), fromModules(PULUMI)],
    help: [
      `Install Pulumi ${version} (https://www.pulumi.com/docs/install/), or Go 1.25.11 or newer with access to a`,
      "module proxy, and try again. `npx --no-install labstead plan <stack>` works without it.",
    ].join("\n"),
  };
}

/**
 * The language host that lets the `pulumi` command run this program by its own mechanism (`pulumi preview`): the one
 * released with that `pulumi`, else one built from source.
 */
export function languageHost(pulumiExecutable: string): Executable {
  return {
    name: LANGUAGE_HOST.name,
    version: pulumiVersion(),
    sources: [besidePulumi(pulumiExecutable), fromModules(LANGUAGE_HOST)],
    help: "It comes with the released Pulumi; only tests of `pulumi preview` itself need it.",
  };
}

function fromPath(version: string, path: string): Source {
  return {
    name: "PATH",
    provide: (target, log) => {
      const found = onPath(PULUMI.name, path, dirname(target));
      if (found === undefined) throw new Error("there is none");
      const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
      const answer = execFileSync(found, ["version"], { encoding: "utf8", env, timeout: 20_000 }).trim();
      if (answer !== `v${version}`) throw new Error(`${found} is ${answer}`);
      link(found, target);
      log(`pulumi ${version} is on PATH: ${found}`);
      return Promise.resolve();
    },
  };
}

/** The first executable of a name on PATH, outside of `except`. */
function onPath(name: string, path: string, except: string): string | undefined {
  return path
    .split(delimiter)
    .filter((folder) => folder !== "" && resolve(folder) !== resolve(except))
    .map((folder) => join(resolve(folder), name))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function fromDownload(version: string): Source {
  return {
    name: "download",
    provide: async (target, log) => {
      await fetch(DOWNLOAD_URL, { signal: AbortSignal.timeout(REACH_TIMEOUT) }).catch(() => {
        throw new Error("get.pulumi.com cannot be reached");
      });
      log(`downloading pulumi ${version}`);
      const root = join(dirname(target), "..", `pulumi-${version}`);
      // Loaded here only: it takes half a second of CPU, and most calls have nothing to install.
      const { PulumiCommand } = await import("@pulumi/pulumi/automation");
      const { parse } = await import("semver");
      const pinned = parse(version) ?? undefined;
      await within(DOWNLOAD_TIMEOUT, PulumiCommand.install({ root, ...(pinned && { version: pinned }) }));
      link(join(root, "bin", PULUMI.name), target);
      log(`pulumi ${version} is downloaded`);
    },
  };
}

function fromModules(tool: GoTool): Source {
  return {
    name: "Go modules",
    provide: async (target, log) => {
      log(
        `building ${tool.name} ${goToolVersion(tool)} from its Go modules; the first time this takes minutes`,
      );
      await buildGoTool(tool, target, log);
    },
  };
}

function besidePulumi(pulumiExecutable: string): Source {
  return {
    name: "beside pulumi",
    provide: (target, log) => {
      const released = join(dirname(realpathSync(pulumiExecutable)), LANGUAGE_HOST.name);
      if (resolve(released) === resolve(target) || !existsSync(released)) throw new Error("there is none");
      link(released, target);
      log(`${LANGUAGE_HOST.name} comes with ${pulumiExecutable}`);
      return Promise.resolve();
    },
  };
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`not done after ${String(milliseconds / 1000)} s`));
    }, milliseconds);
  });
  return Promise.race([work, late]).finally(() => {
    clearTimeout(timer);
  });
}
