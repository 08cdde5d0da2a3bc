/**
 * The driver's pod of one node, and what asks it there. Stood in for: the disks that a hypervisor would attach, by loop
 * devices of Cinder's own files; the registrar and the kubelet, by calls of CSI's published protocol; the config drive's
 * file system, by ext4 where the kernel has neither ISO 9660 nor VFAT.
 */
import { mkdirSync, readFileSync, statfsSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  credentials,
  makeClientConstructor,
  type ServiceClientConstructor,
  type ServiceError,
} from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { runs } from "../host/programs";
import type { Undo } from "../host/undo";
import { host } from "../machines/host";
import { moduleFolder } from "../kubernetes/binaries";
import type { RunningContainer } from "./pod";

runs("cp", "losetup", "mkfs.ext4", "mkfs.xfs");

const DRIVER = "cinder.csi.openstack.org";
const KUBELET = "/var/lib/kubelet";
/** Where the kubelet mounts a volume for all pods of the node, and for one pod. */
const STAGED = `${KUBELET}/plugins/kubernetes.io/csi/${DRIVER}/claim/globalmount`;
const PUBLISHED = `${KUBELET}/pods/writer/volumes/kubernetes.io~csi/claim/mount`;
/** What every program expects in /dev. */
const DEVICES = ["/dev/null", "/dev/zero", "/dev/urandom"] as const;
/**
 * What the kubelet says of a claim that one node mounts. Not ext4, which the class has: it grows while it is mounted only
 * with CAP_SYS_RESOURCE, and containers in which tests run may lack that.
 */
const CAPABILITY = { mount: { fsType: "xfs" }, accessMode: { mode: "SINGLE_NODE_WRITER" } };

/** Milliseconds that a call may take. */
const LONGEST = 120_000;

/** A server as its config drive says it. */
export interface NodeServer {
  readonly name: string;
  readonly id: string;
  readonly zone: string;
}

/** Answer to NodeGetInfo. */
export interface NodeInfo {
  readonly nodeId: string;
  readonly maxVolumesPerNode: string;
  readonly accessibleTopology: { readonly segments: Readonly<Record<string, string>> } | null;
}

/** Files of a node: its devices, and the kubelet's folder. */
export class CsiNode {
  private constructor(
    private readonly undo: Undo,
    readonly server: NodeServer,
    /** Where paths of the host are, as the node's pods see them. */
    readonly root: string,
  ) {}

  /** With a config drive as Nova writes it. */
  static async prepare(undo: Undo, folder: string, server: NodeServer): Promise<CsiNode> {
    const root = join(folder, server.name);
    const node = new CsiNode(undo, server, root);
    for (const each of ["disk/by-id", "disk/by-label"])
      mkdirSync(join(root, "dev", each), { recursive: true });
    for (const each of ["plugins_registry", "plugins"])
      mkdirSync(join(root, KUBELET, each), { recursive: true });
    await host(["cp", "--archive", ...DEVICES, join(root, "dev")]);
    const drive = join(folder, `${server.name}-config`);
    mkdirSync(join(drive, "openstack/latest"), { recursive: true });
    const metadata = { uuid: server.id, availability_zone: server.zone, name: server.name };
    writeFileSync(join(drive, "openstack/latest/meta_data.json"), JSON.stringify(metadata));
    const image = `${drive}.img`;
    await host(["mkfs.ext4", "-q", "-L", "config-2", "-d", drive, image, "4M"]);
    await node.attach(image, "disk/by-label/config-2");
    return node;
  }

  /** A disk of Cinder's file, under the name that udev gives it by its serial number. @returns what takes it away */
  async attachVolume(file: string, volume: string): Promise<Disk> {
    const name = `disk/by-id/virtio-${volume.slice(0, 20)}`;
    const loop = await this.attach(file, name);
    return {
      grow: () => host(["losetup", "--set-capacity", loop]).then(() => undefined),
      detach: async () => {
        unlinkSync(join(this.root, "dev", name));
        await host(["losetup", "--detach", loop]);
      },
    };
  }

  private async attach(file: string, link: string): Promise<string> {
    const loop = (await host(["losetup", "--find", "--show", file])).trim();
    this.undo.later(() => host(["losetup", "--detach", loop]).catch(() => undefined));
    await host(["cp", "--archive", loop, join(this.root, loop)]);
    symlinkSync(loop, join(this.root, "dev", link));
    return loop;
  }

  /** Connects to the driver, as registrar and kubelet do. */
  connect(container: RunningContainer): NodeDriver {
    // A socket's path has to be short.
    const socket = `${this.root}.sock`;
    symlinkSync(join(this.root, KUBELET, "plugins", DRIVER, "csi.sock"), socket);
    const driver = new NodeDriver(socket, container);
    this.undo.later(() => driver.close());
    return driver;
  }
}

export interface Disk {
  /** The size of its file. */
  grow(): Promise<void>;
  detach(): Promise<void>;
}

/** The calls of a kubelet to the driver of its node. */
export class NodeDriver {
  private readonly stub: InstanceType<ServiceClientConstructor>;

  constructor(
    socket: string,
    private readonly container: RunningContainer,
  ) {
    const file = join(moduleFolder("github.com/container-storage-interface/spec"), "csi.proto");
    const definition = loadSync(file, { longs: String, defaults: true })["csi.v1.Node"];
    if (definition === undefined || !("NodeGetInfo" in definition))
      throw new Error(`${file} has no service Node`);
    const Stub = makeClientConstructor(definition, "Node");
    this.stub = new Stub(`unix://${socket}`, credentials.createInsecure());
  }

  close(): void {
    this.stub.close();
  }

  info(): Promise<NodeInfo> {
    return this.call("NodeGetInfo", {}) as Promise<NodeInfo>;
  }

  /** Mounts a volume for a pod: formats it if it is empty. */
  async mount(volume: string): Promise<void> {
    for (const folder of [STAGED, PUBLISHED]) mkdirSync(this.inside(folder), { recursive: true });
    const request = { volumeId: volume, stagingTargetPath: STAGED, volumeCapability: CAPABILITY };
    await this.call("NodeStageVolume", request);
    await this.call("NodePublishVolume", { ...request, targetPath: PUBLISHED });
  }

  async unmount(volume: string): Promise<void> {
    await this.call("NodeUnpublishVolume", { volumeId: volume, targetPath: PUBLISHED });
    await this.call("NodeUnstageVolume", { volumeId: volume, stagingTargetPath: STAGED });
  }

  /** Grows the mounted file system to the size of its disk. */
  async expand(volume: string): Promise<void> {
    const request = { volumeId: volume, volumePath: PUBLISHED, stagingTargetPath: STAGED };
    await this.call("NodeExpandVolume", { ...request, volumeCapability: CAPABILITY });
  }

  write(file: string, content: string): void {
    writeFileSync(this.inside(PUBLISHED, file), content);
  }

  read(file: string): string {
    return readFileSync(this.inside(PUBLISHED, file), "utf8");
  }

  /** GiB of the mounted file system. */
  size(): number {
    const { blocks, bsize } = statfsSync(this.inside(PUBLISHED));
    return (blocks * bsize) / 1024 ** 3;
  }

  /** A path in the root and the mount namespace of the driver. */
  private inside(...path: readonly string[]): string {
    return join("/proc", String(this.container.pid), "root", ...path);
  }

  private call(method: string, request: object): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const done = (error: ServiceError | null, answer: unknown): void =>
        error === null ? resolve(answer) : reject(new Error(`${method}: ${error.details}`));
      this.stub[method]?.(request, { deadline: Date.now() + LONGEST }, done);
    });
  }
}
