/** Cinder, Octavia, Keystone, Glance, Swift. */
import { createHash, randomBytes } from "node:crypto";

import type { PlainMap } from "../../../provider-protocol";
import type { Behaviours, Draft } from "../local/draft";
import { PROJECT_ID, uuid } from "../local/identity";
import { maps, text } from "../../../provider-protocol/plain";
import type { CloudRecord } from "../local/record";
import type { World } from "../local/world";
import * as t from "../../../openstack-api/resources/tokens";
import { accompanyingPort, firstAddress, subnetsOf } from "./ports";

export const BLOCK_STORAGE: Behaviours = {
  [t.VOLUME]: { draw: drawVolume, live: volumeNow },
};

function drawVolume({ inputs, previous }: Draft): PlainMap {
  const [size, before] = [Number(inputs["size"]), Number(previous?.outputs["size"] ?? 0)];
  if (size < before)
    throw new Error(
      `400 InvalidInput: New size for extend must be greater than current size. (current: ${before}, extended: ${size}).`,
    );
  return {
    availabilityZone: inputs["availabilityZone"] ?? "nova",
    volumeType: inputs["volumeType"] ?? previous?.outputs["volumeType"] ?? "__DEFAULT__",
    attachments: [],
  };
}

function volumeNow(world: World, record: CloudRecord): PlainMap {
  const attachments = world.users(t.VOLUME, record.id, t.VOLUME_ATTACH).map((user) => ({
    id: record.id,
    instanceId: text(user.record.inputs, "instanceId"),
    device: text(user.record.outputs, "device"),
  }));
  return { attachments };
}

export const LOAD_BALANCING: Behaviours = {
  [t.LOAD_BALANCER]: { draw: drawLoadBalancer },
  [t.LISTENER]: { draw: drawListener },
  [t.POOL]: { draw: refuseHomelessPool },
  [t.MEMBER]: { draw: ({ inputs }) => ({ weight: inputs["weight"] ?? 1 }) },
  [t.MEMBERS]: { id: (inputs) => text(inputs, "poolId") },
  [t.MONITOR]: { draw: drawMonitor },
  [t.L7_RULE]: {
    draw: ({ world, inputs }) => ({
      listenerId: text(world.require(t.L7_POLICY, text(inputs, "l7policyId")).inputs, "listenerId"),
    }),
  },
};

/** The VIP is a port of its own, with an address of the subnet's allocation pools unless one is asked for. */
function drawLoadBalancer({ world, id, inputs, previous, claim }: Draft): PlainMap {
  if (previous !== undefined)
    return pick(previous.outputs, [
      "vipAddress",
      "vipNetworkId",
      "vipPortId",
      "vipSubnetId",
      "loadbalancerProvider",
    ]);
  const given = text(inputs, "vipPortId");
  const port = given === "" ? vipPort({ world, id, inputs, claim }) : world.require(t.PORT, given).outputs;
  const [fixed] = maps(port, "fixedIps");
  return {
    vipAddress: firstAddress(port) || firstAddress(port, 6),
    vipNetworkId: text(port, "networkId"),
    vipPortId: given === "" ? uuid(id, "vip") : given,
    vipSubnetId: text(fixed, "subnetId"),
    loadbalancerProvider: inputs["loadbalancerProvider"] ?? "amphora",
  };
}

function vipPort({ world, id, inputs, claim }: Pick<Draft, "world" | "id" | "inputs" | "claim">): PlainMap {
  const subnetId =
    text(inputs, "vipSubnetId") || (subnetsOf(world, text(inputs, "vipNetworkId"))[0]?.id ?? "");
  if (subnetId === "")
    throw new Error(
      "400 ValidationException: VIP must contain one of: vip_port_id, vip_network_id, vip_subnet_id.",
    );
  const address = text(inputs, "vipAddress");
  return accompanyingPort(world, claim, {
    id: uuid(id, "vip"),
    name: `octavia-lb-${id}`,
    networkId: text(world.require(t.SUBNET, subnetId).inputs, "networkId"),
    fixedIps: [address === "" ? { subnetId } : { subnetId, ipAddress: address }],
    securityGroupIds: [],
    deviceId: `lb-${id}`,
    deviceOwner: "Octavia",
  });
}

