/** Where packages and images come from, by the environment's choice. */
import { parse } from "yaml";
import type { SoftwareConfig } from "../../../environment/config";
import type { EnvironmentPlan } from "../../../environment/plan/types";
import { aptSettings, softwarePart } from "../../../platform/machines/software";
import { userDataOf, machines } from "../../../platform/machines";
import { planned } from "../../apps/manifests";

const KEY = { kind: "fingerprint", fingerprint: "A".repeat(40) } as const;
const PACKAGES = [{ name: "kubelet", version: "1.36.3-*" }, { name: "chrony" }];
const MIRROR: SoftwareConfig = {
  kind: "mirror",
  distribution: "https://mirror.example.org/ubuntu",
  kubernetes: "https://mirror.example.org/kubernetes/",
  kubernetesKey: { kind: "given", armored: "-----BEGIN PGP PUBLIC KEY BLOCK-----\n…" },
  containerd: { kind: "docker", url: "https://mirror.example.org/docker/", key: KEY },
  images: "registry.example.org/proxy",
};

function planWith(software: SoftwareConfig): EnvironmentPlan {
  return { ...planned("prod").plan, software };
}

function filesOf(key: string, software: SoftwareConfig): Readonly<Record<string, string>> {
  const plan = planWith(software);
  const server = plan.servers.find((each) => each.key === key);
  if (server === undefined) throw new Error(`prod has no ${key}`);
  const { files = [] } = softwarePart(server, plan, PACKAGES);
  return Object.fromEntries(files.map(({ path, content }) => [path, content]));
}

const REPOSITORIES: SoftwareConfig = {
  kind: "repositories",
  kubernetesKey: KEY,
  containerd: { kind: "docker", key: { kind: "fingerprint", fingerprint: "D".repeat(40) } },
};
const SCRIPT = "/usr/local/lib/labstead/packages";

test("from the repositories: pinned and held, a key taken only with its fingerprint", () => {
  const files = filesOf("workers.general/0", REPOSITORIES);
  expect(files["/etc/apt/preferences.d/labstead"]).toBe(
    "Package: kubelet\nPin: version 1.36.3-*\nPin-Priority: 1001\n",
  );
  const lines = files[SCRIPT]?.split("\n");
  expect(lines).toEqual(
    expect.arrayContaining([
      `take_key "https://pkgs.k8s.io/core:/stable:/v1.36/deb/Release.key" ${KEY.fingerprint} /etc/apt/keyrings/kubernetes.asc`,
      'echo "deb [signed-by=/etc/apt/keyrings/kubernetes.asc] https://pkgs.k8s.io/core:/stable:/v1.36/deb/ /" > /etc/apt/sources.list.d/kubernetes.list',
      `take_key "https://download.docker.com/linux/$ID/gpg" ${"D".repeat(40)} /etc/apt/keyrings/docker.asc`,
      'echo "deb [signed-by=/etc/apt/keyrings/docker.asc] https://download.docker.com/linux/$ID $VERSION_CODENAME stable" > /etc/apt/sources.list.d/docker.list',
      "again install_packages kubelet=1.36.3-* chrony",
      "apt-mark hold kubelet",
    ]),
  );
  expect(Object.keys(files)).toHaveLength(2);
});

test("from a mirror: its URLs, its key as it was given, and images by its registry", () => {
  const files = filesOf("workers.general/0", MIRROR);
  expect(files[SCRIPT]).toContain("https://mirror.example.org/kubernetes/core:/stable:/v1.36/deb/ /");
  expect(files[SCRIPT]).toContain("https://mirror.example.org/docker/$ID $VERSION_CODENAME stable");
  expect(files[SCRIPT]).not.toContain("Release.key");
  expect(files["/etc/apt/keyrings/kubernetes.asc"]).toBe("-----BEGIN PGP PUBLIC KEY BLOCK-----\n…\n");
  expect(files["/etc/containerd/certs.d/registry.k8s.io/hosts.toml"]).toContain(
    '[host."https://registry.example.org/v2/proxy/registry.k8s.io"]',
  );
  // What answers where the mirror does not: docker.io itself is no registry.
  expect(files["/etc/containerd/certs.d/docker.io/hosts.toml"]).toContain(
    'server = "https://registry-1.docker.io"\n\n[host."https://registry.example.org/v2/proxy/docker.io"]',
  );
  const mirror = [{ arches: ["default"], uri: "https://mirror.example.org/ubuntu" }];
  expect(aptSettings(MIRROR)).toEqual({ apt: { primary: mirror, security: mirror } });
});

test.each([
  ["docker", undefined, "containerd.io=2.*"],
  ["docker", "2.2.1-1~debian.12~bookworm", "containerd.io=2.2.1-1~debian.12~bookworm"],
  ["distribution", undefined, "containerd=2.*"],
  ["distribution", "2.1.*", "containerd=2.1.*"],
] as const)("containerd from %s in version %s is %s, held", (kind, version, expected) => {
  const given = version === undefined ? {} : { version };
  const containerd = kind === "docker" ? { kind, key: KEY, ...given } : { kind, ...given };
  const plan = planWith({ kind: "repositories", kubernetesKey: KEY, containerd });
  const files = machines(plan).get("workers.general/0")?.files ?? [];
  const script = files.find(({ path }) => path === SCRIPT)?.content ?? "";
  expect(script).toContain(` ${expected} `);
  expect(script).toMatch(new RegExp(`apt-mark hold .*${expected.split("=")[0] ?? ""}( |\n)`));
  expect(script.includes("docker.list")).toBe(kind === "docker");
});

test("a server that is no node knows neither Kubernetes' repository nor image mirrors", () => {
  expect(
    Object.keys(filesOf("bastion/0", MIRROR)).filter((path) => /kubernetes|containerd/.test(path)),
  ).toEqual([]);
});

test("with a baked image nothing is installed", () => {
  expect(filesOf("workers.general/0", { kind: "baked" })).toEqual({});
  const plan = planWith({ kind: "baked" });
  for (const text of userDataOf(plan, machines(plan)).values()) expect(parse(text)).not.toHaveProperty("apt");
});
