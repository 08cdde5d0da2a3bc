/** Nova: servers, key pairs, attachments. */
import { createHash, generateKeyPair } from "node:crypto";
import { promisify } from "node:util";

import type { PlainMap } from "../../../provider-protocol";
import { sshFingerprints, sshPublic } from "../../keys/ssh";
import type { Behaviours, Draft } from "../local/draft";
import { USER_ID, uuid } from "../local/identity";
import { maps, text } from "../../../provider-protocol/plain";
import type { CloudRecord } from "../local/record";
import type { World } from "../local/world";
import * as t from "../../../openstack-api/resources/tokens";
import { existingNetwork } from "./existing";
import { requireFloatingIp } from "./networking";
import { accompanyingPort, firstAddress } from "./ports";

const newKeyPair = promisify(generateKeyPair);

export const COMPUTE: Behaviours = {
  [t.INSTANCE]: { draw: drawInstance },
  [t.KEYPAIR]: { id: (inputs) => text(inputs, "name"), draw: drawKeypair },
  [t.SERVER_GROUP]: { live: serverGroupNow },
  [t.VOLUME_ATTACH]: {
    id: (inputs) => `${text(inputs, "instanceId")}/${text(inputs, "volumeId")}`,
    draw: drawVolumeAttach,
  },
  [t.INTERFACE_ATTACH]: {
    id: (inputs, fresh) => `${text(inputs, "instanceId")}/${text(inputs, "portId") || fresh()}`,
    draw: drawInterfaceAttach,
  },
  [t.COMPUTE_FLOATING_IP_ASSOCIATE]: {
    id: (inputs) => ["floatingIp", "instanceId", "fixedIp"].map((name) => text(inputs, name)).join("/"),
    draw: ({ world, inputs }) => ({
      floatingIp: text(requireFloatingIp(world, text(inputs, "floatingIp")).outputs, "address"),
    }),
  },
  [t.FLAVOR]: { draw: ({ id, inputs }) => ({ flavorId: text(inputs, "flavorId") || id }) },
};

function drawInstance(draft: Draft): PlainMap {
  const { inputs, previous } = draft;
  const networks = previous === undefined ? attachNetworks(draft) : maps(previous.outputs, "networks");
  const access = networks.find((network) => network["accessNetwork"] === true) ?? networks[0];
  const now = new Date().toISOString();
  return {
    ...flavorOf(draft),
    ...imageOf(draft),
    ...(typeof inputs["userData"] === "string" ? { userData: sha1(inputs["userData"]) } : {}),
    networks,
    accessIpV4: text(inputs, "accessIpV4") || text(access, "fixedIpV4"),
    accessIpV6: text(inputs, "accessIpV6") || text(access, "fixedIpV6"),
    availabilityZone:
      text(inputs, "availabilityZone").split(":")[0] || text(previous?.outputs, "availabilityZone") || "nova",
    securityGroups:
      inputs["securityGroups"] ??
      previous?.outputs["securityGroups"] ??
      (networks.length > 0 ? ["default"] : []),
    allMetadata: inputs["metadata"] ?? {},
    powerState: inputs["powerState"] ?? "active",
    created: text(previous?.outputs, "created") || now,
    updated: now,
  };
}

/** The provider keeps only a hash of the user data in its outputs. */
function sha1(content: string): string {
  return createHash("sha1").update(content).digest("hex");
}

function attachNetworks(draft: Draft): readonly PlainMap[] {
  return maps(draft.inputs, "networks").map((network, index) => attachNetwork(draft, network, index));
}

function attachNetwork(draft: Draft, network: PlainMap, index: number): PlainMap {
  const { world } = draft;
  const given = text(network, "port");
  const port = given === "" ? newPort(draft, network, index) : freePort(world, given, draft.id);
  const networkId = text(port, "networkId");
  return {
    accessNetwork: network["accessNetwork"] ?? false,
    port: given === "" ? text(port, "id") : given,
    uuid: networkId,
    name: text(world.get(t.NETWORK, networkId)?.outputs, "name"),
    mac: text(port, "macAddress"),
    fixedIpV4: firstAddress(port),
    fixedIpV6: firstAddress(port, 6),
    floatingIp: "",
  };
}

function newPort({ world, id, claim }: Draft, network: PlainMap, index: number): PlainMap {
  const named = text(network, "uuid") || existingNetwork(world, text(network, "name")).id;
  const fixed = text(network, "fixedIpV4");
  const port = {
    id: uuid(id, "port", String(index)),
    name: "",
    networkId: named,
    securityGroupIds: [],
    deviceId: id,
    deviceOwner: "compute:nova",
  };
  const outputs = accompanyingPort(world, claim, {
    ...port,
    fixedIps: fixed === "" ? [] : [{ ipAddress: fixed }],
  });
  return { ...outputs, id: port.id };
}

