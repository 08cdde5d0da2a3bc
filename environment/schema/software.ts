/** Where servers get their software from: what the distribution and Kubernetes publish, a mirror, or the image itself. */
import { z } from "zod";
import { webAddress } from "./texts";

/**
 * Key of the Kubernetes project's packages, `isv:kubernetes OBS Project`, the same for all minors: what `gpg --show-keys`
 * says of pkgs.k8s.io/core:/stable:/v<minor>/deb/Release.key, and what others who pin it have written down for 1.27 to
 * 1.36. It was made in 2022 and made to last longer once (from 2024-11-02 to 2026-12-29), under the same fingerprint. A
 * server fetches the key file from the repository and takes it only if it has this fingerprint.
 */
const KUBERNETES_KEY = "DE15B14486CD377B9E876E1A234654DA9A296436";
/** Key of Docker's packages, `Docker Release (CE deb)`, for Debian and Ubuntu alike (docs.docker.com, "Install using the apt repository"). */
const DOCKER_KEY = "9DC858229FC7DD38854AE2D88D81803C0EBFCD88";

const url = webAddress("https?", "is not a URL; write it as https://mirror.example.org/debian");

const key = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("fingerprint"),
    fingerprint: z
      .string()
      .regex(/^[0-9A-F]{40}$/, "is not a fingerprint; write 40 hexadecimal digits in capitals, no spaces"),
  }),
  z.strictObject({
    kind: z.literal("given"),
    armored: z
      .string()
      .regex(
        /^(?=[^]{1,65536}$)-----BEGIN PGP PUBLIC KEY BLOCK-----[\x20-\x7e\r\n]+-----END PGP PUBLIC KEY BLOCK-----\s*$/,
        "is not a public key; paste the whole text of the repository's Release.key",
      ),
  }),
]);

const kubernetesKey = key
  .default({ kind: "fingerprint", fingerprint: KUBERNETES_KEY })
  .describe("The signing key of the Kubernetes packages: its fingerprint, or the key itself.");

const dockerKey = key
  .default({ kind: "fingerprint", fingerprint: DOCKER_KEY })
  .describe("The signing key of Docker's packages: its fingerprint, or the key itself.");

const containerdVersion = z
  .string()
  .regex(
    /^[0-9][0-9A-Za-z.+~:-]{0,100}\*?$/,
    "is not a version of a package; write it as apt does, such as 2.2.1-1~debian.12~bookworm, or 2.2.* for a whole minor",
  )
  .optional()
  .describe(
    "Of containerd's package, which is held at it. Default: the major that the cluster's version needs.",
  );

const distributionsContainerd = z
  .strictObject({ kind: z.literal("distribution"), version: containerdVersion })
  .describe("Package containerd of the distribution.");

const containerd = {
  repositories: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("docker"), key: dockerKey, version: containerdVersion }),
      distributionsContainerd,
    ])
    .default({ kind: "docker", key: { kind: "fingerprint", fingerprint: DOCKER_KEY } }),
  mirror: z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("docker"),
      url: url.describe("Mirror of download.docker.com/linux: debian/ and ubuntu/ lie below it."),
      key: dockerKey,
      version: containerdVersion,
    }),
    distributionsContainerd,
  ]),
};

export const software = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("repositories"),
    kubernetesKey,
    containerd: containerd.repositories.describe(
      "Where containerd comes from: Docker's repository (containerd.io) or the distribution.",
    ),
  }),
  z.strictObject({
    kind: z.literal("mirror"),
    distribution: url.describe("Mirror of the distribution, in place of the image's own."),
    security: url.optional().describe("Its security updates. Default: the same mirror."),
    kubernetes: url.describe("Mirror of pkgs.k8s.io: core:/stable:/v<minor>/deb/ lies below it."),
    kubernetesKey,
    containerd: containerd.mirror.describe(
      "Where containerd comes from: a mirror of Docker's repository (containerd.io), or the distribution's own packages.",
    ),
    images: z
      .string()
      .regex(
        /^(?=.{1,255}$)[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)*$/,
        "is not a registry; write host, port and path without https://, such as registry.example.org/proxy",
      )
      .optional()
      .describe("Registry that has the images of each registry below its name. Default: none."),
  }),
  z
    .strictObject({ kind: z.literal("baked") })
    .describe("The image contains all packages; nothing is installed."),
]);

export const DEFAULT_SOFTWARE = {
  kind: "repositories",
  kubernetesKey: { kind: "fingerprint", fingerprint: KUBERNETES_KEY },
  containerd: { kind: "docker", key: { kind: "fingerprint", fingerprint: DOCKER_KEY } },
} as const;

export type SoftwareConfig = z.output<typeof software>;
