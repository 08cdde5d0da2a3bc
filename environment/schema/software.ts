/** Where servers get their software from: what the distribution and Kubernetes publish, a mirror, or the image itself. */
import { z } from "zod";

/**
 * Key of the Kubernetes project's packages, as its documentation names it; the same for all minors. A server fetches the
 * key file from the repository and takes it only if it has this fingerprint.
 */
const KUBERNETES_KEY = "DE15B14486CD377B9E876E1A234654DA9A296436";

const url = z.url({
  protocol: /^https?$/,
  error: "is not a URL; write it as https://mirror.example.org/debian",
});

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
        /^-----BEGIN PGP PUBLIC KEY BLOCK-----[^]+-----END PGP PUBLIC KEY BLOCK-----\s*$/,
        "is not a public key; paste the whole text of the repository's Release.key",
      ),
  }),
]);

const kubernetesKey = key
  .default({ kind: "fingerprint", fingerprint: KUBERNETES_KEY })
  .describe("What signs the Kubernetes packages: a fingerprint to look for, or the key itself.");

export const software = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("repositories"), kubernetesKey }),
  z.strictObject({
    kind: z.literal("mirror"),
    distribution: url.describe("Mirror of the distribution, in place of the image's own."),
    security: url.optional().describe("Its security updates. Default: the same mirror."),
    kubernetes: url.describe("Mirror of pkgs.k8s.io: core:/stable:/v<minor>/deb/ lies below it."),
    kubernetesKey,
    images: z
      .string()
      .regex(
        /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)*$/,
        "is not a registry; write host, port and path without https://, such as registry.example.org/proxy",
      )
      .optional()
      .describe("Registry that has the images of each registry below its name. Default: none."),
  }),
  z.strictObject({ kind: z.literal("baked") }).describe("The image has everything; nothing is installed."),
]);

export const DEFAULT_SOFTWARE = {
  kind: "repositories",
  kubernetesKey: { kind: "fingerprint", fingerprint: KUBERNETES_KEY },
} as const;

export type SoftwareConfig = z.output<typeof software>;
