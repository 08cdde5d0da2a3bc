/** A server by itself, for programs without an environment. */
import * as pulumi from "@pulumi/pulumi";
import type { Size } from "../../environment/schema/quantities";
import { describe } from "../describe";
import { registerBelow } from "../register";
import { referenceKey } from "../../values";
import type { LabNetwork } from "./network";
import { NETWORK_ID, serverPlanOf, SUBNET_ID } from "../../environment/standalone/server";

/** Traffic that a server admits. */
export interface AllowedTraffic {
  /** `198.51.100.0/24` */
  readonly from: string;
  /** @default "tcp" */
  readonly protocol?: "tcp" | "udp" | "icmp";
  /** One port, or the first of a range. @default all */
  readonly port?: number;
  /** The last of a range. @default the first */
  readonly lastPort?: number;
  /** Why it is open: the description of the rule in Neutron. */
  readonly reason: string;
}

/** A volume that is created with its server, and attached to it. */
export interface ServerVolumeProps {
  /** It can only grow: `100Gi`, `2Ti`. */
  readonly size: Size;
  /** Cinder volume type. @default the cloud's own */
  readonly type?: string;
  /** Whether a deletion is refused until this is set to false. @default true */
  readonly protect?: boolean;
}

/** A server in one network. */
export interface LabServerProps {
  /** A `LabNetwork`, or the ids of an existing network. */
  readonly network: LabNetwork | NetworkIds;
  /** Flavor in Nova. */
  readonly flavor: string;
  /** Name or id of the image; a running server keeps the image that it was created from. */
  readonly image: string;
  /** Name of the key pair in Nova that is authorized on the server. */
  readonly keyPair: string;
  /** In the subnet, outside its allocation pools. @default Neutron chooses */
  readonly address?: string;
  /** @default Nova chooses */
  readonly availabilityZone?: string;
  /** Boots from a Cinder volume of this size. @default the flavor's own disk */
  readonly bootVolume?: { readonly size: Size; readonly type?: string };
  /** By name, attached in this order. @default none */
  readonly volumes?: Readonly<Record<string, ServerVolumeProps>>;
  /** Admitted traffic; all other is refused. The server may connect to anywhere. @default none */
  readonly allow?: readonly AllowedTraffic[];
  /** Pool of a protected floating IP. @default none */
  readonly floatingIpPool?: string;
  /** For the first boot, in a format of cloud-init; a running server keeps its own. @default none */
  readonly userData?: string;
  /** Nova metadata. @default none */
  readonly metadata?: Readonly<Record<string, string>>;
  /** In addition to `labstead` and the component's name. @default none */
  readonly tags?: readonly string[];
  /** Incrementing it replaces the server by one with the current image and user data; its volumes stay. @default 1 */
  readonly generation?: number;
}

/** An existing network. */
export interface NetworkIds {
  /** Neutron's id. */
  readonly networkId: pulumi.Input<string>;
  /** Neutron's id. */
  readonly subnetId: pulumi.Input<string>;
}

/**
 * A server with the properties of an environment's servers: a port with its own security groups, volumes that outlive
 * it, changes that are applied to a running server only when `generation` is incremented.
 * @throws FindingsError with all problems of the props
 * @example
 * import { LabNetwork, LabServer } from "labstead/infra";
 *
 * const network = new LabNetwork("lab", { cidr: "192.168.3.0/24" });
 * const web = new LabServer("web", {
 *   network,
 *   flavor: "small",
 *   image: "ubuntu-24.04",
 *   keyPair: "operators",
 *   allow: [{ from: "198.51.100.0/24", port: 443, reason: "Users of the site" }],
 *   volumes: { data: { size: "100Gi" } },
 * });
 */
export class LabServer extends pulumi.ComponentResource {
  /** Nova's id. */
  readonly id: pulumi.Output<string>;
  /** In its network. */
  readonly address: pulumi.Output<string>;
  /** The public address; undefined without a pool. */
  readonly floatingIp: pulumi.Output<string> | undefined;
  /** Cinder's ids, by the names of the volumes. */
  readonly volumes: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, props: LabServerProps, options: pulumi.ComponentResourceOptions = {}) {
    const { network, userData, ...written } = props;
    const plan = serverPlanOf(name, written);
    const described = describe(plan, { userData: () => userData });
    super("labstead:infra:LabServer", name, {}, options);
    const registered = registerBelow(this, name, { plan, described, values: networkValues(network) });
    const server = registered.servers.get(name);
    if (server === undefined) throw new Error("the server of the plan is registered");
    this.id = server.id;
    this.address = server.address;
    this.floatingIp = registered.floatingIps.get(`server/${name}`);
    const volumes = [...registered.volumes].map(([key, id]) => [key.slice(name.length + 1), id] as const);
    this.volumes = Object.fromEntries(volumes);
    this.registerOutputs({ id: this.id, address: this.address, volumes: this.volumes });
  }
}

function networkValues({ networkId, subnetId }: NetworkIds): ReadonlyMap<string, pulumi.Output<unknown>> {
  return new Map([
    [referenceKey(NETWORK_ID), pulumi.output(networkId)],
    [referenceKey(SUBNET_ID), pulumi.output(subnetId)],
  ]);
}
