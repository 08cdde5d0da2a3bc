/** A kubeconfig as text. */

/** The cluster, and how to connect to it. */
export interface ClusterParts {
  readonly cluster: string;
  readonly server: string;
  readonly serverName: string;
  readonly proxyUrl?: string;
  readonly user: string;
  /** PEM. */
  readonly ca: string;
}

export interface KubeconfigParts extends ClusterParts {
  /** PEM, both. */
  readonly certificate: string;
  readonly key: string;
}

/** A credential plugin of kubectl (exec). */
export interface CredentialProgram {
  readonly command: string;
  readonly args: readonly string[];
  /** Shown if the program is missing. */
  readonly installHint: string;
}

export function kubeconfigText(parts: KubeconfigParts): string {
  return render(parts, {
    "client-certificate-data": base64(parts.certificate),
    "client-key-data": base64(parts.key),
  });
}

/** It contains no secret. */
export function signInKubeconfigText(parts: ClusterParts, program: CredentialProgram): string {
  return render(parts, {
    exec: {
      apiVersion: "client.authentication.k8s.io/v1",
      ...program,
      interactiveMode: "IfAvailable",
      provideClusterInfo: false,
    },
  });
}

/** JSON is valid YAML, and its rendering is predictable. */
function render(parts: ClusterParts, user: object): string {
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
    users: [{ name: parts.user, user }],
    contexts: [{ name: parts.cluster, context: { cluster: parts.cluster, user: parts.user } }],
    "current-context": parts.cluster,
  });
}

function base64(pem: string): string {
  return Buffer.from(pem, "utf8").toString("base64");
}
