/** A claim and the pods that use it, in a cluster whose nodes run no kubelet. */
import { fieldOf, listAt, type JsonObject, type Manifest } from "../../../deploy/manifest";
import { until } from "../machines/host";
import { said, type ApiClient } from "../kubernetes/api-client";
import type { NodeInfo } from "./csi-node";

const DRIVER = "cinder.csi.openstack.org";
const CLAIM = "/api/v1/namespaces/default/persistentvolumeclaims/data";

export class Claim {
  constructor(
    private readonly admin: ApiClient,
    private readonly className: string,
  ) {}

  /** The driver of a node, as registrar and kubelet make it known. */
  async register(node: string, { nodeId, accessibleTopology }: NodeInfo): Promise<void> {
    const { segments } = accessibleTopology ?? { segments: {} };
    await this.made({
      apiVersion: "storage.k8s.io/v1",
      kind: "CSINode",
      metadata: { name: node },
      spec: { drivers: [{ name: DRIVER, nodeID: nodeId, topologyKeys: Object.keys(segments) }] },
    });
    await this.patched(`/api/v1/nodes/${node}`, { metadata: { labels: segments } });
  }

  /** @param node that the scheduler would choose for its first pod */
  async create(gibibytes: number, node: string): Promise<void> {
    await this.made({
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: {
        name: "data",
        namespace: "default",
        annotations: { "volume.kubernetes.io/selected-node": node },
      },
      spec: {
        accessModes: ["ReadWriteOnce"],
        storageClassName: this.className,
        resources: { requests: { storage: `${String(gibibytes)}Gi` } },
      },
    });
  }

  async resize(gibibytes: number): Promise<void> {
    await this.patched(CLAIM, { spec: { resources: { requests: { storage: `${String(gibibytes)}Gi` } } } });
  }

  async delete(): Promise<void> {
    await this.admin.delete(CLAIM);
  }

  /** Cinder's id of its volume, once it is bound. */
  async bound(): Promise<string> {
    return until("the claim to be bound", 60, async () => {
      const { body } = await this.admin.get(CLAIM);
      if (fieldOf(body, "status", "phase") !== "Bound") return undefined;
      const volume = await this.admin.get(
        `/api/v1/persistentvolumes/${String(fieldOf(body, "spec", "volumeName"))}`,
      );
      return String(fieldOf(volume.body, "spec", "csi", "volumeHandle"));
    });
  }

  /** A pod on a node; its attachment is known to the API server when this ends. */
  async use(node: string): Promise<void> {
    await this.made({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "writer", namespace: "default" },
      spec: {
        nodeName: node,
        containers: [{ name: "writer", image: "registry.example.org/writer:1" }],
        volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }],
      },
    });
    await until(`an attachment to ${node}`, 60, async () => {
      const [only] = await this.attachments();
      const attached =
        fieldOf(only, "status", "attached") === true && fieldOf(only, "spec", "nodeName") === node;
      return attached ? true : undefined;
    });
  }

  /** Deletes the pod, as the kubelet confirms it; nothing is attached any more when this ends. */
  async release(): Promise<void> {
    await this.admin.delete("/api/v1/namespaces/default/pods/writer?gracePeriodSeconds=0");
    await until("no attachment", 60, async () =>
      (await this.attachments()).length === 0 ? true : undefined,
    );
  }

  /** Snapshots the claim. @returns Cinder's id of the snapshot, once it is ready */
  async snapshot(): Promise<string> {
    await this.made({
      apiVersion: "snapshot.storage.k8s.io/v1",
      kind: "VolumeSnapshot",
      metadata: { name: "data", namespace: "default" },
      spec: { source: { persistentVolumeClaimName: "data" } },
    });
    const path = "/apis/snapshot.storage.k8s.io/v1";
    return until("the snapshot to be ready", 60, async () => {
      const { body } = await this.admin.get(`${path}/namespaces/default/volumesnapshots/data`);
      if (fieldOf(body, "status", "readyToUse") !== true) return undefined;
      const name = String(fieldOf(body, "status", "boundVolumeSnapshotContentName"));
      const content = await this.admin.get(`${path}/volumesnapshotcontents/${name}`);
      return String(fieldOf(content.body, "status", "snapshotHandle"));
    });
  }

  private async attachments(): Promise<readonly JsonObject[]> {
    const { body } = await this.admin.get("/apis/storage.k8s.io/v1/volumeattachments");
    return listAt(body, "items") as readonly JsonObject[];
  }

  private async made(manifest: Manifest): Promise<void> {
    const answer = await this.admin.create(manifest);
    if (answer.status !== 201) throw new Error(`${manifest.kind}: ${said(answer)}`);
  }

  private async patched(path: string, change: object): Promise<void> {
    const answer = await this.admin.ask("PATCH", path, change, "application/merge-patch+json");
    if (answer.status !== 200) throw new Error(`${path}: ${said(answer)}`);
  }
}
