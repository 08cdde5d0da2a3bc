/** Runs what the charts of a hub with a drive render, without a cluster: Ganesha, the drive's program, the spawner. */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { App } from "cdk8s";
import { DriveChart } from "../../../apps/hub/drive/chart";
import { DriveClassChart } from "../../../apps/hub/drive/class";
import { DRIVE } from "../../../apps/hub/drive/names";
import type { HubPlan } from "../../../apps/hub/plan";
import { SECRET_VARIABLES } from "../../../apps/hub/secrets";
import { LAB_SPAWNER, labSpawnerModule } from "../../../apps/hub/server/lab-spawner";
import { hubSettings } from "../../../apps/hub/settings";
import { listAt } from "../../../deploy/manifest";
import { traitletsFile } from "../../../kit";
import { ofKind, podOf, renderChart, type Manifest } from "../../apps/manifests";
import { loads, runs } from "../host/programs";
import { host } from "../machines/host";
import { inScratch, Undo } from "../host/undo";
import { NO_CLUSTER } from "../hub/no-cluster";
import { hubPython, type HubVersion } from "../hub/python";
import { debianKernel } from "./machine/kernel";
import { runInMachine } from "./machine/machine";

// The scene itself starts all but the first.
runs("unshare", "ip", "mount", "setpriv", "python3", "ganesha.nfsd", "rpcinfo", "install", "sh");
runs("mkfs.xfs", "mount.nfs", "truncate", "umount");
loads("nfs-ganesha-vfs", "libnfs13");

const TOKEN = "drive-token-of-the-test";
/** The variables that a configuration reads. */
const SECRETS = Object.fromEntries(Object.values(SECRET_VARIABLES).map((name) => [name, "secret"]));

export type Step = readonly [name: string, ...arguments_: readonly unknown[]];

export function driveManifests(plan: HubPlan): readonly Manifest[] {
  if (plan.homes.kind !== "drive") throw new Error("the hub has no drive");
  return renderChart(new DriveChart(new App(), "drive", plan, plan.homes)).manifests;
}

/** @returns what each step saw. @throws Error with what the scene said */
export function observeDrive(version: HubVersion, plan: HubPlan, steps: readonly Step[]): readonly unknown[] {
  return inScratch("drive", (folder) => {
    const [config, spawnerFolder] = [join(folder, "jupyterhub_config.py"), join(folder, "spawner")];
    mkdirSync(spawnerFolder);
    writeFileSync(config, traitletsFile(hubSettings(plan)));
    writeFileSync(join(spawnerFolder, LAB_SPAWNER.file), labSpawnerModule());
    const [settings, kubeconfig] = [join(folder, "settings.json"), join(folder, "kubeconfig")];
    writeFileSync(kubeconfig, NO_CLUSTER);
    writeFileSync(settings, JSON.stringify({ ...settingsOf(plan), config, spawnerFolder, steps }));
    const isolated = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
    const scene = [hubPython(version), join(__dirname, "drive_lab.py"), settings];
    const { status, stdout, stderr } = spawnSync("unshare", [...isolated, ...scene], {
      encoding: "utf8",
      env: { ...process.env, KUBECONFIG: kubeconfig, ...SECRETS },
    });
    if (status !== 0) throw new Error(`${stdout}${stderr}`);
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as readonly unknown[];
  });
}

/** Of the drive's volume. */
const DISK_SIZE = "4G";

/**
 * The same in a machine with Debian's kernel, on a disk of XFS: with the kernel's own client, and quotas.
 * @returns what each step saw. @throws Error with what the scene or the machine said
 */
export function observeInMachine(plan: HubPlan, steps: readonly Step[]): Promise<readonly unknown[]> {
  return Undo.within(async (undo) => {
    const folder = undo.folder("machine");
    const [disk, settings] = [join(folder, "disk"), join(folder, "settings.json")];
    await host(["truncate", `--size=${DISK_SIZE}`, disk]);
    await host(["mkfs.xfs", "-q", disk]);
    const volume = { device: "/dev/vda", volumeOptions: volumeOptions(plan).join(",") };
    writeFileSync(settings, JSON.stringify({ ...settingsOf(plan), ...volume, steps }));
    const command = ["/usr/bin/python3", join(__dirname, "drive_lab.py"), settings];
    const printed = await runInMachine({ kernel: await debianKernel(), disk, folder, command });
    return JSON.parse(printed.trim().split("\n").at(-1) ?? "") as readonly unknown[];
  });
}

/** With which the class of drives has its volumes mounted. */
function volumeOptions({ environment, homes }: HubPlan): readonly string[] {
  if (homes.kind !== "drive" || homes.ownClass === undefined)
    throw new Error("the hub has no drive of its class");
  const { manifests } = renderChart(
    new DriveClassChart(new App(), "class", { ...homes.ownClass, environment }),
  );
  return listAt(manifests[0], "mountOptions").map(String);
}

function settingsOf(plan: HubPlan): object {
  const manifests = driveManifests(plan);
  const [deployment] = ofKind(manifests, "Deployment");
  if (deployment === undefined || plan.homes.kind !== "drive") throw new Error("a drive is a Deployment");
  const { spec } = podOf(deployment);
  const files = new Map(
    ofKind(manifests, "ConfigMap").map(({ metadata, data }) => [metadata.name, data?.["config"]] as const),
  );
  const containers = [...(spec.initContainers ?? []), ...spec.containers].map((each) => [
    each.name,
    {
      command: each.command,
      environment: each.name === "homes" ? { DRIVE_TOKEN: TOKEN } : {},
      files: Object.fromEntries(
        (each.volumeMounts ?? []).flatMap(({ name, mountPath }) => {
          const content = files.get(name);
          return content === undefined ? [] : [[mountPath, content]];
        }),
      ),
    },
  ]);
  const ganesha = spec.containers.find(({ name }) => name === "ganesha");
  return {
    containers: Object.fromEntries(containers) as object,
    ready: ganesha?.readinessProbe?.exec?.command,
    host: `${DRIVE}.${plan.homes.namespace}`,
  };
}
