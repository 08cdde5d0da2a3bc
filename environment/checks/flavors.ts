/** Flavors with configured sizes, against what runs on their servers. */
import { isOwner, type OwnerConfig, type ServerRole, type ServersEnvironmentConfig } from "../config";
import { finding, type Finding } from "../findings";
import { isNodeRole } from "../plan/rolling";
import { gibibytes, mebibytes, millicores } from "../schema/quantities";
import { serverSettingsOf, writtenSettings } from "./server-settings";

type FlavorSizes = ServersEnvironmentConfig["flavors"][string];

/** A flavor of known size, and its path. */
interface Used {
  readonly path: string;
  readonly flavor: string;
  readonly role: ServerRole;
  readonly sizes: FlavorSizes;
  /** Of the disk that the server boots from; undefined if unknown. */
  readonly diskGiB: number | undefined;
  readonly fromVolume: boolean;
}

export function checkFlavors(config: ServersEnvironmentConfig): readonly Finding[] {
  const used = usedFlavors(config);
  return [
    ...used.flatMap(checkDisk),
    ...used.flatMap(checkControlPlane),
    ...(isOwner(config)
      ? used.flatMap((each) => [...checkReservations(each, config), ...checkLogs(each, config)])
      : []),
  ];
}

function usedFlavors(config: ServersEnvironmentConfig): readonly Used[] {
  return serverSettingsOf(config).flatMap((settings) => {
    const { role, config: common } = settings;
    return writtenSettings(settings, "flavor").flatMap(([path, flavor]) => {
      const sizes = config.flavors[flavor];
      if (sizes === undefined) return [];
      const boot = common.bootVolume;
      const diskGiB = boot === undefined ? sizes.diskGiB : gibibytes(boot.size);
      return [{ path, flavor, role, sizes, diskGiB, fromVolume: boot !== undefined }];
    });
  });
}

/** Nova lets only administrators boot an image on a flavor without a disk (policy `zero_disk_flavor`). */
function checkDisk({ path, flavor, diskGiB, fromVolume }: Used): readonly Finding[] {
  if (diskGiB !== 0 || fromVolume) return [];
  const what = `"${flavor}" has no disk of its own, and the server no bootVolume`;
  return [
    finding("flavor.disk", path, what, "write bootVolume: {size: 40Gi} beside it, or a flavor with a disk"),
  ];
}

/** What kubeadm requires of a control plane that joins: CPUs, and memory as the kernel sees it. */
const KUBEADM = { cpus: 2, memoryMiB: 1700 } as const;
/** Memory of a flavor that the kernel and the firmware reserve. */
const KERNEL_MIB = 100;

function checkControlPlane({ path, flavor, role, sizes: { vcpus, ramMiB } }: Used): readonly Finding[] {
  if (role !== "controlPlane") return [];
  const least = KUBEADM.memoryMiB + KERNEL_MIB;
  if (vcpus >= KUBEADM.cpus && ramMiB >= least) return [];
  const what = `"${flavor}" has ${amountText(vcpus, ramMiB)}, and no control plane joins a cluster with less than ${amountText(KUBEADM.cpus, least)}`;
  return [finding("flavor.small", path, what, "choose a larger flavor")];
}

function amountText(vcpus: number, ramMiB: number): string {
  return `${String(vcpus)} ${vcpus === 1 ? "vCPU" : "vCPUs"} and ${String(ramMiB)} MiB`;
}

interface Reservation {
  readonly what: string;
  readonly reserved: number;
  /** Undefined if unknown. */
  readonly has: number | undefined;
}

/** A kubelet does not start if more is reserved than exists; if all is reserved, no pod fits. */
function checkReservations(used: Used, { cluster: { nodes } }: OwnerConfig): readonly Finding[] {
  if (!isNodeRole(used.role)) return [];
  const { systemReserved: system, kubeReserved: kube, eviction } = nodes;
  const all: readonly Reservation[] = [
    {
      what: "thousandths of a CPU",
      reserved: millicores(system.cpu) + millicores(kube.cpu),
      has: used.sizes.vcpus * 1000,
    },
    {
      what: "MiB of memory",
      reserved: mebibytes(system.memory) + mebibytes(kube.memory) + mebibytes(eviction.memory),
      has: used.sizes.ramMiB,
    },
    {
      what: "MiB of disk",
      reserved: mebibytes(system.disk) + mebibytes(kube.disk),
      has: used.diskGiB === undefined ? undefined : used.diskGiB * 1024,
    },
  ];
  return all
    .filter(({ reserved, has }) => has !== undefined && has > 0 && reserved >= has)
    .map(({ what, reserved, has }) =>
      finding(
        "flavor.small",
        used.path,
        `"${used.flavor}" has ${String(has)} ${what}, and cluster.nodes keeps ${String(reserved)} of them from pods`,
        "reserve less in cluster.nodes, or choose a larger flavor",
      ),
    );
}

/** Messages that wait for the collector are on the disk of each server that is not a node. */
function checkLogs({ path, flavor, role, diskGiB }: Used, { logs }: OwnerConfig): readonly Finding[] {
  if (logs.kind === "none" || isNodeRole(role) || diskGiB === undefined || diskGiB === 0) return [];
  const disk = diskGiB * 1024;
  if (logs.queue < disk) return [];
  const what = `"${flavor}" has ${String(disk)} MiB of disk, and logs.queue may take ${String(logs.queue)} of them`;
  return [finding("flavor.small", path, what, "write a smaller logs.queue, or choose a larger flavor")];
}
