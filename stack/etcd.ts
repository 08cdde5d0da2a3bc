/** etcd members, for the gates behind control planes: they remove a member before its server is deleted. */
import type * as pulumi from "@pulumi/pulumi";
import { ETCD_FOLDER } from "../environment/plan/constants";
import type { EnvironmentPlan, ServerPlan } from "../environment/plan/types";
import { created } from "../infra/register-rolling";
import { EtcdMembers, type ConnectionArgs, type LabsteadProvider } from "../provider/sdk";
import { under, type Placed } from "./parent";

/** Name of the resource in every stack, a part of its URN. */
const NAME = "etcd";

export interface EtcdLink extends Placed {
  readonly provider: LabsteadProvider;
  /** The Kubernetes provider's `clusterIdentifier`. */
  readonly cluster: string;
  /** Whether servers set themselves up as control planes; otherwise their administrator removes etcd members too. */
  readonly formedByServers: boolean;
  /** Connection to a server, by its key. */
  readonly connection: (key: string) => ConnectionArgs;
}

/** The EtcdMembers resource, for resources that wait for it before it is registered. */
export class DeferredEtcdMembers {
  readonly #members: Promise<pulumi.Resource | undefined>;
  #resolve: (members: pulumi.Resource | undefined) => void = () => undefined;

  constructor() {
    this.#members = new Promise((resolve) => (this.#resolve = resolve));
  }

  /** Registers the control planes of a plan; an environment without any has no etcd members. */
  register(plan: EnvironmentPlan, link: EtcdLink): void {
    const all = controlPlanes(plan);
    this.#resolve(all.length === 0 ? undefined : members(plan, all, link));
  }

  /** Resolves when the resource is created. */
  async created(): Promise<void> {
    await created(await this.#members);
  }
}

function members(
  plan: EnvironmentPlan,
  all: readonly ServerPlan[],
  { provider, cluster, formedByServers, connection, parent }: EtcdLink,
): EtcdMembers {
  const each = formedByServers ? all : [];
  return new EtcdMembers(
    NAME,
    {
      cluster,
      formedBy: formedByServers ? "servers" : "others",
      members: Object.fromEntries(
        each.map(({ key, name }) => [
          key,
          { node: name, data: etcdData(plan, key), connection: connection(key) },
        ]),
      ),
    },
    { provider, ...under({ parent }) },
  );
}

function controlPlanes({ servers }: EnvironmentPlan): readonly ServerPlan[] {
  return servers.filter(({ role }) => role === "controlPlane");
}

/** Location of a control plane's etcd data. */
export function etcdData({ volumes }: EnvironmentPlan, key: string): "volume" | "rootDisk" {
  const own = volumes.some(
    ({ server, use }) => server === key && use.kind === "filesystem" && use.mountPoint === ETCD_FOLDER,
  );
  return own ? "volume" : "rootDisk";
}
