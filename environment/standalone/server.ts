/** The plan of one server, from what an engineer wrote. */
import { z } from "zod";
import { volumePlan } from "../plan/servers";
import type { AddressPlan, SecurityGroupPlan, ServerPlan } from "../plan/types";
import { cloudName, ipv4, itemKey, metadata, port, sourceCidr, tag, zoneName } from "../schema/primitives";
import { gibibytes, size } from "../schema/quantities";
import { address, reference, type Reference } from "../../values";
import type { InfraPlan } from "../plan/infra-plan";
import { checked, emptyPlan, NO_NETWORK } from "./plan";

/** Where the server's network is: known when that one is registered. */
export const NETWORK_ID: Reference = { kind: "output", name: "standalone/network-id" };
export const SUBNET_ID: Reference = { kind: "output", name: "standalone/subnet-id" };

const allowed = z
  .strictObject({
    from: sourceCidr,
    protocol: z.enum(["tcp", "udp", "icmp"]).default("tcp"),
    port: port.optional(),
    lastPort: port.optional(),
    reason: z.string().min(1, "is empty; say why it is open"),
  })
  .refine(
    ({ protocol, port: first }) => protocol !== "icmp" || first === undefined,
    "names a port of icmp, which has none; leave port out",
  )
  .refine(
    ({ port: first, lastPort }) => lastPort === undefined || (first !== undefined && first <= lastPort),
    "ends before it starts; write the first port as port, and the last one as lastPort",
  );
type Allowed = z.output<typeof allowed>;

const SCHEMA = z.strictObject({
  flavor: cloudName,
  image: cloudName,
  keyPair: cloudName,
  address: ipv4.optional(),
  availabilityZone: zoneName.optional(),
  bootVolume: z.strictObject({ size, type: cloudName.optional() }).optional(),
  volumes: z
    .record(itemKey, z.strictObject({ size, type: cloudName.optional(), protect: z.boolean().default(true) }))
    .default({}),
  allow: z.array(allowed).default([]),
  floatingIpPool: cloudName.optional(),
  metadata: metadata.default({}),
  tags: z.array(tag).default([]),
  generation: z.int().min(1, "is less than 1; the first generation is 1").default(1),
});
type Props = z.output<typeof SCHEMA>;

/** @throws FindingsError with everything that is wrong */
export function serverPlanOf(name: string, written: unknown): InfraPlan {
  const props = checked(SCHEMA, name, written);
  const server = serverOf(name, props);
  const volumes = Object.entries(props.volumes).map(([volume, settings]) =>
    volumePlan(volume, { ...settings, use: RAW }, server, { volumeZones: "any" }),
  );
  const network = {
    ...NO_NETWORK,
    ids: { network: named(NETWORK_ID), subnet: named(SUBNET_ID) },
  };
  const target = { kind: "server", server: name } as const;
  return {
    ...emptyPlan(name, props.tags, network),
    keyPair: { kind: "existing", name: props.keyPair },
    servers: [server],
    volumes,
    securityGroups: [groupOf(name, props.allow)],
    floatingIps:
      props.floatingIpPool === undefined
        ? []
        : [{ key: `server/${name}`, pool: props.floatingIpPool, target }],
  };
}

/** The volume's use is left to the set-up of the server. */
const RAW = { kind: "raw", device: "/dev/sdb" } as const;

function named({ kind, name }: Reference): string {
  return reference(kind, name).toString();
}

function serverOf(name: string, props: Props): ServerPlan {
  const { flavor, image, keyPair, availabilityZone, bootVolume, generation, tags } = props;
  return {
    key: name,
    role: "applicationServers",
    pool: name,
    slot: 0,
    name,
    address: addressOf(name, props.address),
    flavor,
    image,
    keyPair,
    ...(availabilityZone === undefined ? {} : { availabilityZone }),
    ...(bootVolume === undefined
      ? {}
      : {
          bootVolume: {
            sizeGiB: gibibytes(bootVolume.size),
            ...(bootVolume.type === undefined ? {} : { volumeType: bootVolume.type }),
          },
        }),
    securityGroups: [name],
    volumes: Object.keys(props.volumes).map((volume) => `${name}/${volume}`),
    allowedAddressPairs: [],
    floatingIp: props.floatingIpPool !== undefined,
    generation,
    metadata: props.metadata,
    tags,
    labels: {},
    taints: [],
    applications: [],
  };
}

function addressOf(name: string, ip: string | undefined): AddressPlan {
  return ip === undefined ? { kind: "assigned", value: address(`server/${name}`) } : { kind: "planned", ip };
}

function groupOf(name: string, allow: readonly Allowed[]): SecurityGroupPlan {
  return { key: name, name, description: `Who may come to ${name}`, rules: allow.map(ruleOf) };
}

function ruleOf({
  from,
  protocol,
  port: first,
  lastPort,
  reason,
}: Allowed): SecurityGroupPlan["rules"][number] {
  const ports = first === undefined ? "all" : `${first}-${lastPort ?? first}`;
  return {
    key: `${protocol}-${ports}-from-${from}`,
    protocol,
    ...(first === undefined ? {} : { portMin: first, portMax: lastPort ?? first }),
    remote: { kind: "cidr", cidr: from },
    reason,
  };
}
