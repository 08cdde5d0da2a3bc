/** How changed settings reach the kube-proxy that runs; kubectl and kubeadm are stand-ins over a file. */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SCRIPTS = join(__dirname, "../../../../platform/machines/kubernetes/scripts");
const IMAGE = "registry.k8s.io/kube-proxy:v1.36.3";
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "labstead-proxy-"));
  writeFileSync(at("image"), IMAGE);
  writeFileSync(at("settings"), "mode: iptables");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);

function stub(name: string, text: string): void {
  writeFileSync(at(name), `#!/bin/bash\n${text}\n`);
  chmodSync(at(name), 0o755);
}

/** What kubeadm prints: the ConfigMap is one object among others. */
const manifest = (mode: string): string => `---
kind: ServiceAccount
---
kind: ConfigMap
mode: ${mode}
---
kind: DaemonSet
`;

/** Pushes settings to a control plane of 1.36.3; its exit code, and how often kube-proxy was restarted. */
function push(
  mode: string,
  { broken = false } = {},
): { readonly code: number | null; readonly restarts: number } {
  rmSync(at("restarted"), { force: true });
  writeFileSync(at("kubeadm.yaml"), "kubernetesVersion: v1.36.3\n");
  writeFileSync(at("manifest"), manifest(mode));
  stub("kubeadm", `case "$*" in *--print-manifest) cat ${at("manifest")} ;; *) exit 2 ;; esac`);
  stub(
    "kubectl",
    `case "$*" in
      *"get daemonset"*) cat ${at("image")} ;;
      *"get configmap"*) cat ${at("settings")} ;;
      *"create --dry-run=client"*) grep mode: ;;
      *"replace --filename -") grep -v kind: > ${at("settings")} ;;
      *"rollout restart daemonset/kube-proxy") ${broken ? "exit 1" : `echo once >> ${at("restarted")}`} ;;
      *) exit 2 ;;
    esac`,
  );
  const set = `NODE_FOLDER=${folder}\nKUBERNETES=${folder}\nSTATE_FOLDER=${folder}\nCA=${folder}/ca.crt\n`;
  const script = `set -euo pipefail\n${set}say() { :; }\n. ${SCRIPTS}/release.sh\n. ${SCRIPTS}/proxy.sh\ncarry_proxy_settings`;
  const env = { PATH: `${folder}:/usr/bin:/bin` };
  const { status } = spawnSync("bash", ["--norc", "-c", script], { env });
  const restarted = existsSync(at("restarted")) ? readFileSync(at("restarted"), "utf8") : "";
  return { code: status, restarts: restarted.split("\n").length - 1 };
}

test("kube-proxy restarts for changed settings, and for nothing else", () => {
  expect(push("nftables")).toEqual({ code: 0, restarts: 1 });
  expect(readFileSync(at("settings"), "utf8").trim()).toBe("mode: nftables");
  // So do the other control planes: what the first one has begun goes on.
  expect(push("nftables")).toEqual({ code: 0, restarts: 0 });
});

test("a try that failed after the settings were written is made good by the next one", () => {
  expect(push("nftables", { broken: true })).toEqual({ code: 1, restarts: 0 });
  expect(push("nftables", { broken: true })).toEqual({ code: 1, restarts: 0 });
  expect(push("nftables")).toEqual({ code: 0, restarts: 1 });
  expect(push("nftables")).toEqual({ code: 0, restarts: 0 });
});

test.each([
  ["another release's, which follows with the addons,", "registry.k8s.io/kube-proxy:v1.35.4"],
  ["none, because the network needs none,", ""],
])("%s is left as it is", (_case, image) => {
  writeFileSync(at("image"), image);
  expect(push("nftables")).toEqual({ code: 0, restarts: 0 });
  expect(readFileSync(at("settings"), "utf8")).toBe("mode: iptables");
});
