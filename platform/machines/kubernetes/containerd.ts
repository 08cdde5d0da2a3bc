/** The container runtime: its data on the server's data volume, images from the site's mirror if it has one. */
import { bootFile, type MachinePart } from "../config";
import { tomlString } from "../../formats/strings";
import { containerdPackage } from "../software";
import { after } from "../units";
import type { Node } from "./node";
import { DATA } from "./paths";

const FOLDER = "/etc/containerd";

export function containerdPart(node: Node): MachinePart {
  return {
    packages: [containerdPackage(node.plan.software, node.release.containerd === 3 ? 2 : 1)],
    files: [
      bootFile(`${FOLDER}/config.toml`, settings(node)),
      bootFile("/etc/modules-load.d/60-kubernetes.conf", "overlay\nbr_netfilter\n"),
      bootFile("/etc/sysctl.d/60-kubernetes.conf", "net.ipv4.ip_forward = 1\n"),
    ],
    units: [
      {
        name: "containerd.service",
        state: "enabled",
        needs: [],
        ...(node.dataUnit === undefined ? {} : { dropIns: { "10-labstead": after([node.dataUnit]) } }),
      },
    ],
    commands: [
      { name: "kernel modules of containers", run: ["systemctl", "restart", "systemd-modules-load"] },
      { name: "forwarding between pods", run: ["sysctl", "-q", "-p", "/etc/sysctl.d/60-kubernetes.conf"] },
    ],
  };
}

/** Additions of a site, such as a GPU runtime, are in `conf.d` and take precedence. */
function settings(node: Node): string {
  const root = node.dataUnit === undefined ? [] : [`root = ${tomlString(`${DATA}/containerd`)}`];
  const pause = `${node.cluster.nodes.imageRepository}/pause:${node.release.pause}`;
  const common = [...root, `imports = ["${FOLDER}/conf.d/*.toml"]`, ""];
  switch (node.release.containerd) {
    case 2:
      return lines([
        "version = 2",
        ...common,
        '[plugins."io.containerd.grpc.v1.cri"]',
        `  sandbox_image = ${tomlString(pause)}`,
        '  [plugins."io.containerd.grpc.v1.cri".registry]',
        `    config_path = "${FOLDER}/certs.d"`,
        '  [plugins."io.containerd.grpc.v1.cri".cni]',
        '    bin_dir = "/opt/cni/bin"',
        '  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]',
        '    runtime_type = "io.containerd.runc.v2"',
        '    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]',
        "      SystemdCgroup = true",
      ]);
    case 3:
      return lines([
        "version = 3",
        ...common,
        "[plugins.'io.containerd.cri.v1.images'.pinned_images]",
        `  sandbox = ${tomlString(pause)}`,
        "[plugins.'io.containerd.cri.v1.images'.registry]",
        `  config_path = "${FOLDER}/certs.d"`,
        "[plugins.'io.containerd.cri.v1.runtime'.cni]",
        '  bin_dirs = ["/opt/cni/bin"]',
        "[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]",
        '  runtime_type = "io.containerd.runc.v2"',
        "  [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]",
        "    SystemdCgroup = true",
      ]);
  }
}

function lines(texts: readonly string[]): string {
  return `${texts.join("\n")}\n`;
}
