/** The real oauth2-proxy, built once from the Go module that `oauth2-proxy/go.mod` pins, with the rendered arguments. */
import { join } from "node:path";
import { type Executable, install, TOOLS_DIR } from "../../../tools/toolchain/executables";
import { buildGoTool, type GoTool, goToolVersion, type Log } from "../../../tools/toolchain/go-tool";
import { containersOf, workloads, type Manifest } from "../../apps/manifests";
import { ask } from "../../apps/user-pods/gateway/process";
import { ServiceProcess } from "../kubernetes/service-process";

const TOOL: GoTool = {
  name: "oauth2-proxy",
  moduleDir: join(__dirname, "oauth2-proxy"),
  packagePath: "github.com/oauth2-proxy/oauth2-proxy/v7",
  versionModule: "github.com/oauth2-proxy/oauth2-proxy/v7",
};

/** Release that is built: `v7.15.6`. */
export const OAUTH2_PROXY_VERSION = goToolVersion(TOOL);

/** Milliseconds that it may take to answer. */
const START_TIME = 30_000;

function executable(): Executable {
  return {
    name: TOOL.name,
    version: goToolVersion(TOOL),
    sources: [{ name: "Go modules", provide: (target, log) => buildGoTool(TOOL, target, log) }],
    help: "Install Go 1.26 or newer with access to a module proxy, and try again.",
  };
}

/** The container's arguments, with those of a cluster replaced. */
export async function startOauth2Proxy(
  manifests: readonly Manifest[],
  changes: Readonly<Record<string, string>>,
  port: number,
  log: { readonly file: string; readonly progress: Log },
): Promise<ServiceProcess> {
  const program = await install(executable(), { toolsDir: join(TOOLS_DIR, "gateway"), log: log.progress });
  const container = workloads(manifests)
    .flatMap((each) => containersOf(each))
    .find(({ name }) => name === "oauth2-proxy");
  const args = (container?.args ?? []).filter(
    (arg) => !Object.keys(changes).some((key) => arg.startsWith(`${key}=`)),
  );
  const given = Object.entries(changes).map(([key, value]) => `${key}=${value}`);
  const started = ServiceProcess.start(program, [...args, ...given], log.file);
  await started.until(
    () =>
      ask({ port, path: "/ping" }).then(
        ({ status }) => status === 200,
        () => false,
      ),
    START_TIME,
  );
  return started;
}
