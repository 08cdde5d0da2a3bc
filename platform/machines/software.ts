/** Source of a server's packages: repositories, the site's mirror, or the image. */
import { assertNever } from "../../errors/assert-never";
import type { SoftwarePlan } from "../../environment/plan/types";
import type { EnvironmentPlan, ServerPlan } from "../../environment/plan/types";
import { isNodeRole } from "../../environment/plan/rolling";
import { inDoubleQuotes, shellWord } from "../formats/shell";
import { plainWord, tomlString } from "../formats/strings";
import { bootFile, type FileConfig, type MachinePart, type PackageConfig } from "./config";
import { LIBRARY } from "./paths";

const KUBERNETES = "https://pkgs.k8s.io";
const DOCKER = "https://download.docker.com/linux";
const KEYRINGS = "/etc/apt/keyrings";
const SOURCES = "/etc/apt/sources.list.d";
const INSTALL = `${LIBRARY}/packages`;
/** Registries of the images that the lab's charts and kubeadm use, and the endpoint of each. */
const REGISTRIES: Readonly<Record<string, string>> = {
  "registry.k8s.io": "registry.k8s.io",
  // docker.io is a web site.
  "docker.io": "registry-1.docker.io",
  "quay.io": "quay.io",
  "ghcr.io": "ghcr.io",
  "gcr.io": "gcr.io",
};

/** Sources and installation of these packages; pinned ones are held. Nothing if the image already has them. */
export function softwarePart(
  server: ServerPlan,
  plan: EnvironmentPlan,
  packages: readonly PackageConfig[],
): MachinePart {
  const { software } = plan;
  if (software.kind === "baked" || packages.length === 0) return {};
  const node = isNodeRole(server.role);
  const repositories = node
    ? [kubernetesRepository(software, plan.cluster.version), ...dockerRepository(software)]
    : [];
  return {
    files: [
      bootFile(INSTALL, installScript(packages, repositories), "0755"),
      ...repositories.flatMap(givenKey),
      ...pins(packages),
      ...(node ? imageMirrors(software) : []),
    ],
    commands: [{ name: "packages", run: [INSTALL] }],
  };
}

/**
 * The package of the container runtime.
 * @param major required by the cluster's release; a later one is never installed automatically
 */
export function containerdPackage(software: SoftwarePlan, major: 1 | 2): PackageConfig {
  const version = `${String(major)}.*`;
  if (software.kind === "baked") return { name: "containerd.io", version };
  const { containerd } = software;
  const name = containerd.kind === "docker" ? "containerd.io" : "containerd";
  return { name, version: containerd.version ?? version };
}

