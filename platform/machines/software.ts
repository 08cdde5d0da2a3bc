/** How packages come to a server: from repositories, from the site's mirror, or with the image. */
import { assertNever } from "../../environment/assert-never";
import type { SoftwareConfig } from "../../environment/config";
import type { EnvironmentPlan, ServerPlan } from "../../environment/plan/types";
import { bootFile, type FileConfig, type MachinePart, type PackageConfig } from "./config";
import { LIBRARY } from "./paths";

const UPSTREAM = "https://pkgs.k8s.io";
const KEY_FILE = "/etc/apt/keyrings/kubernetes.asc";
const INSTALL = `${LIBRARY}/packages`;
/** Registries whose images the lab's charts and kubeadm name. */
const REGISTRIES = ["registry.k8s.io", "docker.io", "quay.io", "ghcr.io", "gcr.io"] as const;

/** Sources and the installation of these packages, pinned ones held; nothing where the image has them. */
export function softwarePart(
  server: ServerPlan,
  plan: EnvironmentPlan,
  packages: readonly PackageConfig[],
): MachinePart {
  const { software } = plan;
  if (software.kind === "baked" || packages.length === 0) return {};
  const node = server.role === "controlPlane" || server.role === "workers";
  const repository = node ? kubernetesRepository(software, plan.cluster.version) : undefined;
  return {
    files: [
      bootFile(INSTALL, installScript(packages, repository), "0755"),
      ...(repository === undefined ? [] : repositoryFiles(repository)),
      ...pins(packages),
      ...(node ? imageMirrors(software) : []),
    ],
    commands: [{ name: "packages", run: [INSTALL] }],
  };
}

/** Part of cloud-config: the distribution's mirrors, which cloud-init writes in the form that the image's release has. */
export function aptSettings(software: SoftwareConfig): object {
  switch (software.kind) {
    case "mirror": {
      const mirror = (uri: string) => [{ arches: ["default"], uri }];
      const { distribution, security = distribution } = software;
      return { apt: { primary: mirror(distribution), security: mirror(security) } };
    }
    case "repositories":
    case "baked":
      return {};
    default:
      return assertNever(software);
  }
}

type Source = Exclude<SoftwareConfig, { kind: "baked" }>;

interface Repository {
  /** With a slash at its end. */
  readonly url: string;
  readonly key: Source["kubernetesKey"];
}

/** One repository for each minor: another minor never comes by itself. */
function kubernetesRepository(software: Source, minor: string): Repository {
  const base = software.kind === "mirror" ? software.kubernetes.replace(/\/$/, "") : UPSTREAM;
  return { url: `${base}/core:/stable:/v${minor}/deb/`, key: software.kubernetesKey };
}

function repositoryFiles({ url, key }: Repository): readonly FileConfig[] {
  const source = bootFile(
    "/etc/apt/sources.list.d/kubernetes.list",
    `deb [signed-by=${KEY_FILE}] ${url} /\n`,
  );
  return key.kind === "given" ? [source, bootFile(KEY_FILE, `${key.armored.trim()}\n`)] : [source];
}

/** Above 1000 also downgrades, so that a server of an image with another version gets this one (apt_preferences(5)). */
function pins(packages: readonly PackageConfig[]): readonly FileConfig[] {
  const texts = packages.flatMap(({ name, version }) =>
    version === undefined ? [] : [`Package: ${name}\nPin: version ${version}\nPin-Priority: 1001\n`],
  );
  return texts.length === 0 ? [] : [bootFile("/etc/apt/preferences.d/labstead", texts.join("\n"))];
}

/** containerd asks the mirror first and the registry itself if it fails; `config_path` of its settings names the folder. */
function imageMirrors(software: Source): readonly FileConfig[] {
  const images = software.kind === "mirror" ? software.images : undefined;
  if (images === undefined) return [];
  const [host = "", ...path] = images.split("/");
  return REGISTRIES.map((registry) =>
    bootFile(
      `/etc/containerd/certs.d/${registry}/hosts.toml`,
      `server = "https://${registry}"\n\n[host."https://${[host, "v2", ...path, registry].join("/")}"]\n  capabilities = ["pull", "resolve"]\n  override_path = true\n`,
    ),
  );
}

/** Tries again while a repository does not answer: a new server's network may come up after it. */
function installScript(packages: readonly PackageConfig[], repository: Repository | undefined): string {
  const names = packages.map(({ name, version }) => (version === undefined ? name : `${name}=${version}`));
  const held = packages.filter(({ version }) => version !== undefined).map(({ name }) => name);
  return `#!/bin/sh
# Installs what the plan wants on this server.
set -eu
export DEBIAN_FRONTEND=noninteractive
options="-y -q -o DPkg::Lock::Timeout=600 -o Dpkg::Options::=--force-confold -o Dpkg::Options::=--force-confdef"
${fetchKey(repository)}
install() {
  apt-get $options update && apt-get $options install --no-install-recommends --allow-change-held-packages ${names.join(" ")}
}
tries=30
until install; do
  tries=$((tries - 1))
  [ $tries -gt 0 ] || { echo "packages could not be installed" >&2; exit 1; }
  sleep 10
done
${held.length === 0 ? "" : `apt-mark hold ${held.join(" ")}\n`}`;
}

function fetchKey(repository: Repository | undefined): string {
  if (repository?.key.kind !== "fingerprint") return "";
  const { fingerprint } = repository.key;
  return `mkdir -p ${KEY_FILE.slice(0, KEY_FILE.lastIndexOf("/"))}
key=$(mktemp)
curl --fail --silent --show-error --location --retry 30 --retry-delay 10 --retry-all-errors --output "$key" ${repository.url}Release.key
found=$(gpg --show-keys --with-colons "$key" | awk -F: '$1 == "fpr" { print $10; exit }')
if [ "$found" != ${fingerprint} ]; then
  echo "${repository.url}Release.key has fingerprint $found, not ${fingerprint}" >&2
  exit 1
fi
install -m 0644 "$key" ${KEY_FILE}
`;
}
