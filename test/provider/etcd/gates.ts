/** Gates behind control planes and EtcdMembers of one phase, over a fake etcd. */
import { etcdMembersHandler } from "../../../provider/etcd/handler";
import { Membership } from "../../../provider/etcd/membership";
import { etcdMemberGate } from "../../../provider/etcd/member-gate";
import type { EtcdAccess } from "../../../provider/etcd/member-gate";
import type { Nodes } from "../../../provider/labstead";
import type { CheckResult, PropertyMap, ResourceHandler } from "../../../provider-protocol";
import { serverReadyHandler } from "../../../provider/server-ready/handler";
import { CLUSTER_ADDRESS, kubeconfig } from "../../rehearsal/kubernetes/harness";
import { sshKeys } from "../ssh-keys";
import { addressOf, FakeEtcd } from "./fake-etcd";

const { private: privateKey } = sshKeys();
const HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICRjpJ/wn1rFsiBALdl7I1IAby5jHNWzrkUCt8IEJgM4";
const KUBECONFIG = JSON.stringify({
  ...(JSON.parse(kubeconfig(CLUSTER_ADDRESS)) as object),
  users: [{ name: "admin", user: { token: "t" } }],
});
export const PACE = { betweenLooks: 1, oneLook: 2_000, patience: 30 };

export const nodeOf = (slot: number): string => `cp-${String(slot)}`;

/** Inputs of EtcdMembers for these slots. */
export function members(slots: readonly number[], data: "volume" | "rootDisk" = "rootDisk"): PropertyMap {
  const each = slots.map((slot) => {
    const host = addressOf(slot);
    const connection = { host, user: "labstead", privateKey, hostKey: HOST_KEY, via: { kind: "direct" } };
    return [`controlPlane/${String(slot)}`, { node: nodeOf(slot), data, connection }];
  });
  return {
    cluster: "prod/lab",
    formedBy: "servers",
    members: Object.fromEntries(each) as PropertyMap,
  };
}

export class Gates {
  readonly etcd: FakeEtcd;
  /** Nodes that were emptied, and what etcd did, in one order. */
  readonly logged: string[] = [];
  readonly handler: ResourceHandler;
  private readonly memberHandler: ResourceHandler;

  /** @param slots who is a member now */
  constructor(
    slots: readonly number[],
    options: { readonly skip?: readonly string[]; readonly machines?: boolean } = {},
  ) {
    this.etcd = new FakeEtcd([]);
    for (const slot of slots) this.etcd.add(nodeOf(slot), slot);
    const membership = new Membership();
    const access: EtcdAccess =
      options.machines === false
        ? { kind: "none", because: "the cloud is the built-in one" }
        : { kind: "asked", etcd: this.etcd, pace: PACE };
    const seats = etcdMemberGate(membership, access, options.skip);
    this.memberHandler = etcdMembersHandler(membership);
    const pace = { betweenLooks: 1, oneLook: 1_000, looks: 2 };
    this.handler = serverReadyHandler({ nodes: this.nodes(), memberGate: seats, pace });
  }

  private nodes(): Nodes {
    const done = Promise.resolve({ kind: "done" } as const);
    return {
      find: ({ node }) =>
        Promise.resolve({
          kind: "present",
          uid: node,
          ready: true,
          providerId: this.providerIds.get(node) ?? "",
        }),
      cordon: () => done,
      pods: () => Promise.resolve({ kind: "pods", pods: [] }),
      evict: () => Promise.resolve({ kind: "evicted" }),
      remove: ({ node }) => {
        this.etcd.done.push(`emptied ${node}`);
        return done;
      },
    };
  }

  readonly providerIds = new Map<string, string>();

  private common(name: string, type: string) {
    return {
      urn: `urn:pulumi:prod::labstead::labstead:index:${type}::${name}`,
      type: `labstead:index:${type}`,
      name,
      log: (severity: string, message: string, options?: { readonly status?: boolean }): void => {
        if (options?.status !== true) this.logged.push(`${severity}: ${message}`);
      },
      timeoutSeconds: undefined,
      signal: new AbortController().signal,
    };
  }

  /** What the engine asks before anything else. */
  check(newInputs: PropertyMap, oldInputs: PropertyMap = {}): Promise<CheckResult> {
    const randomSeed = new Uint8Array();
    return this.memberHandler.check({
      ...this.common("etcd", "EtcdMembers"),
      oldInputs,
      newInputs,
      randomSeed,
    });
  }

  private gate(node: string): PropertyMap {
    return { kind: "node", serverId: `id-${node}`, node, kubeconfig: KUBECONFIG, cluster: "prod/lab" };
  }

  delete(slot: number): Promise<void> {
    const common = this.common(`ready/controlPlane/${String(slot)}`, "ServerReady");
    return this.handler.delete({ ...common, id: "id", state: {}, inputs: this.gate(nodeOf(slot)) });
  }

  async create(slot: number, readySeconds = 0.05): Promise<void> {
    const inputs = { ...this.gate(nodeOf(slot)), awaits: "ready", readySeconds };
    const common = this.common(`ready/controlPlane/${String(slot)}`, "ServerReady");
    await this.handler.create({ ...common, preview: false, inputs });
  }
}

export async function refusal(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.catch((reason: unknown) => reason);
  if (!(error instanceof Error)) throw new Error("it did not refuse");
  return error.message;
}
