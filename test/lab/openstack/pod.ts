/**
 * A rendered pod as processes of this machine: each container's own command line, user and files, in a root and a mount
 * namespace of its own. Stood in for: its image, by the built program in an empty root, and the cluster's Service of the
 * API, by a line of its hosts file.
 */
import { chmodSync, chownSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fieldOf, listAt, type JsonObject } from "../../../deploy/manifest";
import { runs } from "../host/programs";
import type { Undo } from "../host/undo";
import { said, type ApiClient } from "../kubernetes/api-client";
import type { ControlPlane } from "../kubernetes/control-plane";
import { ServiceProcess } from "../kubernetes/service-process";

runs("chroot", "env", "mount", "sh", "unshare");

/** Where the pods of a test run. */
export interface PodHost {
  readonly plane: ControlPlane;
  readonly admin: ApiClient;
  /** Of the pods' files and logs. */
  readonly folder: string;
  /** Where paths of the node are. @default pods mount nothing of it */
  readonly node?: string;
  /** Executable of each container, by its name. */
  readonly programs: Readonly<Record<string, string>>;
}

/** A workload in the API server whose pod is run. */
export interface PodOf {
  /** `/apis/apps/v1/namespaces/<namespace>/daemonsets/<name>` */
  readonly path: string;
  /** Names of its containers that run; the others are stood in for. */
  readonly containers: readonly string[];
}

/** A container that runs. */
export interface RunningContainer {
  readonly pid: number;
  stop(): Promise<void>;
  /** Lines that it has printed in which the text occurs. */
  said(text: string): readonly string[];
}

/** Paths of volumes on this machine, by name. */
type Volumes = Readonly<Record<string, string>>;

/** Mounts pairs of source and target, then runs the program that follows. */
const MOUNTED = 'while [ "$1" != -- ]; do mount --bind "$1" "$2"; shift 2; done; shift; exec "$@"';

/** Starts the containers of a workload's pod; they end with the test. @returns by name */
export async function startPod(
  undo: Undo,
  host: PodHost,
  { path, containers }: PodOf,
): Promise<Readonly<Record<string, RunningContainer>>> {
  const { body } = await host.admin.get(path);
  const namespace = String(fieldOf(body, "metadata", "namespace"));
  const spec = fieldOf(body, "spec", "template", "spec") as JsonObject;
  const folder = join(host.folder, String(fieldOf(body, "metadata", "name")));
  mkdirSync(folder, { recursive: true });
  const group = Number(fieldOf(spec, "securityContext", "fsGroup") ?? 0);
  const volumes: Record<string, string> = {};
  for (const volume of listAt(spec, "volumes") as readonly JsonObject[]) {
    const onNode = fieldOf(volume, "hostPath", "path");
    if (typeof onNode === "string") {
      volumes[String(volume["name"])] = pathOnNode(host, onNode);
      continue;
    }
    const target = join(folder, "volumes", String(volume["name"]));
    mkdirSync(target, { recursive: true });
    const files = await filesOf(host, { namespace, account: String(spec["serviceAccountName"]) }, volume);
    fill(target, files, group);
    volumes[String(volume["name"])] = target;
  }
  const all = listAt(spec, "containers") as readonly JsonObject[];
  const started: Record<string, RunningContainer> = {};
  for (const name of containers) {
    const container = all.find((each) => each["name"] === name);
    if (container === undefined) throw new Error(`${path} has no container ${name}`);
    started[name] = startContainer(host, { folder: join(folder, name), container, group, volumes });
    undo.later(() => started[name]?.stop());
  }
  return started;
}

function pathOnNode({ node }: PodHost, path: string): string {
  if (node === undefined) throw new Error(`the pod mounts ${path} of a node, and runs on none`);
  const target = join(node, path);
  mkdirSync(target, { recursive: true });
  return target;
}

interface Owner {
  readonly namespace: string;
  readonly account: string;
}

/** Content by file name; undefined for an empty folder that the pod writes to. */
async function filesOf(
  { admin, plane }: PodHost,
  { namespace, account }: Owner,
  volume: JsonObject,
): Promise<Readonly<Record<string, string>> | undefined> {
  const at = (kind: string, name: unknown) => `/api/v1/namespaces/${namespace}/${kind}/${String(name)}`;
  if (volume["emptyDir"] !== undefined) return undefined;
  if (volume["secret"] !== undefined) {
    const secret = await found(admin, at("secrets", fieldOf(volume, "secret", "secretName")));
    const data = Object.entries(fieldOf(secret, "data") as Readonly<Record<string, string>>);
    return Object.fromEntries(data.map(([key, text]) => [key, Buffer.from(text, "base64").toString()]));
  }
  if (volume["configMap"] !== undefined) {
    const map = await found(admin, at("configmaps", fieldOf(volume, "configMap", "name")));
    return fieldOf(map, "data") as Readonly<Record<string, string>>;
  }
  if (volume["projected"] === undefined)
    throw new Error(`volume ${JSON.stringify(volume)} is of another kind`);
  const asked = await admin.ask("POST", `${at("serviceaccounts", account)}/token`, {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: {},
  });
  const token = fieldOf(asked.body, "status", "token");
  if (typeof token !== "string") throw new Error(`no token for ${account}: ${said(asked)}`);
  return { token, namespace, "ca.crt": plane.authority.pem };
}

