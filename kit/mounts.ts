/** Mounts of a container's file system, and the pod's volumes that follow from them. */
import { createHash } from "node:crypto";
import { k8s, type IPersistentVolumeClaim, type ISecret } from "cdk8s-plus-27";
import { assertNever } from "../errors/assert-never";
import { composed } from "../values";
import { MARKER_OPEN } from "../values/marker";
import type { ConfigFile } from "./config-file";
import type { Spelling } from "./spelling";

/** Content of a path in a container's file system. */
export type Mount =
  /** One file from a ConfigMap. The pod's template has a checksum, because a running pod does not see changes. */
  | { readonly kind: "config"; readonly path: string; readonly config: ConfigFile }
  /** A directory with a file for each key of a Secret; readable by the pod's group. */
  | {
      readonly kind: "secret";
      readonly path: string;
      readonly secret: ISecret;
      /**
       * For programs that read it only when they start: a text without secrets that changes with the content; the pod's
       * template has its checksum. @default running pods see the new files and keep running
       */
      readonly version?: string;
    }
  | {
      readonly kind: "claim";
      readonly path: string;
      readonly claim: IPersistentVolumeClaim;
      readonly subPath?: string;
    }
  /** A directory for this container only, writable and empty at each start. */
  | { readonly kind: "scratch"; readonly path: string; readonly sizeMiB: number }
  /** The pod's service account, for this container only. */
  | { readonly kind: "serviceAccount" }
  /** One of the pod's `volumes`, which several containers may mount. */
  | {
      readonly kind: "volume";
      readonly path: string;
      /** Its name in the pod's `volumes`. */
      readonly volume: string;
      /** A folder of the volume, without a slash at either end; the kubelet makes it. @default the whole volume */
      readonly subPath?: string;
      /**
       * Whether mounts that appear later below it are visible: `HostToContainer` those of the node, `Bidirectional`
       * also those of this container on the node, for privileged containers. @default no
       */
      readonly propagation?: "HostToContainer" | "Bidirectional";
      /** @default false */
      readonly readOnly?: boolean;
    };

/** A volume that a pod declares by name, for several of its containers. */
export type PodVolume =
  /** Empty at the pod's start. Without a size it is limited only by its node. */
  | { readonly kind: "scratch"; readonly sizeMiB?: number }
  | {
      readonly kind: "claim";
      readonly claim: IPersistentVolumeClaim;
      /** Whether no container can write to it, and the kubelet changes no owner of its files. @default false */
      readonly readOnly?: boolean;
    }
  /** A folder or file of the node. A container's exception must allow `hostPath` or `privileged`. */
  | {
      readonly kind: "host";
      /** Absolute path on the node. */
      readonly path: string;
      /** What must exist there; `…OrCreate` creates it, accessible only to root. */
      readonly type:
        "Directory" | "DirectoryOrCreate" | "File" | "FileOrCreate" | "Socket" | "CharDevice" | "BlockDevice";
    };

/** The container that mounts. */
export interface Mounter {
  readonly name: string;
  /** Whether its processes start as root. */
  readonly root: boolean;
}

/** Path at which client libraries expect the service account. */
const SERVICE_ACCOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
const SERVICE_ACCOUNT_VOLUME = "service-account";

/** What the kubelet mounts there by default: a token that it renews, the cluster's CA, the namespace. */
const SERVICE_ACCOUNT_SOURCES: readonly k8s.VolumeProjection[] = [
  // The kubelet's own lifetime: an hour and the time to renew it.
  { serviceAccountToken: { path: "token", expirationSeconds: 3607 } },
  { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
  {
    downwardApi: {
      items: [{ path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } }],
    },
  },
];

/** The volumes of one pod, each created once for all containers: the declared ones, then in order of use. */
export class Volumes {
  private readonly byName = new Map<string, k8s.Volume>();
  private readonly configs = new Map<string, string>();
  private readonly unused: Set<string>;
  private readonly declared: readonly string[];

  constructor(
    private readonly pod: string,
    declared: Readonly<Record<string, PodVolume>>,
    private readonly spelling: Spelling,
  ) {
    this.declared = Object.keys(declared);
    this.unused = new Set(this.declared);
    for (const [name, volume] of Object.entries(declared)) {
      this.once(name, () => this.declaredSource(name, volume));
    }
  }

  /** @throws Error if a declared volume is not mounted */
  get list(): readonly k8s.Volume[] {
    const [unused] = this.unused;
    if (unused !== undefined) throw new Error(`${this.pod}: no container mounts the volume "${unused}"`);
    return [...this.byName.values()];
  }

