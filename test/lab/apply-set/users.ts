/** Objects of users as a lab has them: one Namespace for all, and of each user a Deployment, a Service and a home. */
import type { ApplySetManifest } from "../../../provider/sdk";

export const NAMESPACE = "users";

/** Stands in each user's environment; no state, log or checkpoint may hold it. */
export const PASSWORD = "swordfish-4711";

export interface User {
  readonly name: string;
  /** Of its image. @default 1 */
  readonly version?: number;
  /** Of its Service. @default 8888 */
  readonly port?: number;
}

export function namespaceOfUsers(): ApplySetManifest {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } };
}

export function userObjects({ name, version = 1, port = 8888 }: User): readonly ApplySetManifest[] {
  const metadata = { name, namespace: NAMESPACE, labels: { user: name } };
  const container = {
    name: "notebook",
    image: `registry.example.org/notebook:${version}`,
    env: [{ name: "PASSWORD", value: PASSWORD }],
    ports: [{ containerPort: 8888 }],
  };
  return [
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: {
        replicas: 1,
        selector: { matchLabels: { user: name } },
        template: {
          metadata: { labels: { user: name } },
          spec: {
            containers: [container],
            volumes: [{ name: "home", persistentVolumeClaim: { claimName: name } }],
          },
        },
      },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: { selector: { user: name }, ports: [{ port }] },
    },
    {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata,
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    },
  ];
}

/** Whose an object is. */
export function ownerOf({ metadata }: ApplySetManifest): string | undefined {
  return (metadata["labels"] as { readonly user?: string } | undefined)?.user;
}

export function users(count: number): readonly User[] {
  return Array.from({ length: count }, (_, index) => ({ name: `user-${String(index).padStart(5, "0")}` }));
}
