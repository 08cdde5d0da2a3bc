/** The official Kubernetes provider plugin, built once from its published Go module into `.tools/official/bin`. */
import { join } from "node:path";
import { install, TOOLS_DIR, type Executable } from "../../../tools/toolchain/executables";
import { buildGoTool, goToolVersion, type GoTool, type Log } from "../../../tools/toolchain/go-tool";

const MODULE = "github.com/pulumi/pulumi-kubernetes/provider/v4";

const tool: GoTool = {
  name: "pulumi-resource-kubernetes",
  moduleDir: join(__dirname, "kubernetes"),
  packagePath: ".",
  versionModule: MODULE,
};

/**
 * The folder that holds the plugin: on PATH, the engine takes it from there. The first call on a machine takes some
 * minutes.
 */
export async function pluginFolder(log: Log): Promise<string> {
  const version = goToolVersion(tool);
  const executable: Executable = {
    name: tool.name,
    version,
    sources: [
      {
        name: "Go modules",
        provide: (target, say) => {
          say(`building the official Kubernetes plugin ${version}; the first time this takes minutes`);
          return buildGoTool(tool, target, say);
        },
      },
    ],
    help: "Install Go 1.26 or newer with access to a module proxy, and try again.",
  };
  return join(await install(executable, { toolsDir: join(TOOLS_DIR, "official"), log }), "..");
}