function pick(map: PlainMap, names: readonly string[]): PlainMap {
  return Object.fromEntries(names.map((name) => [name, map[name] ?? ""]));
}

/** Octavia's defaults for timeouts, in milliseconds. */
const LISTENER_DEFAULTS: PlainMap = {
  connectionLimit: -1,
  timeoutClientData: 50_000,
  timeoutMemberConnect: 5_000,
  timeoutMemberData: 50_000,
  timeoutTcpInspect: 0,
};

function drawListener({ world, id, inputs }: Draft): PlainMap {
  const [lb, port] = [text(inputs, "loadbalancerId"), Number(inputs["protocolPort"])];
  const twin = world.users(t.LOAD_BALANCER, lb, t.LISTENER).find(({ record }) => {
    return (
      record.id !== id &&
      record.inputs["protocolPort"] === port &&
      overTransport(record.inputs) === overTransport(inputs)
    );
  });
  if (twin !== undefined)
    throw new Error(
      `409 DuplicateListenerEntry: Another Listener on this Load Balancer is already using protocol_port ${port}`,
    );
  return { ...LISTENER_DEFAULTS, ...inputs };
}

/** A port may be listened on once over TCP and once over UDP. */
function overTransport(inputs: PlainMap): string {
  return text(inputs, "protocol") === "UDP" ? "udp" : "tcp";
}

function refuseHomelessPool({ inputs }: Draft): PlainMap {
  if (text(inputs, "listenerId") !== "" || text(inputs, "loadbalancerId") !== "") return {};
  throw new Error("400 ValidationException: a pool needs one of listenerId and loadbalancerId");
}

function drawMonitor({ world, id, inputs }: Draft): PlainMap {
  const poolId = text(inputs, "poolId");
  const twin = world.users(t.POOL, poolId, t.MONITOR).find(({ record }) => record.id !== id);
  if (twin !== undefined)
    throw new Error(`409 DuplicateHealthMonitor: This pool already has a health monitor (pool ${poolId})`);
  const web = text(inputs, "type").startsWith("HTTP");
  return {
    maxRetriesDown: 3,
    ...(web ? { httpMethod: "GET", urlPath: "/", expectedCodes: "200" } : {}),
    ...inputs,
  };
}

export const IDENTITY: Behaviours = {
  [t.APPLICATION_CREDENTIAL]: { draw: drawApplicationCredential },
};

function drawApplicationCredential({ world, id, inputs, previous }: Draft): PlainMap {
  const name = text(inputs, "name");
  if (world.named(t.APPLICATION_CREDENTIAL, name).some((record) => record.id !== id)) {
    throw new Error(
      `409 Conflict: Conflict occurred attempting to store application_credential - Duplicate entry found with name ${name}.`,
    );
  }
  const secret =
    previous === undefined ? { secret: text(inputs, "secret") || randomBytes(64).toString("base64url") } : {};
  return { ...secret, projectId: PROJECT_ID, roles: inputs["roles"] ?? ["member"] };
}

export const IMAGES_AND_OBJECTS: Behaviours = {
  [t.IMAGE]: { draw: drawImage },
  [t.CONTAINER]: { id: (inputs) => text(inputs, "name") },
};

function drawImage({ id, inputs, previous }: Draft): PlainMap {
  const now = text(previous?.outputs, "createdAt") || new Date().toISOString();
  return {
    imageId: id,
    checksum: createHash("md5")
      .update(text(inputs, "imageSourceUrl") || text(inputs, "localFilePath"))
      .digest("hex"),
    createdAt: now,
    updatedAt: now,
    updateAt: now,
    file: `/v2/images/${id}/file`,
    schema: "/v2/schemas/image",
    owner: PROJECT_ID,
    status: "active",
    metadata: {},
    properties: inputs["properties"] ?? {},
  };
}
