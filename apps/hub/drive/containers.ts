/** The containers of a drive's pod. */
import type { IPersistentVolumeClaim, ISecret } from "cdk8s-plus-27";
import {
  HELPER_RESOURCES,
  pinnedImage,
  type ConfigFile,
  type ContainerSpec,
  type ProbeSpec,
  type Resources,
  type SecurityException,
  type TaskContainerSpec,
  type User,
} from "../../../kit";
import { RECOVERY } from "./ganesha";
import { DRIVE_IMAGES } from "./images";
import { DRIVE_EXPORTS, DRIVE_PORTS, DRIVE_ROOT, SQUASHED } from "./names";
import type { DrivePlan } from "./plan";

export const ROOT: User = { uid: 0, gid: 0 };
const GANESHA_CONFIG = "/etc/ganesha/labstead.conf";
const PROGRAM = "/opt/labstead/homes.py";
const CONFIG = "/opt/labstead/homes.json";

/** The folders that the other two start with. Names of directories are words, by the schema. */
export function layout({ directories }: DrivePlan, claim: IPersistentVolumeClaim): TaskContainerSpec {
  const [homes, shared] = [`${DRIVE_ROOT}${DRIVE_EXPORTS.homes}`, `${DRIVE_ROOT}${DRIVE_EXPORTS.shared}`];
  const { uid, gid } = SQUASHED;
  const own = directories.map(({ name }) => `install -d -o ${uid} -g ${gid} -m 0775 ${shared}/${name}`);
  return {
    name: "layout",
    image: pinnedImage(DRIVE_IMAGES.homes),
    command: [
      "sh",
      "-ec",
      [`install -d -m 0755 ${homes} ${shared}`, `install -d -m 0700 ${RECOVERY}`, ...own].join("\n"),
    ],
    mounts: [{ kind: "claim", path: DRIVE_ROOT, claim }],
    resources: HELPER_RESOURCES,
    user: ROOT,
    security: {
      reason: "makes the folders of the exports, and gives those of shared directories their owner",
      allow: ["rootUser"],
      capabilities: ["CHOWN", "DAC_OVERRIDE", "FOWNER"],
    },
  };
}

/** Without the image's own start script, which starts a port mapper and D-Bus that NFSv4 needs not. */
export function ganesha(config: ConfigFile, claim: IPersistentVolumeClaim): ContainerSpec {
  return {
    name: "ganesha",
    image: pinnedImage(DRIVE_IMAGES.ganesha),
    command: [
      "/usr/bin/ganesha.nfsd",
      ...["-F", "-L", "/dev/stdout", "-N", "NIV_EVENT", "-f", GANESHA_CONFIG, "-p", "/run/ganesha.pid"],
    ],
    ports: { nfs: DRIVE_PORTS.nfs },
    mounts: [
      { kind: "config", path: GANESHA_CONFIG, config },
      { kind: "claim", path: DRIVE_ROOT, claim },
    ],
    resources: GANESHA_RESOURCES,
    user: ROOT,
    security: GANESHA_EXCEPTION,
    probes: {
      kind: "both",
      readiness: ANSWERS,
      // Late: a restart makes every server of the hub wait.
      liveness: { ...ANSWERS, delay: 60, period: 30, failures: 4 },
    },
  };
}

/**
 * Ganesha answers NFSv4's NULL call (program 100003): an open port alone proves less. The address ends with both bytes of
 * the port, so that no port mapper is asked.
 */
const ANSWERS: ProbeSpec = {
  kind: "command",
  command: [
    "rpcinfo",
    "-a",
    `127.0.0.1.${DRIVE_PORTS.nfs >> 8}.${DRIVE_PORTS.nfs & 255}`,
    "-T",
    "tcp",
    "100003",
    "4",
  ],
  timeout: 10,
};

const GANESHA_EXCEPTION: SecurityException = {
  reason:
    "opens files of all users by their handles, which contain the UUID of the file system, read from its device: with the device's number they would be stale on the next node",
  allow: ["rootUser", "writableRootFilesystem", "privileged"],
};

/** Those of a hub's drive (JH), with memory for the state of a thousand clients' open files. */
const GANESHA_RESOURCES: Resources = {
  request: { cpuMillis: 100, memoryMiB: 128 },
  limit: { cpuMillis: 2000, memoryMiB: 2048 },
};

/** What the drive's program and its configuration are in. */
export interface HomesFiles {
  readonly program: ConfigFile;
  readonly config: ConfigFile;
  readonly secret: ISecret;
}

export function homes({ program, config, secret }: HomesFiles, claim: IPersistentVolumeClaim): ContainerSpec {
  const health: ProbeSpec = { kind: "http", path: "/health", port: DRIVE_PORTS.homes };
  return {
    name: "homes",
    image: pinnedImage(DRIVE_IMAGES.homes),
    command: ["python3", "-u", PROGRAM, CONFIG],
    ports: { homes: DRIVE_PORTS.homes },
    env: { DRIVE_TOKEN: { secret, key: "token" } },
    mounts: [
      { kind: "config", path: PROGRAM, config: program },
      { kind: "config", path: CONFIG, config },
      { kind: "claim", path: DRIVE_ROOT, claim },
    ],
    resources: HELPER_RESOURCES,
    user: ROOT,
    security: {
      reason: "gives homes their owners, and sets quotas of the file system by its device",
      allow: ["rootUser", "privileged"],
    },
    probes: {
      kind: "both",
      readiness: health,
      liveness: { kind: "tcp", port: DRIVE_PORTS.homes },
      // The limits of all homes are set before it is ready: a tenth of a second for each.
      startup: { ...health, delay: 0, period: 5, failures: 120 },
    },
  };
}
