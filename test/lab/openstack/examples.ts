/** The environments that are brought up, and what has to be there before them. */
import { configured, type Json } from "./environment";
import type { NetworkIds, Tenancy } from "./openstack-lab";

export interface Example {
  /** Also of the project. */
  readonly name: string;
  readonly tenancies: readonly Tenancy[];
  readonly config: (ids: Readonly<Record<string, NetworkIds>>) => Json;
}

/** Of nobody: the private half was thrown away. */
const KEY =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICRjpJ/wn1rFsiBALdl7I1IAby5jHNWzrkUCt8IEJgM4 operator@example.org";

/** DL: on a network of its own project that was there before. */
export const DATALABS: Example = {
  name: "datalabs",
  tenancies: [
    {
      name: "datalabs",
      key_pair: { name: "datalabs", public: KEY },
      network: {
        name: "datalabs-internal",
        subnet: "datalabs-internal",
        cidr: "192.168.3.0/24",
        external: "external",
      },
    },
  ],
  config: () => configured("examples/datalabs"),
};

/** JH: its own network, Octavia for API and edge, a container; and a credential besides. */
export const JUPYTERHUB: Example = {
  name: "jupyterhub",
  tenancies: [{ name: "jupyterhub" }],
  config: () => ({
    ...configured("examples/jupyterhub"),
    applicationCredentials: { ccm: { roles: ["member", "load-balancer_member"] } },
  }),
};

/** SV: on a network that another project shares, so that addresses are assigned. */
export const WHOLE_SAVU: Example = {
  name: "savu",
  tenancies: [
    { name: "savu", key_pair: { name: "beamline", public: KEY } },
    {
      name: "facility",
      network: {
        name: "beamline",
        subnet: "beamline-subnet",
        cidr: "172.23.0.0/23",
        external: "public",
        share_with: "savu",
      },
    },
  ],
  config: (ids) => {
    const config = configured("examples/savu");
    return { ...config, network: { ...(config["network"] as Json), ids: ids["facility"] } };
  },
};

/**
 * The same with two of its 13 window ports: each is a listener, and each change of a balancer takes Octavia the longer
 * the more listeners it has (with 15 of them minutes in all).
 */
export const SAVU: Example = {
  ...WHOLE_SAVU,
  config: (ids) => {
    const config = WHOLE_SAVU.config(ids);
    const { window } = config["ports"] as { readonly window: Json };
    return { ...config, ports: { window: { ...window, to: Number(window["from"]) + 1 } } };
  },
};

/** Networks without encapsulation, boot volumes, data volumes, two Octavia balancers, servers by application. */
export const SKA: Example = {
  name: "ska",
  tenancies: [{ name: "ska" }],
  config: () => configured("examples/ska"),
};

/** Three zones, boot volumes, gateways with keepalived, WireGuard and a test window. */
export const MANAGED_KUBERNETES: Example = {
  name: "managed-kubernetes",
  tenancies: [{ name: "managed-kubernetes" }],
  config: () => configured("examples/managed-kubernetes"),
};