/** The outputs of a port that no other server has. */
function freePort(world: World, portId: string, instanceId: string): PlainMap {
  const port = world.require(t.PORT, portId);
  const user = world.users(t.PORT, portId, t.INSTANCE).find(({ record }) => record.id !== instanceId);
  if (user !== undefined) throw new Error(`409 PortInUse: Port ${portId} is still in use.`);
  return port.outputs;
}

/** A server is described by name or id of its flavor; the provider completes the other one. */
function flavorOf({ world, inputs }: Draft): PlainMap {
  const [id, name] = [text(inputs, "flavorId"), text(inputs, "flavorName")];
  if (id === "" && name === "") throw new Error("400 BadRequest: one of flavorId and flavorName must be set");
  const [own] = world.named(t.FLAVOR, name);
  if (name !== "") return { flavorName: name, flavorId: own?.id ?? uuid("flavor", name) };
  return { flavorId: id, flavorName: text(world.get(t.FLAVOR, id)?.outputs, "name") };
}

/** What the provider reports as the image of a server that boots from a volume. */
const BOOT_FROM_VOLUME = "Attempt to boot from volume - no image supplied";

function imageOf({ world, inputs }: Draft): PlainMap {
  const [id, name] = [text(inputs, "imageId"), text(inputs, "imageName")];
  const devices = maps(inputs, "blockDevices");
  for (const device of devices) {
    if (device["sourceType"] === "volume") world.require(t.VOLUME, text(device, "uuid"));
  }
  if (id === "" && name === "") {
    if (devices.length === 0)
      throw new Error("400 BadRequest: one of imageId, imageName and blockDevices must be set");
    return { imageId: BOOT_FROM_VOLUME, imageName: "" };
  }
  if (name !== "")
    return { imageName: name, imageId: id || (world.named(t.IMAGE, name)[0]?.id ?? uuid("image", name)) };
  return { imageId: id, imageName: text(world.get(t.IMAGE, id)?.outputs, "name") };
}

async function drawKeypair({ world, inputs, id, previous }: Draft): Promise<PlainMap> {
  if (previous === undefined && world.get(t.KEYPAIR, id) !== undefined)
    throw new Error(`409 KeyPairExists: Key pair '${id}' already exists.`);
  const given = text(inputs, "publicKey") || text(previous?.outputs, "publicKey");
  if (given !== "")
    return { publicKey: given, fingerprint: sshFingerprints(given).md5, privateKey: "", userId: USER_ID };
  // Nova makes RSA keys of 2048 bits.
  const pair = await newKeyPair("rsa", { modulusLength: 2048 });
  const { openssh, md5 } = sshPublic(pair.publicKey);
  const privateKey = pair.privateKey.export({ type: "pkcs1", format: "pem" }).toString();
  return { publicKey: `${openssh.trim()} Generated-by-Nova`, fingerprint: md5, privateKey, userId: USER_ID };
}

function serverGroupNow(world: World, record: CloudRecord): PlainMap {
  const members = world.users(t.SERVER_GROUP, record.id).map((user) => user.record.id);
  return { members: members.sort() };
}

function drawVolumeAttach({ world, id, inputs, previous }: Draft): PlainMap {
  const volumeId = text(inputs, "volumeId");
  const other = world.users(t.VOLUME, volumeId, t.VOLUME_ATTACH).find(({ record }) => record.id !== id);
  if (other !== undefined && inputs["multiattach"] !== true) {
    throw new Error(`400 InvalidVolume: volume ${volumeId} is already attached to an instance`);
  }
  if (previous !== undefined) return { device: text(previous.outputs, "device") };
  return { device: text(inputs, "device") || nextDevice(world, text(inputs, "instanceId")) };
}

/** /dev/vda is the root disk. */
function nextDevice(world: World, instanceId: string): string {
  const attached = world.users(t.INSTANCE, instanceId).map(({ record }) => text(record.outputs, "device"));
  const letter = "bcdefghijklmnopqrstuvwxyz"
    .split("")
    .find((candidate) => !attached.includes(`/dev/vd${candidate}`));
  if (letter === undefined) throw new Error(`400 BadRequest: instance ${instanceId} has no free device name`);
  return `/dev/vd${letter}`;
}

function drawInterfaceAttach(draft: Draft): PlainMap {
  const { world, id, inputs, previous, claim } = draft;
  if (previous !== undefined) return previous.outputs;
  const [instanceId = "", portId = ""] = id.split("/");
  const given = text(inputs, "portId");
  if (given !== "") {
    const port = freePort(world, given, instanceId);
    return { portId: given, networkId: text(port, "networkId"), fixedIp: firstAddress(port) };
  }
  const wish = text(inputs, "fixedIp");
  const outputs = accompanyingPort(world, claim, {
    id: portId,
    name: "",
    networkId: text(inputs, "networkId"),
    fixedIps: wish === "" ? [] : [{ ipAddress: wish }],
    securityGroupIds: [],
    deviceId: instanceId,
    deviceOwner: "compute:nova",
  });
  return { portId, networkId: text(outputs, "networkId"), fixedIp: firstAddress(outputs) };
}
