/** What `inventory.py` prints. */
type ByName<Thing> = Readonly<Record<string, Thing>>;

export interface ServerFacts {
  readonly status: string;
  readonly flavor: string;
  /** Empty for a server that boots from a volume. */
  readonly image: string;
  /** Fixed ones. */
  readonly addresses: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: readonly string[];
  readonly key_pair: string;
  readonly zone: string;
  readonly host: string;
  readonly config_drive: boolean;
  /** As cloud-init reads it: unpacked. */
  readonly user_data: string;
  readonly volumes: readonly string[];
  /** Sizes in GiB. */
  readonly boot_volumes: readonly number[];
}

export interface PortFacts {
  readonly addresses: readonly string[];
  readonly status: string;
  readonly groups: readonly string[];
  readonly pairs: readonly string[];
  readonly port_security: boolean;
  readonly tags: readonly string[];
  readonly owner: string;
}

export interface RuleFacts {
  readonly direction: string;
  readonly ethertype: string;
  /** Empty for any. */
  readonly protocol: string;
  readonly min: number | null;
  readonly max: number | null;
  readonly cidr: string;
  /** Name of the remote group. */
  readonly group: string;
  readonly description: string;
}

export interface ListenerFacts {
  readonly protocol: string;
  readonly from: readonly string[];
  readonly status: string;
  /** Client data, member data, member connect, in milliseconds. */
  readonly timeouts: readonly number[];
  readonly pool: {
    readonly protocol: string;
    readonly algorithm: string;
    readonly members: readonly {
      readonly name: string;
      readonly address: string;
      readonly port: number;
      readonly monitor: number | null;
    }[];
    readonly monitor: {
      readonly type: string;
      readonly path: string | null;
      readonly delay: number;
      readonly timeout: number;
      readonly retries: number;
    };
  };
}

export interface Inventory {
  /** By kind and name: the id, and what Neutron and Nova count or date with every change. */
  readonly marks: ByName<ByName<string>>;
  /** `server dev-worker-0`: what exists more than once under one name. */
  readonly doubled: readonly string[];
  /** Boot volumes: Nova makes them, without a name. */
  readonly unnamed_volumes: number;
  readonly servers: ByName<ServerFacts>;
  readonly ports: ByName<PortFacts>;
  readonly networks: ByName<{ readonly mtu: number; readonly tags: readonly string[] }>;
  readonly subnets: ByName<{
    readonly cidr: string;
    readonly gateway: string;
    readonly dns: readonly string[];
    readonly pools: readonly { readonly start: string; readonly end: string }[];
  }>;
  readonly routers: ByName<{ readonly status: string; readonly external: string }>;
  readonly groups: ByName<readonly RuleFacts[]>;
  readonly server_groups: ByName<{
    readonly policies: readonly string[];
    readonly members: readonly string[];
  }>;
  readonly volumes: ByName<{
    readonly status: string;
    readonly size: number;
    readonly type: string;
    readonly metadata: Readonly<Record<string, string>>;
    readonly zone: string;
    readonly server: readonly string[];
  }>;
  /** By description. */
  readonly floating_ips: ByName<{
    readonly address: string;
    readonly status: string;
    readonly network: string;
    readonly fixed: string;
    readonly port: string;
    readonly tags: readonly string[];
  }>;
  readonly balancers: ByName<{
    readonly status: string;
    readonly vip: string;
    readonly groups: readonly string[];
    readonly listeners: ByName<ListenerFacts>;
  }>;
  readonly credentials: ByName<{
    readonly roles: readonly string[];
    readonly unrestricted: boolean;
    readonly expires: string | null;
  }>;
  readonly key_pairs: readonly string[];
  /** Their metadata. */
  readonly containers: ByName<Readonly<Record<string, string>>>;
}
