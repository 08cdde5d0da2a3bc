/**
 * Cinder volumes on their server: formatted once, mounted at their mount point, grown with their volume.
 *
 * A volume is created before its server and attached after it, so user data can contain the volume's id: the disk's
 * serial number is its first 20 characters (virtio) or all of it (SCSI); the disk's letter means nothing. The unit
 * waits for the disk. A disk that holds data, or cannot be read, is never formatted.
 */
import type { EnvironmentPlan, ServerPlan, VolumePlan } from "../../../environment/plan/types";
import { output } from "../../../values";
import { assertNever } from "../../../errors/assert-never";
import { isWithin } from "../../../environment/server-folders";
import { bootFile, type MachinePart, type MountConfig, type UnitConfig } from "../config";
import { shellWord } from "../../formats/shell";
import { LIBRARY, SETTINGS } from "../paths";
import { after } from "../units";

const SCRIPT = `${LIBRARY}/volume`;

/** Unit that mounts a volume or enables swap on it; `workers.general/0/data` gives `labstead-volume@data.service`. */
export function volumeUnit(volumeKey: string): string {
  return `labstead-volume@${nameOf(volumeKey)}.service`;
}

/** A link to the disk that is the same at every boot, for services that use the raw disk. */
export function volumeDevice(volumeKey: string): string {
  return `/dev/labstead/${nameOf(volumeKey)}`;
}

/** `<server key>/<volume name>`; a server key may contain slashes. */
function nameOf(volumeKey: string): string {
  return volumeKey.slice(volumeKey.lastIndexOf("/") + 1);
}

export function volumesPart(server: ServerPlan, plan: EnvironmentPlan): MachinePart {
  const volumes = plan.volumes.filter((volume) => volume.server === server.key);
  if (volumes.length === 0) return {};
  return {
    packages: volumes.some(({ use }) => use.kind === "filesystem" && use.type === "xfs")
      ? [{ name: "xfsprogs" }]
      : [],
    files: [
      bootFile(SCRIPT, VOLUME_SCRIPT, "0755"),
      bootFile("/etc/systemd/system/labstead-volume@.service", TEMPLATE),
      ...volumes.map((volume) => bootFile(`${SETTINGS}/volumes/${nameOf(volume.key)}`, settings(volume))),
    ],
    units: volumes.map((volume) => unitOf(volume, volumes)),
    mounts: volumes.map(({ key, use }): MountConfig => ({ volume: key, use })),
    checks: volumes.map((volume) => ({
      name: `volume ${nameOf(volume.key)}`,
      run: check(volume),
      timeoutSeconds: 300,
    })),
  };
}

/** A volume below another one's mount point waits for that one, whose mount would otherwise hide it. */
function unitOf(volume: VolumePlan, all: readonly VolumePlan[]): UnitConfig {
  const above = all
    .filter((other) => other !== volume && isBelow(volume, other))
    .map(({ key }) => volumeUnit(key));
  const unit = { name: volumeUnit(volume.key), state: "enabled", needs: [] } as const;
  return above.length === 0 ? unit : { ...unit, dropIns: { "10-labstead": after(above) } };
}

function isBelow({ use }: VolumePlan, { use: other }: VolumePlan): boolean {
  return (
    use.kind === "filesystem" && other.kind === "filesystem" && isWithin(use.mountPoint, other.mountPoint)
  );
}

/** Sourced by the script; the infrastructure binds the id. */
function settings({ key, use }: VolumePlan): string {
  const id = `ID=${output(`volume/${key}/id`).toString()}\n`;
  switch (use.kind) {
    case "filesystem":
      return `${id}USE=filesystem\nTYPE=${shellWord(use.type)}\nMOUNT_POINT=${shellWord(use.mountPoint)}\n`;
    case "swap":
      return `${id}USE=swap\n`;
    case "raw":
      return `${id}USE=raw\n`;
    default:
      return assertNever(use);
  }
}

function check({ key, use }: VolumePlan): readonly string[] {
  switch (use.kind) {
    case "filesystem":
      return ["mountpoint", "--quiet", use.mountPoint];
    case "swap":
      return ["sh", "-c", `swapon --show=NAME --noheadings | grep -q .`];
    case "raw":
      return ["test", "-b", volumeDevice(key)];
    default:
      return assertNever(use);
  }
}

/** The disk appears when Nova attaches it, possibly long after the boot. */
const TEMPLATE = `[Unit]
Description=Volume %i
After=local-fs.target systemd-udevd.service
RequiresMountsFor=${SETTINGS}

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=${SCRIPT} %i
TimeoutStartSec=infinity

[Install]
WantedBy=multi-user.target
`;

/**
 * blkid(8) returns 2 if it finds nothing, but also if it cannot read; so a byte is read first. Any unexpected content
 * that it finds is left unchanged.
 */
const VOLUME_SCRIPT = `#!/bin/sh
# Mounts a volume of this server, and formats it if it is empty: volume NAME
set -eu
name=$1
. ${SETTINGS}/volumes/"$name"
serial=$(printf %.20s "$ID")

say() { echo "volume $name ($ID): $*"; }
refuse() { say "$*" >&2; exit 1; }

disk() {
  for link in /dev/disk/by-id/virtio-"$serial" /dev/disk/by-id/scsi-*_"$ID" /dev/disk/by-id/scsi-*_"$serial" /dev/disk/by-id/scsi-S*"$ID"; do
    if [ -b "$link" ]; then readlink -f "$link"; return; fi
  done
  return 1
}

until device=$(disk); do
  [ -n "\${waiting:-}" ] || { waiting=1; say "waits for its disk"; }
  sleep 1
done
mkdir -p /dev/labstead
ln -sfn "$device" /dev/labstead/"$name"

# What is on the disk: a type, or nothing.
content() {
  dd if="$device" of=/dev/null bs=4096 count=1 2>/dev/null || refuse "$device cannot be read"
  code=0
  found=$(blkid --probe --output export "$device") || code=$?
  case $code in
    0) found=$(printf '%s\\n' "$found" | sed -n 's/^\\(TYPE\\|PTTYPE\\)=//p' | tail -n 1); echo "\${found:-unknown}" ;;
    2) ;;
    *) refuse "blkid cannot tell what is on $device (exit code $code); nothing was changed" ;;
  esac
}

found=$(content)
case $USE in
  raw) ;;
  swap)
    case $found in
      "") mkswap "$device" ;;
      swap) ;;
      *) refuse "$device holds $found, so it is not made swap; attach an empty volume" ;;
    esac
    swapon --show=NAME --noheadings | grep -qx "$device" || swapon "$device"
    ;;
  filesystem)
    case $found in
      "") say "is empty: making $TYPE"; mkfs."$TYPE" -q "$device" ;;
      "$TYPE") ;;
      *) refuse "$device holds $found, not $TYPE; nothing was changed. Attach an empty volume, or set its file system type to $found" ;;
    esac
    mkdir -p "$MOUNT_POINT"
    mountpoint -q "$MOUNT_POINT" || mount -t "$TYPE" -o noatime "$device" "$MOUNT_POINT"
    # A volume that cannot be grown is used as it is.
    case $TYPE in
      ext4) resize2fs "$device" ;;
      xfs) xfs_growfs "$MOUNT_POINT" ;;
    esac || say "could not be grown to the size of its disk" >&2
    ;;
esac
`;
