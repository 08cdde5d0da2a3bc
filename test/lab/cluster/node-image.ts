/**
 * What an image for Kubernetes nodes brings beside Debian: Kubernetes' and containerd's programs, the images of the
 * control plane, and the settings that this kind of machine needs: a container without a kernel of its own. None of it is
 * in the user data.
 */
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { NodeBinaries } from "../kubernetes/binaries";
import type { MachineOptions } from "../machines/machine";
import { copyStore } from "./images";

/** Programs by their place on a node. */
const PLACES = {
  kubelet: "/usr/bin",
  kubeadm: "/usr/bin",
  kubectl: "/usr/bin",
  containerd: "/usr/bin",
  "containerd-shim-runc-v2": "/usr/bin",
  ctr: "/usr/bin",
} as const satisfies Partial<Record<keyof NodeBinaries, string>>;

export interface NodeImage {
  readonly binaries: NodeBinaries;
  /** containerd's folder with the images in it. */
  readonly store: string;
  /** Folder of the test host that every node has at `DATA_FOLDER`, as volumes that follow their pods. @default none */
  readonly data?: string;
}

/** Where nodes have the common folder. */
export const DATA_FOLDER = "/srv/lab-data";

/**
 * @param address with its prefix length
 * @param gateway the subnet's
 * @param state empty folder on a real file system: what lies here cannot lie on an overlay. It is the root disk's.
 */
export async function nodeMachine(
  { binaries, store, data }: NodeImage,
  address: string,
  gateway: string,
  state: string,
): Promise<Partial<MachineOptions>> {
  const programs = Object.entries(PLACES).map(
    ([name, place]) => `--bind-ro=${binaries[name as keyof typeof PLACES]}:${place}/${name}`,
  );
  mkdirSync(state, { recursive: true });
  await copyStore(store, join(state, "containerd"));
  const places = { kubelet: "/var/lib/kubelet", containerd: "/var/lib/containerd", logs: "/var/log/pods" };
  const folders = Object.entries(places).map(([name, place]) => {
    mkdirSync(join(state, name), { recursive: true });
    return `--bind=${join(state, name)}:${place}`;
  });
  return {
    nspawn: [
      "--capability=all",
      "--bind=/dev/kmsg",
      ...programs,
      ...folders,
      ...(data === undefined ? [] : [`--bind=${data}:${DATA_FOLDER}`]),
    ],
    environment: { SYSTEMD_NSPAWN_API_VFS_WRITABLE: "yes", SYSTEMD_SECCOMP: "0" },
    prepare: (root) => {
      for (const [path, text] of Object.entries(files(address, gateway))) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        // Debian's resolv.conf is a link to what only a machine that runs has.
        rmSync(join(root, path), { force: true });
        writeFileSync(join(root, path), text);
      }
      chmodSync(join(root, PREPARE), 0o755);
      mkdirSync(join(root, "opt/cni"), { recursive: true });
      symlinkSync("/usr/lib/cni", join(root, "opt/cni/bin"));
      enable(root, "sysinit.target", "lab-machine.service");
    },
  };
}

function enable(root: string, target: string, unit: string): void {
  const folder = join(root, "etc/systemd/system", `${target}.wants`);
  mkdirSync(folder, { recursive: true });
  symlinkSync(`../${unit}`, join(folder, unit));
}

/**
 * Refuses a NodePort without endpoints by TCP's reset instead of kube-proxy's ICMP. That one arrives here within the
 * system call that asked, as on no real network, and HAProxy 2.6 then asks again and again until its check ends: four
 * checks of an ingress whose image cannot be had took a core.
 */
const REFUSAL = `table inet lab_refusal {
  chain input {
    type filter hook input priority -200; policy accept;
    tcp dport 30000-32767 ct state new reject with tcp reset
  }
}
`;

const PREPARE = "usr/local/sbin/lab-machine";

function files(address: string, gateway: string): Readonly<Record<string, string>> {
  return {
    [PREPARE]: prepare(address, gateway),
    "etc/lab-refusal.nft": REFUSAL,
    "etc/systemd/system/lab-machine.service": `[Unit]
DefaultDependencies=no
Before=sysinit.target
[Service]
Type=oneshot
ExecStart=/${PREPARE}
`,
    // The kernel's oldest process of a container may not lower its score.
    "etc/systemd/system/containerd.service.d/50-lab.conf": "[Service]\nExecStartPre=\nOOMScoreAdjust=0\n",
    "etc/containerd/conf.d/lab.toml": `version = 3
[plugins.'io.containerd.cri.v1.runtime']
  restrict_oom_score_adj = true
  [plugins.'io.containerd.cri.v1.runtime'.cni]
    bin_dirs = ["/opt/cni/bin"]
`,
    "etc/default/kubelet": "KUBELET_EXTRA_ARGS=--config-dir=/etc/lab-kubelet\n",
    // A provider's DHCP would name its resolver, and CoreDNS does not start without one to ask for other names. This one
    // refuses at once: an image that cannot be had took ten seconds, one after the other, and pods to be drained waited.
    "etc/resolv.conf": `nameserver ${gateway}\n`,
    "etc/lab-kubelet/10-lab.conf": `apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
cgroupDriver: cgroupfs
failCgroupV1: false
resolvConf: /etc/resolv.conf
# The disk is the test host's, and its space is not the cluster's business.
evictionHard: {memory.available: 50Mi, nodefs.available: 1%, nodefs.inodesFree: 1%, imagefs.available: 1%, imagefs.inodesFree: 1%}
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
`,
    // No kernel of its own to verify. What Kubernetes wants of bridges is the network plugin's to set.
    "etc/default/labstead-kubeadm":
      "--ignore-preflight-errors=SystemVerification,NumCPU,Mem,FileContent--proc-sys-net-bridge-bridge-nf-call-iptables\n",
  };
}

/**
 * Control groups that can be written. Of the kernel's settings only those of the machine's own network can: the host keeps
 * its own, and what the kubelet has to set goes into files. The address without networkd, which waits for udev where /sys can be written.
 */
function prepare(address: string, gateway: string): string {
  return `#!/bin/sh
for c in cpu cpuacct cpuset memory devices freezer blkio pids; do mount -o remount,rw,bind /sys/fs/cgroup/$c; done
mount --bind /proc/sys /proc/sys
mount -o remount,ro,bind /proc/sys
mount --bind /proc/sys/net /proc/sys/net
mount -o remount,rw,bind /proc/sys/net
mount --make-rshared /
mkdir -p /run/fakesys
for kv in vm/overcommit_memory=1 vm/panic_on_oom=0 kernel/panic=10 kernel/panic_on_oops=1 \\
  kernel/keys/root_maxkeys=1000000 kernel/keys/root_maxbytes=25000000; do
  f=/run/fakesys/$(echo \${kv%%=*} | tr / _)
  echo \${kv##*=} > $f
  mount --bind $f /proc/sys/\${kv%%=*}
done
ip address add ${address} dev host0
ip link set host0 up
ip route add default via ${gateway}
nft --file /etc/lab-refusal.nft
[ ! -e /etc/lab-routes ] || sh /etc/lab-routes
`;
}