  /** Changes whenever a mounted config does, or the version of a Secret; undefined if there is neither. */
  get checksum(): string | undefined {
    if (this.configs.size === 0) return undefined;
    const content = JSON.stringify([...this.configs].sort(([a], [b]) => (a < b ? -1 : 1)));
    if (content.includes(MARKER_OPEN)) return composed([content]).hash().toString();
    return createHash("sha256").update(content).digest("hex");
  }

  mount(container: Mounter, mount: Mount): k8s.VolumeMount {
    switch (mount.kind) {
      case "config":
        return this.config(mount.path, mount.config);
      case "secret":
        if (mount.version !== undefined) this.configs.set(mount.secret.name, mount.version);
        return { mountPath: mount.path, readOnly: true, name: this.secret(mount.secret) };
      case "claim":
        return {
          mountPath: mount.path,
          name: this.once(mount.claim.name, () => this.claimSource(mount.claim)),
          ...(mount.subPath === undefined ? {} : { subPath: mount.subPath }),
        };
      case "scratch":
        return { mountPath: mount.path, name: this.scratch(`${container.name}${slug(mount.path)}`, mount) };
      case "serviceAccount":
        return { mountPath: SERVICE_ACCOUNT_PATH, readOnly: true, name: this.serviceAccount(container) };
      case "volume":
        return this.shared(container, mount);
      default:
        return assertNever(mount);
    }
  }

  private config(mountPath: string, config: ConfigFile): k8s.VolumeMount {
    this.configs.set(config.name, config.content);
    const name = this.once(config.name, () => ({ configMap: { name: config.configMap.name } }));
    return { mountPath, readOnly: true, subPath: config.key, name };
  }

  private secret({ name }: ISecret): string {
    // 0440: the files belong to root and to the pod's group.
    return this.once(name, () => ({ secret: { secretName: name, defaultMode: 0o440 } }));
  }

  private scratch(name: string, { sizeMiB }: { readonly sizeMiB: number }): string {
    return this.once(name, () => scratchSource(sizeMiB));
  }

  /** Readable only by root, unless a container that does not run as root mounts it. */
  private serviceAccount({ root }: Mounter): string {
    const mode = this.byName.get(SERVICE_ACCOUNT_VOLUME)?.projected?.defaultMode ?? 0o400;
    const projected = { defaultMode: root ? mode : 0o444, sources: [...SERVICE_ACCOUNT_SOURCES] };
    this.byName.set(SERVICE_ACCOUNT_VOLUME, { name: SERVICE_ACCOUNT_VOLUME, projected });
    return SERVICE_ACCOUNT_VOLUME;
  }

  private shared(container: Mounter, mount: Extract<Mount, { kind: "volume" }>): k8s.VolumeMount {
    if (!this.declared.includes(mount.volume)) {
      const known = this.declared.length === 0 ? "none" : this.declared.join(", ");
      throw new Error(
        `${this.pod}: ${container.name} mounts the volume "${mount.volume}", which the pod does not declare; it declares ${known}`,
      );
    }
    this.unused.delete(mount.volume);
    return {
      mountPath: mount.path,
      name: mount.volume,
      ...(mount.subPath === undefined ? {} : { subPath: mount.subPath }),
      ...(mount.readOnly === true ? { readOnly: true } : {}),
      ...(mount.propagation === undefined ? {} : { mountPropagation: mount.propagation }),
    };
  }

  private declaredSource(name: string, volume: PodVolume): VolumeSource {
    switch (volume.kind) {
      case "scratch":
        return scratchSource(volume.sizeMiB);
      case "claim":
        return this.claimSource(volume.claim, volume.readOnly);
      case "host":
        if (!/^\/(?!.*(^|\/)\.\.(\/|$))/.test(volume.path)) {
          throw new Error(
            `${this.pod}: the volume "${name}" is ${JSON.stringify(volume.path)} of the host; write a path from its root, without ..`,
          );
        }
        return { hostPath: { path: volume.path, type: volume.type } };
      default:
        return assertNever(volume);
    }
  }

  private claimSource({ name }: IPersistentVolumeClaim, readOnly = false): VolumeSource {
    return {
      persistentVolumeClaim: {
        claimName: name,
        ...(readOnly || this.spelling === "full" ? { readOnly } : {}),
      },
    };
  }

  private once(name: string, source: () => VolumeSource): string {
    if (!this.byName.has(name)) this.byName.set(name, { name, ...source() });
    return name;
  }
}

type VolumeSource = Omit<k8s.Volume, "name">;

function scratchSource(sizeMiB: number | undefined): VolumeSource {
  if (sizeMiB === undefined) return { emptyDir: {} };
  return { emptyDir: { sizeLimit: k8s.Quantity.fromString(`${sizeMiB}Mi`) } };
}

/** `/var/cache/nginx` → `-var-cache-nginx`. */
function slug(path: string): string {
  return path.replaceAll(/[^a-z0-9]+/g, "-").replace(/-$/, "");
}
