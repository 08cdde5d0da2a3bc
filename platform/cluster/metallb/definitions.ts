/** Definitions of MetalLB's resources: its configuration, and what it reports. All of release 0.16, as its programs read them. */
import type { OpenDefinition } from "../definitions";

export const METALLB_GROUP = "metallb.io";
export const METALLB_VERSION = "v1beta1";

const of = (plural: string, version = METALLB_VERSION): OpenDefinition => ({
  plural,
  version,
  namespaced: true,
  status: true,
});

/** By kind. */
export const METALLB_DEFINITIONS: Readonly<Record<string, OpenDefinition>> = {
  BFDProfile: of("bfdprofiles"),
  BGPAdvertisement: of("bgpadvertisements"),
  BGPPeer: of("bgppeers", "v1beta2"),
  Community: of("communities"),
  ConfigurationState: of("configurationstates"),
  IPAddressPool: of("ipaddresspools"),
  L2Advertisement: of("l2advertisements"),
  ServiceBGPStatus: of("servicebgpstatuses"),
  ServiceL2Status: of("servicel2statuses"),
};