/** Part of cloud-config: the distribution's mirrors, which cloud-init writes in the format of the image's release. */
export function aptSettings(software: SoftwarePlan): object {
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

type Source = Exclude<SoftwarePlan, { kind: "baked" }>;

interface Repository {
  readonly name: string;
  /** URL of the key file, for double quotes of a shell, with variables of /etc/os-release. So is `place`. */
  readonly keyUrl: string;
  readonly key: Source["kubernetesKey"];
  /** URL, suite and components, as in a line of sources.list. */
  readonly place: string;
}

/** One repository for each minor version: another minor version is never installed automatically. */
function kubernetesRepository(software: Source, minor: string): Repository {
  const base = software.kind === "mirror" ? software.kubernetes.replace(/\/$/, "") : KUBERNETES;
  const url = `${inDoubleQuotes(base)}/core:/stable:/v${minor}/deb/`;
  return { name: "kubernetes", keyUrl: `${url}Release.key`, key: software.kubernetesKey, place: `${url} /` };
}

/** One for Debian and one for Ubuntu, with a suite for each release: only the server knows which one applies. */
function dockerRepository({ containerd }: Source): readonly Repository[] {
  if (containerd.kind === "distribution") return [];
  const base = "url" in containerd ? containerd.url.replace(/\/$/, "") : DOCKER;
  const url = `${inDoubleQuotes(base)}/$ID`;
  return [
    {
      name: "docker",
      keyUrl: `${url}/gpg`,
      key: containerd.key,
      place: `${url} $VERSION_CODENAME stable`,
    },
  ];
}

function keyFile({ name }: Repository): string {
  return `${KEYRINGS}/${name}.asc`;
}

function givenKey(repository: Repository): readonly FileConfig[] {
  const { key } = repository;
  return key.kind === "given" ? [bootFile(keyFile(repository), `${key.armored.trim()}\n`)] : [];
}

/** A priority above 1000 also downgrades, if the image has a newer version (apt_preferences(5)). */
function pins(packages: readonly PackageConfig[]): readonly FileConfig[] {
  const texts = packages.flatMap(({ name, version }) =>
    version === undefined
      ? []
      : [
          `Package: ${plainWord("apt", name)}\nPin: version ${plainWord("apt", version)}\nPin-Priority: 1001\n`,
        ],
  );
  return texts.length === 0 ? [] : [bootFile("/etc/apt/preferences.d/labstead", texts.join("\n"))];
}

/** containerd queries the mirror first, the registry if that fails; `config_path` in its settings is the folder. */
function imageMirrors(software: Source): readonly FileConfig[] {
  const images = software.kind === "mirror" ? software.images : undefined;
  if (images === undefined) return [];
  const [host = "", ...path] = images.split("/");
  return Object.entries(REGISTRIES).map(([registry, server]) =>
    bootFile(
      `/etc/containerd/certs.d/${registry}/hosts.toml`,
      `server = ${tomlString(`https://${server}`)}\n\n[host.${tomlString(`https://${[host, "v2", ...path, registry].join("/")}`)}]\n  capabilities = ["pull", "resolve"]\n  override_path = true\n`,
    ),
  );
}

/** A package, with its version if any. apt expands a `*` in it; no file has a name that a shell would match. */
function aptWord(name: string, version: string | undefined): string {
  return plainWord("apt", version === undefined ? name : `${name}=${version}`);
}

/** Retries while a repository is not reachable: a new server's network may not be up yet. */
function installScript(packages: readonly PackageConfig[], repositories: readonly Repository[]): string {
  const names = packages.map(({ name, version }) => aptWord(name, version));
  const held = packages.filter(({ version }) => version !== undefined).map(({ name }) => shellWord(name));
  return `#!/bin/sh
# Installs what the plan wants on this server.
set -eu
export DEBIAN_FRONTEND=noninteractive
options="-y -q -o DPkg::Lock::Timeout=600 -o Dpkg::Options::=--force-confold -o Dpkg::Options::=--force-confdef"

again() {
  tries=30
  until "$@"; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || { echo "packages could not be installed" >&2; exit 1; }
    sleep 10
  done
}

install_packages() {
  apt-get $options update && apt-get $options install --no-install-recommends --allow-change-held-packages "$@"
}
${sourcesText(repositories)}
again install_packages ${names.join(" ")}
${held.length === 0 ? "" : `apt-mark hold ${held.join(" ")}\n`}`;
}

/** A repository is added only together with its key, so an interrupted first boot leaves no source that apt refuses. */
function sourcesText(repositories: readonly Repository[]): string {
  if (repositories.length === 0) return "";
  const fetched = repositories.some(({ key }) => key.kind === "fingerprint");
  return `
. /etc/os-release
mkdir -p ${KEYRINGS}
${fetched ? TAKE_KEY : ""}${repositories.map(sourceText).join("")}`;
}

/** take_key URL FINGERPRINT FILE: apt trusts every key in a file, so the file must contain only this one. */
const TAKE_KEY = `{ command -v curl && command -v gpg; } > /dev/null || again install_packages ca-certificates curl gpg
take_key() {
  key=$(mktemp)
  curl --fail --silent --show-error --location --retry 30 --retry-delay 10 --retry-all-errors --output "$key" "$1"
  found=$(gpg --show-keys --with-colons "$key" | awk -F: '$1 == "pub" { own = 1 } $1 == "fpr" && own { print $10; own = 0 }' | xargs)
  if [ "$found" != "$2" ]; then
    echo "$1 has fingerprint $found, not $2" >&2
    exit 1
  fi
  install -m 0644 "$key" "$3"
}
`;

function sourceText(repository: Repository): string {
  const { name, key, keyUrl, place } = repository;
  const file = keyFile(repository);
  const taken =
    key.kind === "fingerprint"
      ? `take_key "${keyUrl}" ${shellWord(key.fingerprint)} ${shellWord(file)}\n`
      : "";
  return `${taken}echo "deb [signed-by=${file}] ${place}" > ${SOURCES}/${name}.list\n`;
}
