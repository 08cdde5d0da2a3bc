/** Volumes that many pods write at once, from storage servers or inside the cluster: a class and its provisioner. */
import { Chart, type App } from "cdk8s";
import { Secret } from "cdk8s-plus-27";
import type { Construct } from "constructs";
import { assertNever } from "../../../errors/assert-never";
import { HEKETI_SECRETS, secretValue } from "../../../environment/secrets";
import { HEKETI_PORT, SHARED_VOLUME } from "../../../environment/shared-storage";
import type { PlannedClass } from "../../../environment/storage-classes";
import { Naming, StorageClass, type Identity, type StorageClassProps } from "../../../kit";
import { CsiNfs } from "./csi-nfs";
import { CSI_NFS } from "./csi-nfs-access";
import { NfsProvisioner, type NfsProvisionerProps } from "./nfs-provisioner";
import { NFS_PROVISIONER } from "./nfs-provisioner-access";

export interface SharedStorageChartProps {
  readonly environment: string;
  readonly className: string;
  /** Whether claims that name no class get it. @default false */
  readonly isDefault?: boolean;
  /** Further classes that are the same in all but their name. @default none */
  readonly aliases?: readonly PlannedClass[];
  /** Whether a claim's files are deleted with the claim. */
  readonly reclaimPolicy: "Delete" | "Retain";
  readonly source: SharedStorageSource;
}

/** Servers' addresses are in the network's subnet: the nodes themselves connect to them. */
export type SharedStorageSource =
  /** The NFS servers' common address. */
  | { readonly kind: "nfs"; readonly server: string }
  /** Heketi's server; the controller manager resolves names on its host, where a Service's name is unknown. */
  | { readonly kind: "heketi"; readonly server: string }
  /** An NFS server inside the cluster, with one block volume. */
  | ({ readonly kind: "provisioner" } & Omit<NfsProvisionerProps, "environment">);

const HEKETI_SECRET = { name: "heketi-secret", namespace: "kube-system" } as const;

/** The class; for NFS also its driver, which Kubernetes does not include. */
export class SharedStorageChart extends Chart {
  private readonly names: Naming;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: SharedStorageChartProps,
  ) {
    super(scope, id);
    this.names = new Naming("storage", props.environment);
    const { source } = props;
    switch (source.kind) {
      case "nfs":
        new CsiNfs(this, "Driver", { environment: props.environment });
        this.nfsClass(source.server);
        return;
      case "heketi":
        this.heketiSecret();
        this.heketiClass(source.server);
        return;
      case "provisioner":
        new NfsProvisioner(this, "Server", { ...source, environment: props.environment });
        this.provisionerClass();
        return;
      default:
        assertNever(source);
    }
  }

  /**
   * A folder for each claim, below the folder of its namespace, which may have a limit. Sizes are not enforced, so
   * expanding a claim would have no effect.
   */
  private nfsClass(server: string): void {
    this.classes({
      provisioner: CSI_NFS.driver,
      parameters: {
        server,
        share: `/${SHARED_VOLUME}`,
        subDir: "${pvc.metadata.namespace}/${pvc.metadata.name}-${pv.metadata.name}",
      },
      mountOptions: NFS_MOUNT,
      expandable: false,
    });
  }

  /** The program refuses unknown parameters, and enforces no sizes. */
  private provisionerClass(): void {
    this.classes({
      provisioner: NFS_PROVISIONER.provisioner,
      mountOptions: NFS_MOUNT,
      expandable: false,
    });
  }

  /**
   * The in-tree plugin accepts only its own parameters. Its user must be Heketi's administrator, because it reads what
   * other users may not. The class refers to the Secret with the key.
   */
  private heketiClass(server: string): void {
    this.classes({
      provisioner: HEKETI_PROVISIONER,
      parameters: {
        resturl: `http://${server}:${HEKETI_PORT}`,
        restuser: "admin",
        restauthenabled: "true",
        secretName: HEKETI_SECRET.name,
        secretNamespace: HEKETI_SECRET.namespace,
        volumetype: "replicate:3",
      },
      expandable: true,
    });
  }

  private heketiSecret(): void {
    new Secret(this, "Key", {
      metadata: this.names.metadata(HEKETI_SECRET.name, "key", HEKETI_SECRET.namespace),
      type: HEKETI_PROVISIONER,
      immutable: false,
      stringData: { key: secretValue(HEKETI_SECRETS.adminKey).toString() },
    });
  }

  /** The class and its aliases, which differ in their names only. */
  private classes(of: Omit<StorageClassProps, keyof Identity | "reclaimPolicy" | "binding">): void {
    const { className, isDefault = false, aliases = [], reclaimPolicy } = this.props;
    const create = (id: string, each: PlannedClass): StorageClass =>
      new StorageClass(this, id, {
        ...this.names.identity(each.name, "class"),
        ...{ reclaimPolicy, binding: "Immediate", isDefault: each.isDefault },
        ...of,
      });
    create("Class", { name: className, isDefault });
    for (const alias of aliases) create(`Alias-${alias.name}`, alias);
  }
}

/** The provisioner's name is also the type of the Secret. */
const HEKETI_PROVISIONER = "kubernetes.io/glusterfs";

/**
 * `hard`: programs wait for an unreachable server and write no wrong data. `noresvport`: a connection to the next
 * holder of the address uses a new port, so that no half-open connection blocks it.
 */
const NFS_MOUNT = ["nfsvers=4.1", "hard", "noresvport", "noatime"] as const;

export function sharedStorageCharts(scope: App, plan: SharedStorageChartProps): void {
  new SharedStorageChart(scope, "shared-storage", plan);
}
