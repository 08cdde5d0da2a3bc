/** Images from the site's mirror: a real containerd reads the plan's settings, and asks the mirror before the registry. */
import { planEnvironment } from "../../environments";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { isOwner } from "../../../environment/config";
import { machines, type MachineConfig } from "../../../platform/machines";
import { runs } from "../host/programs";
import { setUp } from "../host/undo";
import { attempt, host } from "../machines/host";
import { bakedConfig } from "../machines/planned-machines";
import { selfSigned } from "../../platform/machines/certificate";
import { nodeBinaries, type NodeBinaries } from "./binaries";
import { ServiceProcess } from "./service-process";

runs("timeout");

let folder: string;
let socket: string;
/** What the mirror was asked for. */
const asked: string[] = [];
let programs: NodeBinaries;
let worker: MachineConfig;

setUp(async (undo) => {
  folder = undo.folder("mirror");
  socket = join(folder, "containerd.sock");
  programs = await nodeBinaries((line) => void process.stderr.write(`  ${line}\n`));
  const { certificate, key } = selfSigned("localhost", 2);
  writeFileSync(join(folder, "authority.pem"), certificate);
  const mirror = createServer({ cert: certificate, key }, (request, response) => {
    asked.push(`${request.method ?? ""} ${request.url ?? ""}`);
    response.writeHead(404).end();
  });
  undo.later(() => mirror.close());
  await new Promise<void>((resolve) => mirror.listen(0, "127.0.0.1", resolve));
  worker = workerWith(`localhost:${String((mirror.address() as AddressInfo).port)}/proxy`);
  for (const { path, content } of worker.files) if (path.startsWith("/etc/containerd/")) place(path, content);
  writeFileSync(
    join(folder, "lab.toml"),
    `version = 3\nroot = "${folder}/root"\nstate = "${folder}/state"\ndisabled_plugins = ["io.containerd.cri.v1.runtime", "io.containerd.cri.v1.images", "io.containerd.grpc.v1.cri"]\n[grpc]\naddress = "${socket}"\n`,
  );
  const containerd = ServiceProcess.start(
    programs.containerd,
    ["--config", join(folder, "lab.toml")],
    join(folder, "log"),
  );
  undo.later(() => containerd.stop());
  await containerd.until(() => Promise.resolve(existsSync(socket)), 30_000);
});

function place(path: string, content: string): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

/** A worker of prod whose images come from a mirror. */
function workerWith(images: string): MachineConfig {
  const config = bakedConfig();
  if (!isOwner(config)) throw new Error("prod is no owner");
  const software = {
    kind: "mirror",
    distribution: "https://mirror.example.org/debian",
    kubernetes: "https://mirror.example.org/kubernetes",
    kubernetesKey: { kind: "fingerprint", fingerprint: "A".repeat(40) },
    containerd: { kind: "distribution" },
    images,
  } as const;
  const planned = planEnvironment({ ...config, software });
  if (!planned.ok) throw new Error("prod cannot be planned with a mirror");
  const found = machines(planned.plan).get("workers.general/0");
  if (found === undefined) throw new Error("prod has no worker");
  return found;
}

test("containerd's settings name the folder that the mirrors lie in", async () => {
  const settings = join(folder, "etc/containerd/config.toml");
  const dumped = await host([programs.containerd, "--config", settings, "config", "dump"]);
  expect(dumped).toMatch(/config_path = ['"]\/etc\/containerd\/certs\.d['"]/);
  expect(dumped).toMatch(/sandbox = ['"]registry\.k8s\.io\/pause:/);
});

test.each([
  ["registry.k8s.io/pause:3.10.2", "registry.k8s.io", "pause", "3.10.2"],
  ["docker.io/library/nginx:1", "docker.io", "library/nginx", "1"],
  ["quay.io/jupyter/base:1", "quay.io", "jupyter/base", "1"],
])("%s is asked of the mirror first", async (image, registry, name, tag) => {
  asked.length = 0;
  const certs = join(folder, "etc/containerd/certs.d");
  const environment = {
    ...process.env,
    SSL_CERT_FILE: join(folder, "authority.pem"),
    HTTPS_PROXY: "",
    https_proxy: "",
  };
  const pull = ["images", "pull", "--local", "--hosts-dir", certs, image];
  const { code } = await attempt(["timeout", "10", programs.ctr, "--address", socket, ...pull], {
    env: environment,
  });
  expect(code).not.toBe(0);
  expect(asked[0]).toBe(`HEAD /v2/proxy/${registry}/${name}/manifests/${tag}?ns=${registry}`);
});
