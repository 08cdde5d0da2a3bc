/** JupyterHub from PyPI, in a virtual environment for each release, and its proxy from npm: installed once, in `.tools/`. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installed, pythonEnvironment, runOnce } from "../host/installed";

export const HUB_VERSIONS = ["5.5", "6.1"] as const;
export type HubVersion = (typeof HUB_VERSIONS)[number];

/** The Python that has this release of JupyterHub, with KubeSpawner, the culler and all authenticators. */
export function hubPython(version: HubVersion): string {
  return join(environment(`jupyterhub-${version}`, [`requirements-${version}.txt`]), "bin/python");
}

/** Folder of the environment that has JupyterHub 5.5 and JupyterLab: for a hub's pods, and for servers of its people. */
export function notebookEnvironment(): string {
  return environment("jupyterlab", ["requirements-5.5.txt", "requirements-notebook.txt"]);
}

/** @param files of this folder with the pins */
function environment(name: string, files: readonly string[]): string {
  return pythonEnvironment(
    `hub/${name}`,
    files.map((file) => join(__dirname, file)),
  );
}

/** Folder of the proxy's packages for Node.js: its `node_modules` is in it. */
export function proxyFolder(): string {
  const source = join(__dirname, "proxy");
  return installed("hub/configurable-http-proxy", [join(source, "package-lock.json")], (target) => {
    for (const file of ["package.json", "package-lock.json"])
      writeFileSync(join(target, file), readFileSync(join(source, file)));
    runOnce("npm", ["ci", "--no-audit", "--no-fund"], target);
  });
}

/** The proxy's program, for Node.js. */
export function proxyProgram(): string {
  return join(proxyFolder(), "node_modules/configurable-http-proxy/bin/configurable-http-proxy");
}
