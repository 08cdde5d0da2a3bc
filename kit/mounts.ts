/** What is laid into a container's file system, and the volumes of a pod that follow from it. */
import { createHash } from "node:crypto";
import { Size } from "cdk8s";
import { Volume, type IPersistentVolumeClaim, type ISecret, type VolumeMount } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { assertNever } from "../errors/assert-never";
import { composed } from "../values";
import { MARKER_OPEN } from "../values/marker";
import type { ConfigFile } from "./config-file";

export type Mount =
  /** One file from a ConfigMap. The pod's template carries a checksum, because such a file does not change under a running pod. */
  | { readonly kind: "config"; readonly path: string; readonly config: ConfigFile }
  /** A directory with a file for each key of a Secret; readable by the pod's group. */
  | { readonly kind: "secret"; readonly path: string; readonly secret: ISecret }
  | {
      readonly kind: "claim";
      readonly path: string;
      readonly claim: IPersistentVolumeClaim;
      readonly subPath?: string;
    }
  /** A directory of the container's own that is writable and empty at each start. */
  | { readonly kind: "scratch"; readonly path: string; readonly sizeMiB: number }
  /** The pod's service account, for this container alone. */
  | { readonly kind: "serviceAccount" };

/** Where client libraries look for the service account. */
const SERVICE_ACCOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
export const SERVICE_ACCOUNT_VOLUME = "service-account";

/** What the kubelet lays there by itself: a token that it renews, the cluster's CA, the namespace. */
/* The names are those of the library's own classes: they read a patch before they print it. */
export const SERVICE_ACCOUNT_SOURCES = [
  // The kubelet's own lifetime: an hour and the time to renew it.
  { serviceAccountToken: { path: "token", expirationSeconds: 3607 } },
  { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
  {
    downwardApi: {
      items: [{ path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } }],
    },
  },
] as const;

/** The volumes of one pod, each made once however many containers mount it. */
export class Volumes extends Construct {
  private readonly byName = new Map<string, Volume>();
  private readonly configs = new Map<string, string>();
  private withServiceAccount = false;

  /** Whether a container mounts the service account. The library knows no such volume: its source is patched in. */
  get serviceAccount(): boolean {
    return this.withServiceAccount;
  }

  /** Place of a volume in the pod's list: they stand in the order in which they were first mounted. */
  indexOf(name: string): number {
    return [...this.byName.keys()].indexOf(name);
  }

  /** Changes whenever a mounted config does; undefined where none is mounted. */
  get checksum(): string | undefined {
    if (this.configs.size === 0) return undefined;
    const content = JSON.stringify([...this.configs].sort(([a], [b]) => (a < b ? -1 : 1)));
    if (content.includes(MARKER_OPEN)) return composed([content]).hash().toString();
    return createHash("sha256").update(content).digest("hex");
  }

  mount(container: string, mount: Mount): VolumeMount {
    switch (mount.kind) {
      case "config":
        return this.config(mount.path, mount.config);
      case "secret":
        return { path: mount.path, readOnly: true, volume: this.secret(mount.secret) };
      case "claim":
        return {
          path: mount.path,
          volume: this.claim(mount.claim),
          ...(mount.subPath === undefined ? {} : { subPath: mount.subPath }),
        };
      case "scratch":
        return { path: mount.path, volume: this.scratch(`${container}${slug(mount.path)}`, mount.sizeMiB) };
      case "serviceAccount":
        this.withServiceAccount = true;
        return {
          path: SERVICE_ACCOUNT_PATH,
          readOnly: true,
          volume: this.scratch(SERVICE_ACCOUNT_VOLUME, 1),
        };
      default:
        return assertNever(mount);
    }
  }

  private config(path: string, config: ConfigFile): VolumeMount {
    this.configs.set(config.name, config.content);
    const volume = this.once(config.name, (name) =>
      Volume.fromConfigMap(this, name, config.configMap, { name }),
    );
    return { path, readOnly: true, subPath: config.key, volume };
  }

  private secret(secret: ISecret): Volume {
    // 0440: the files belong to root and to the pod's group.
    return this.once(secret.name, (name) =>
      Volume.fromSecret(this, name, secret, { name, defaultMode: 0o440 }),
    );
  }

  private claim(claim: IPersistentVolumeClaim): Volume {
    return this.once(claim.name, (name) => Volume.fromPersistentVolumeClaim(this, name, claim, { name }));
  }

  private scratch(wanted: string, sizeMiB: number): Volume {
    return this.once(wanted, (name) =>
      Volume.fromEmptyDir(this, name, name, { sizeLimit: Size.mebibytes(sizeMiB) }),
    );
  }

  private once(name: string, make: (name: string) => Volume): Volume {
    const made = this.byName.get(name) ?? make(name);
    this.byName.set(name, made);
    return made;
  }
}

/** `/var/cache/nginx` → `-var-cache-nginx`. */
function slug(path: string): string {
  return path.replaceAll(/[^a-z0-9]+/g, "-").replace(/-$/, "");
}
