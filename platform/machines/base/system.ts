/** Time, updates and logs, the same on every server. */
import { bootFile, type MachinePart } from "../config";

/**
 * chrony queries the servers from DHCP and those of the distribution. It may step the clock while it starts, but never
 * later, while etcd and databases run.
 */
export function timePart(): MachinePart {
  return {
    packages: [{ name: "chrony" }],
    files: [bootFile("/etc/chrony/conf.d/labstead.conf", "makestep 1 3\nrtcsync\n")],
    units: [
      { name: "systemd-timesyncd.service", state: "disabled", needs: [] },
      { name: "chrony.service", state: "enabled", needs: [] },
    ],
    checks: [{ name: "time", run: ["chronyc", "-n", "waitsync", "30", "0.5"], timeoutSeconds: 320 }],
  };
}

/**
 * Security updates are installed automatically. Servers are never restarted automatically; incrementing their pool's
 * generation replaces them one after the other. Packages that run the cluster's pods change only in cluster upgrades.
 */
export function updatesPart(): MachinePart {
  return {
    packages: [{ name: "unattended-upgrades" }],
    files: [
      bootFile(
        "/etc/apt/apt.conf.d/60labstead",
        `APT::Periodic::Update-Package-Lists "1";
APT::Periodic::Unattended-Upgrade "1";
Unattended-Upgrade::Automatic-Reboot "false";
Unattended-Upgrade::Package-Blacklist {
${NEVER_BY_ITSELF.map((pattern) => `  "${pattern}";\n`).join("")}};
`,
      ),
    ],
    units: [{ name: "unattended-upgrades.service", state: "enabled", needs: [] }],
  };
}

/** Regular expressions that match the start of a package name. */
const NEVER_BY_ITSELF = [
  "kubeadm$",
  "kubelet$",
  "kubectl$",
  "kubernetes-cni$",
  "cri-tools$",
  "containerd",
  "runc$",
  "glusterfs",
  "nfs-ganesha",
] as const;

export function logsPart(): MachinePart {
  return {
    files: [
      bootFile(
        "/etc/systemd/journald.conf.d/labstead.conf",
        "[Journal]\nStorage=persistent\nSystemMaxUse=500M\nSystemKeepFree=1G\nMaxRetentionSec=1month\nRateLimitIntervalSec=30s\nRateLimitBurst=20000\n",
      ),
    ],
    units: [{ name: "systemd-journald.service", state: "enabled", needs: [] }],
  };
}
