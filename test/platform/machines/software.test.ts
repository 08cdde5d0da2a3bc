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

test("from the repositories: pinned and held, the key taken only with its fingerprint", () => {
  const files = filesOf("workers.general/0", { kind: "repositories", kubernetesKey: KEY });
  expect(files["/etc/apt/sources.list.d/kubernetes.list"]).toBe(
    "deb [signed-by=/etc/apt/keyrings/kubernetes.asc] https://pkgs.k8s.io/core:/stable:/v1.36/deb/ /\n",
  );
  expect(files["/etc/apt/preferences.d/labstead"]).toBe(
    "Package: kubelet\nPin: version 1.36.3-*\nPin-Priority: 1001\n",
  );
  const install = files["/usr/local/lib/labstead/packages"];
  expect(install).toContain(`if [ "$found" != ${KEY.fingerprint} ]`);
  expect(install).toContain("kubelet=1.36.3-* chrony\n");
  expect(install).toContain("apt-mark hold kubelet\n");
  expect(Object.keys(files)).toHaveLength(3);
});

test("from a mirror: its URL, its key as it was given, and images by its registry", () => {
  const files = filesOf("workers.general/0", MIRROR);
  expect(files["/etc/apt/sources.list.d/kubernetes.list"]).toContain(
    "https://mirror.example.org/kubernetes/core:/stable:/v1.36/deb/ /\n",
  );
  expect(files["/etc/apt/keyrings/kubernetes.asc"]).toBe("-----BEGIN PGP PUBLIC KEY BLOCK-----\n…\n");
  expect(files["/usr/local/lib/labstead/packages"]).not.toContain("Release.key");
  expect(files["/etc/containerd/certs.d/registry.k8s.io/hosts.toml"]).toContain(
    '[host."https://registry.example.org/v2/proxy/registry.k8s.io"]',
  );
  const mirror = [{ arches: ["default"], uri: "https://mirror.example.org/ubuntu" }];
  expect(aptSettings(MIRROR)).toEqual({ apt: { primary: mirror, security: mirror } });
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
