/** A booted lab with two hubs: its claims as folders that every node has, and people outside at its public address. */
import { chownSync, cpSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, type Json } from "../../environment/configs";
import { DATA_FOLDER } from "../cluster/node-image";
import type { Undo } from "../host/undo";
import { runs } from "../host/programs";
import { notebookEnvironment } from "../hub/python";
import { until } from "../machines/host";
import { environment } from "../platform/environment";
import { Administrator } from "../platform/nodes";
import { PlatformLab } from "../platform/platform-lab";
import type { BrowserTask } from "./browser-process";
import { dayImages } from "./images";

runs("chromium");

/** Each is a namespace and a path. */
const HUBS = ["physics", "chemistry"] as const;
export type Hub = (typeof HUBS)[number];
export const HOST = "hubs.lab.example.org";
export const CONSUMER_KEY = "course";
export const NODES = 3;

/** As small as the machines are. */
const SERVER: Json = {
  cpu: { guarantee: "50m", limit: "2" },
  memory: { guarantee: "128Mi", limit: "1Gi" },
  startSeconds: 120,
};
const COMMON: Json = { server: SERVER, activeServerLimit: 5 };

const APPS: Json = {
  hub: {
    host: HOST,
    hubs: {
      physics: { ...(COMMON as object), signIn: { kind: "native" }, admins: ["ada"] },
      chemistry: {
        ...(COMMON as object),
        signIn: {
          kind: "lti11",
          consumerKey: CONSUMER_KEY,
          letIn: { kind: "listed", users: ["marie"] },
        },
        // Short enough to be seen.
        cull: { kind: "idle", timeoutSeconds: 60, everySeconds: 10 },
      },
    },
  },
};

/** Users of a hub's database and of people's files, in the images of both. */
const OWNERS = { hub: { uid: 1000, gid: 1000 }, person: { uid: 1000, gid: 100 } };

/** What a person does, and with what. */
export type Deed = readonly [name: string, ...arguments_: readonly (string | number)[]];

export class HubLab {
  private constructor(
    readonly platform: PlatformLab,
    readonly administrator: Administrator,
    private readonly folder: string,
    private readonly address: string,
    private authority = "",
  ) {}

  /**
   * The nodes are Ready, and nothing runs on them yet but their network.
   * @param begins is called when images and cloud are at hand, and the first `up` starts
   */
  static async open(undo: Undo, log: (line: string) => void, begins: () => void): Promise<HubLab> {
    const more = { images: await dayImages(log), namespaces: HUBS };
    const platform = undo.use(await PlatformLab.open(withApps({}), more));
    begins();
    await platform.run("up");
    const outputs = await platform.outputs();
    const administrator = new Administrator(platform, String(outputs["kubeconfig"]));
    await administrator.ready(NODES, 180);
    const { "vip/api": address = "" } = outputs["floatingIps"] as Readonly<Record<string, string>>;
    return new HubLab(platform, administrator, undo.folder("people"), address);
  }

  /** Makes volumes for what the hubs and their people claim, and brings the hubs up. */
  async bringHubs(people: Readonly<Record<Hub, readonly string[]>>): Promise<void> {
    for (const [hub, names] of Object.entries(people)) {
      await this.volume(hub, "hub-db-dir", OWNERS.hub);
      for (const name of names) await this.volume(hub, `claim-${name}`, OWNERS.person);
    }
    this.platform.configure(withApps(APPS));
    await this.platform.run("up");
    await until("Traefik", 120, async () => {
      const status = ["rollout", "status", "--namespace=kube-system", "deployment/traefik", "--timeout=5s"];
      return (await this.administrator.kubectl(status)).code === 0 ? true : undefined;
    });
    this.authority = join(this.folder, "authority.pem");
    const ask = [
      "get",
      "secret",
      "tls-secret",
      "--namespace=kube-system",
      "--output=jsonpath={.data.tls\\.crt}",
    ];
    writeFileSync(this.authority, Buffer.from(await this.administrator.must(ask), "base64"));
  }

