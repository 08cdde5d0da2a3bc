/** What a control plane does once a month: the script itself, in a folder of its own, with the cluster's programs written down. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { certificateOf } from "../certificate";

const SCRIPT = join(__dirname, "../../../../platform/machines/kubernetes/scripts/renew-certificates.sh");
const DAY = 24 * 60 * 60 * 1000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "labstead-renewal-"));
  write("etc/labstead/kubernetes/node.env", "NODE_NAME=prod-control-plane-0\n");
  for (const program of ["kubectl", "kubeadm", "pkill", "sleep"])
    write(`bin/${program}`, `#!/bin/sh\necho "${program} $*" >> ${folder}/did\n`, 0o755);
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string, mode = 0o644): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode });
}

/** Days until each certificate ends. */
interface Days {
  readonly files: Readonly<Record<string, number>>;
  readonly kubeconfigs: Readonly<Record<string, number>>;
}

const FINE: Days = {
  files: { ca: 3650, apiserver: 300, "etcd/server": 300 },
  kubeconfigs: { admin: 300, "controller-manager": 300, scheduler: 300 },
};

/** What the script did, one line for each program. */
function run(days: Days, ...args: readonly string[]): readonly string[] {
  for (const [name, left] of Object.entries(days.files))
    write(`etc/kubernetes/pki/${name}.crt`, certificateOf("node", left));
  for (const [name, left] of Object.entries(days.kubeconfigs)) {
    const data = Buffer.from(certificateOf("client", left)).toString("base64");
    write(`etc/kubernetes/${name}.conf`, `users:\n- user:\n    client-certificate-data: ${data}\n`);
  }
  write("renew.sh", readFileSync(SCRIPT, "utf8").replaceAll("/etc/", `${folder}/etc/`), 0o755);
  const env = { ...process.env, PATH: `${folder}/bin:${process.env["PATH"] ?? ""}` };
  const { status, stderr } = spawnSync("bash", [join(folder, "renew.sh"), ...args], {
    env,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return readFileSync(join(folder, "did"), "utf8").trim().split("\n");
}

/** Days until the end that was published. */
function published(did: readonly string[]): number {
  const [, end = ""] =
    /prod-control-plane-0 labstead\.dev\/certificates-end=(\S+Z)$/.exec(did.at(-1) ?? "") ?? [];
  return Math.round((Date.parse(end) - Date.now()) / DAY);
}

test.each([
  ["a certificate of its own", { ...FINE, files: { ...FINE.files, apiserver: 20 } }],
  ["one of etcd", { ...FINE, files: { ...FINE.files, "etcd/server": 20 } }],
  ["one in a kubeconfig", { ...FINE, kubeconfigs: { ...FINE.kubeconfigs, scheduler: 20 } }],
])("the first end is published, be it %s", (_, days) => {
  expect(published(run(FINE, "--publish"))).toBe(300);
  expect(published(run(days, "--publish"))).toBe(20);
});

test("all are renewed by the cluster's settings, the controllers restart one after the other, the API server stays", () => {
  const did = run(FINE);
  expect(did.slice(0, -1)).toEqual([
    `kubeadm certs renew all --config ${folder}/etc/labstead/kubernetes/kubeadm.yaml`,
    "pkill --full ^kube-scheduler ",
    "sleep 5",
    "pkill --full ^kube-controller-manager ",
    "sleep 5",
  ]);
  expect(published(did)).toBe(300);
});
