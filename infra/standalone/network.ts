/** A network by itself, for programs without an environment. */
import * as pulumi from "@pulumi/pulumi";
import { networkPlanOf } from "../../environment/standalone/network";
import { describe } from "../describe";
import { keys } from "../keys";
import { registerBelow } from "../register";

/** A network with one subnet, and a router to the outside. */
export interface LabNetworkProps {
  /** Addresses of the subnet: `192.168.3.0/24`. */
  readonly cidr: string;
  /** Name of the external network of the router. @default "public" */
  readonly externalNetwork?: string;
  /** Its id, with which a preview needs no cloud. @default looked up by name */
  readonly externalNetworkId?: string;
  /** Bytes. @default 1450, which suits VXLAN tenant networks */
  readonly mtu?: number;
  /** Addresses of name servers. @default the cloud's own */
  readonly dnsNameservers?: readonly string[];
  /** On network, subnet and router, in addition to `labstead` and the component's name. @default none */
  readonly tags?: readonly string[];
}

/**
 * A network with the properties of an environment's network: port security, and a subnet whose allocation pools exclude
 * the ranges of server addresses (in a /24 these are `.4` to `.223`).
 * @throws FindingsError with all problems of the props
 * @example
 * import { LabNetwork } from "labstead/infra";
 *
 * const network = new LabNetwork("lab", { cidr: "192.168.3.0/24", externalNetwork: "public" });
 */
export class LabNetwork extends pulumi.ComponentResource {
  /** Neutron's id; known once the router is connected to the network. */
  readonly networkId: pulumi.Output<string>;
  /** Neutron's id; known once the router is connected to the subnet. */
  readonly subnetId: pulumi.Output<string>;
  /** Addresses of the subnet, as given. */
  readonly cidr: string;

  constructor(name: string, props: LabNetworkProps, options: pulumi.ComponentResourceOptions = {}) {
    const plan = networkPlanOf(name, props);
    super("labstead:infra:LabNetwork", name, {}, options);
    const registered = registerBelow(this, name, { plan, described: describe(plan), values: new Map() });
    const { networkId, subnetId, resources } = registered;
    const routed = resources.get(keys.routerInterface);
    if (routed === undefined || networkId === undefined || subnetId === undefined)
      throw new Error("a network of its own has a subnet and a router");
    this.networkId = after(routed, networkId);
    this.subnetId = after(routed, subnetId);
    this.cidr = plan.network.cidr;
    this.registerOutputs({ networkId: this.networkId, subnetId: this.subnetId });
  }
}

/** Servers need the router to boot, and floating IPs to reach their ports. */
function after(routed: pulumi.CustomResource, id: pulumi.Output<string> | undefined): pulumi.Output<string> {
  if (id === undefined) throw new Error("a network of its own has an id");
  return pulumi.all([id, routed.id]).apply(([known]) => known);
}