  /** What a person sees, for each thing done. @throws Error with what the program said */
  async person(hub: Hub, name: string, ...does: readonly Deed[]): Promise<readonly unknown[]> {
    const { folder, address, authority } = this;
    const given = { name, does, folder, address, authority, host: HOST, path: `/${hub}/` };
    const python = join(notebookEnvironment(), "bin/python");
    const argv = [python, join(__dirname, "person.py")];
    const done = await this.platform.outside(argv, { input: JSON.stringify(given), timeout: 400_000 });
    if (done.code !== 0) throw new Error(`${name}, ${JSON.stringify(does)}: ${done.stderr.slice(-1500)}`);
    return JSON.parse(done.stdout) as readonly unknown[];
  }

  /** A person at Chromium, who signs in with a password and works in a notebook. @returns what the page showed */
  async browse(hub: Hub, name: string, password: string): Promise<unknown> {
    const { folder, address } = this;
    const task: BrowserTask = { host: HOST, address, path: `/${hub}/`, name, password, folder };
    const argv = [process.execPath, "--import", "tsx", join(__dirname, "browser-process.ts")];
    const done = await this.platform.outside(argv, { input: JSON.stringify(task), timeout: 400_000 });
    if (done.code !== 0) throw new Error(`${name} at a browser: ${done.stderr.slice(-2500)}`);
    if (process.env["LABSTEAD_RENEW"] !== undefined) this.keepPictures();
    return JSON.parse(done.stdout) as unknown;
  }

  /** As those of the documentation. */
  private keepPictures(): void {
    for (const name of readdirSync(this.folder).filter((each) => each.endsWith(".png")))
      cpSync(join(this.folder, name), join(ROOT, "docs/pictures", name));
  }

  /** The secret of a Secret's key. */
  async secret(namespace: string, name: string, key: string): Promise<string> {
    const ask = ["get", "secret", name, `--namespace=${namespace}`, `--output=jsonpath={.data.${key}}`];
    return Buffer.from(await this.administrator.must(ask), "base64").toString();
  }

  /** Name of the node that a person's server runs on. @throws Error if there is none */
  nodeOf(hub: Hub, name: string): Promise<string> {
    const chosen = [`--namespace=${hub}`, `--selector=hub.jupyter.org/username=${name}`];
    return this.administrator.must(["get", "pods", ...chosen, "--output=jsonpath={.items[0].spec.nodeName}"]);
  }

  /** `labstead fence` of a node whose machine is off. @returns what it printed */
  async fence(node: string): Promise<string> {
    const program = [process.execPath, "--import", "tsx", join(__dirname, "fence-process.ts")];
    const argv = [...program, join(this.platform.folder, "kubeconfig"), node];
    const { code, stdout, stderr } = await this.platform.outside(argv, { timeout: 220_000 });
    if (code !== 0) throw new Error(`fence ${node}: ${stdout}${stderr}`);
    return stdout;
  }

  /** Deletes the only pod of a Deployment at once, and waits for another that is ready. */
  async kill(namespace: string, component: string): Promise<void> {
    const chosen = [`--namespace=${namespace}`, `--selector=component=${component}`];
    const name = async (): Promise<string> =>
      this.administrator.must([
        ...["get", "pods", ...chosen, "--output"],
        "jsonpath={.items[?(@.status.containerStatuses[0].ready==true)].metadata.name}",
      ]);
    const before = await name();
    await this.administrator.must(["delete", "pods", ...chosen, "--grace-period=0", "--force"]);
    await until(`another ${component}`, 120, async () => {
      const now = await name();
      return now !== "" && now !== before ? true : undefined;
    });
  }

  /** A folder of the test host, bound to the claim before it is made: a block volume that follows its pods. */
  private async volume(
    namespace: string,
    claim: string,
    owner: { readonly uid: number; readonly gid: number },
  ): Promise<void> {
    const name = `${namespace}-${claim}`;
    const folder = join(this.platform.image.data, name);
    mkdirSync(folder, { mode: 0o770 });
    chownSync(folder, owner.uid, owner.gid);
    const { blockClass } = this.platform.plan.cluster;
    const volume = {
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name },
      spec: {
        capacity: { storage: "10Gi" },
        accessModes: ["ReadWriteOnce"],
        persistentVolumeReclaimPolicy: "Retain",
        storageClassName: blockClass,
        claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name: claim },
        hostPath: { path: join(DATA_FOLDER, name), type: "Directory" },
      },
    };
    await this.administrator.must(["apply", "--filename", "-"], JSON.stringify(volume));
  }
}

function withApps(apps: Json): Json {
  return environment({ ingress: { kind: "traefik" }, apps });
}