async function found(admin: ApiClient, path: string): Promise<JsonObject> {
  const answer = await admin.get(path);
  if (answer.status !== 200) throw new Error(`${path}: ${said(answer)}`);
  return answer.body;
}

/** Files belong to root and the pod's group, as the kubelet gives them; what the pod writes to is the group's. */
function fill(folder: string, files: Readonly<Record<string, string>> | undefined, group: number): void {
  chownSync(folder, 0, group);
  chmodSync(folder, files === undefined ? 0o2777 : 0o755);
  for (const [name, content] of Object.entries(files ?? {})) {
    writeFileSync(join(folder, name), content);
    chownSync(join(folder, name), 0, group);
    chmodSync(join(folder, name), 0o440);
  }
}

interface Started {
  readonly folder: string;
  readonly container: JsonObject;
  readonly group: number;
  readonly volumes: Volumes;
}

function startContainer(
  { plane, programs }: PodHost,
  { folder, container, group, volumes }: Started,
): RunningContainer {
  const name = String(container["name"]);
  const program = programs[name];
  if (program === undefined) throw new Error(`no program for container ${name}`);
  const [command = `/${name}`] = listAt(container, "command") as readonly string[];
  const root = join(folder, "root");
  const { hostname, port } = new URL(plane.server);
  inside(root, "/etc/hosts", `127.0.0.1 localhost\n${hostname} ${plane.serverName}\n`);
  inside(root, "/etc/nsswitch.conf", "hosts: files\n");
  const mounts = [program, inside(root, command, "")];
  for (const mount of listAt(container, "volumeMounts") as readonly JsonObject[]) {
    const target = join(root, String(mount["mountPath"]));
    const source = volumes[String(mount["name"])] ?? "";
    const path = mount["subPath"];
    if (typeof path === "string") inside(root, String(mount["mountPath"]), "");
    else mkdirSync(target, { recursive: true });
    mounts.push(typeof path === "string" ? join(source, path) : source, target);
  }
  const context = container["securityContext"] as JsonObject;
  if (context["privileged"] === true) mounts.unshift(...toolsOfHost(root));
  const user = `${idOf(context["runAsUser"])}:${idOf(context["runAsGroup"])}`;
  const environment = [
    `KUBERNETES_SERVICE_HOST=${plane.serverName}`,
    `KUBERNETES_SERVICE_PORT=${port}`,
    "PATH=/bin:/usr/bin:/usr/sbin",
  ];
  const contained = ["chroot", `--userspec=${user}`, `--groups=${String(group)}`, root, command];
  const args = ["--mount", "--propagation", "private", "sh", "-ec", MOUNTED, "sh", ...mounts, "--"];
  const own = listAt(container, "args") as readonly string[];
  const log = join(folder, "log");
  const process = ServiceProcess.start(
    "unshare",
    [...args, "env", "-i", ...environment, ...contained, ...own],
    log,
  );
  return {
    pid: process.pid,
    stop: () => process.stop(),
    said: (text) =>
      readFileSync(log, "utf8")
        .split("\n")
        .filter((line) => line.includes(text)),
  };
}

/** Of a user or group; root where the pod says nothing. */
function idOf(id: unknown): string {
  return typeof id === "number" ? String(id) : "0";
}

/**
 * Programs for file systems, which the driver's image has: those of this machine. A kernel without ISO 9660 and VFAT
 * mounts a config drive that the test made of ext4.
 */
function toolsOfHost(root: string): readonly string[] {
  const script = inside(root, "/bin/mount", `#!/usr/bin/sh\n${CONFIG_DRIVE}exec /usr/bin/mount "$@"\n`);
  chmodSync(script, 0o755);
  for (const link of ["lib", "lib64", "sbin"]) symlinkSync(`usr/${link}`, join(root, link));
  mkdirSync(join(root, "tmp"));
  mkdirSync(join(root, "run"));
  return ["/usr", "/proc", "/sys"].flatMap((path) => {
    mkdirSync(join(root, path), { recursive: true });
    return [path, join(root, path)];
  });
}

const CONFIG_DRIVE = 'if [ "$1 $2" = "-t iso9660" ]; then shift 2; exec /usr/bin/mount -t ext4 "$@"; fi\n';

/** Makes a file in a root. @returns its path outside */
function inside(root: string, path: string, content: string): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}
