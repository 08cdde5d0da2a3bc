/** A kubeconfig as text. */

export interface KubeconfigParts {
  readonly cluster: string;
  readonly server: string;
  readonly serverName: string;
  readonly proxyUrl?: string;
  readonly user: string;
  /** PEM. */
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

/** JSON is valid YAML, and its rendering never surprises. */
export function kubeconfigText(parts: KubeconfigParts): string {
  const base64 = (pem: string) => Buffer.from(pem, "utf8").toString("base64");
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name: parts.cluster,
        cluster: {
          server: parts.server,
          "tls-server-name": parts.serverName,
          "certificate-authority-data": base64(parts.ca),
          ...(parts.proxyUrl === undefined ? {} : { "proxy-url": parts.proxyUrl }),
        },
      },
    ],
    users: [
      {
        name: parts.user,
        user: { "client-certificate-data": base64(parts.certificate), "client-key-data": base64(parts.key) },
      },
    ],
    contexts: [{ name: parts.cluster, context: { cluster: parts.cluster, user: parts.user } }],
    "current-context": parts.cluster,
  });
}
