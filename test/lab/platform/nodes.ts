/** An administrator at the API from outside, by the stack's own kubeconfig; and what stands in for the cloud controller. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { until, type Finished } from "../machines/host";
import type { PlatformLab } from "./platform-lab";

export interface NodeObservation {
  readonly name: string;
  readonly uid: string;
  readonly ready: boolean;
  readonly podCidr: string;
  readonly address: string;
  readonly providerId: string;
}

interface NodeObject {
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly spec: { readonly podCIDR?: string; readonly providerID?: string };
  readonly status: {
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

export class Administrator {
  private readonly file: string;
  private greeting = false;

  /** @param kubeconfig of the stack's outputs, as it is */
  constructor(
    private readonly lab: PlatformLab,
    kubeconfig: string,
  ) {
    this.file = join(lab.folder, "kubeconfig");
    writeFileSync(this.file, kubeconfig, { mode: 0o600 });
  }

  kubectl(args: readonly string[], input?: string): Promise<Finished> {
    const { kubectl } = this.lab.image.binaries;
    const argv = [kubectl, "--kubeconfig", this.file, "--request-timeout=10s", ...args];
    return this.lab.outside(argv, input === undefined ? {} : { input });
  }

  /** @throws Error with what it printed */
  async must(args: readonly string[], input?: string): Promise<string> {
    const { code, stdout, stderr } = await this.kubectl(args, input);
    if (code === 0) return stdout;
    throw new Error(`kubectl ${args.join(" ")}: ${stdout}${stderr}`);
  }

  async nodes(): Promise<readonly NodeObservation[]> {
    const { items } = JSON.parse(await this.must(["get", "nodes", "--output", "json"])) as {
      readonly items: readonly NodeObject[];
    };
    return items.map(({ metadata, spec, status }) => ({
      ...metadata,
      ready: status.conditions?.find(({ type }) => type === "Ready")?.status === "True",
      podCidr: spec.podCIDR ?? "",
      providerId: spec.providerID ?? "",
      address: status.addresses?.find(({ type }) => type === "InternalIP")?.address ?? "",
    }));
  }

  /** Waits until so many nodes are Ready, greeting those that come. @returns all of them */
  ready(count: number, seconds: number): Promise<readonly NodeObservation[]> {
    return until(`${String(count)} nodes Ready`, seconds, async () => {
      const seen = await this.greet().catch(() => []);
      return seen.filter(({ ready }) => ready).length === count ? seen : undefined;
    });
  }

  /** Greets nodes while something runs, and notes what was seen each time. */
  async during<T>(work: Promise<T>, note: (seen: readonly NodeObservation[]) => void): Promise<T> {
    this.greeting = true;
    const greeting = this.keepGreeting(note);
    try {
      return await work;
    } finally {
      this.greeting = false;
      await greeting;
    }
  }

  private async keepGreeting(note: (seen: readonly NodeObservation[]) => void): Promise<void> {
    while (this.greeting) {
      await this.greet().then(note, () => undefined);
      await pause(1000);
    }
  }

  /** As the cloud controller manager does it once on each node: the server's id; no taint more. */
  private async greet(): Promise<readonly NodeObservation[]> {
    const seen = await this.nodes();
    for (const [name, { id }] of this.lab.hypervisor.running()) {
      const own = seen.find((each) => each.name === name);
      if (own?.providerId === "") await this.register(name, id);
    }
    return seen;
  }

  private async register(name: string, id: string): Promise<void> {
    const patch = JSON.stringify({ spec: { providerID: `openstack:///${id}` } });
    await this.kubectl(["patch", "node", name, "--patch", patch]);
    await this.kubectl(["taint", "node", name, "node.cloudprovider.kubernetes.io/uninitialized-"]);
  }
}
