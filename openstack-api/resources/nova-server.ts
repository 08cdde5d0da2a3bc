/** Nova's servers. */
import { createHash } from "node:crypto";

import type { PlainMap } from "../../provider-protocol";
import { maps, text, texts } from "../../provider-protocol/plain";
import type { CreateOrder, UpdateOrder } from "../../provider-protocol/store";
import { toService } from "./fields";
import type { Kind } from "./kind";
import { flavorIdOf, imageIdOf } from "./lookups";
import { isStatus, orGone } from "../service-error";
import type { Call, Session } from "../session";
import { until } from "../wait";

/** Tags when it is made (2.52), types of boot volumes (2.67). */
const MAKING = nova("2.67");
/** Tags in answers (2.26), but the flavor still by its id (until 2.46). */
const READING = nova("2.26");

export function nova(version: string): Readonly<Record<string, string>> {
  return { "X-OpenStack-Nova-API-Version": version, "OpenStack-API-Version": `compute ${version}` };
}

/** What the official provider reports as the image of a server that boots from a volume. */
const BOOT_FROM_VOLUME = "Attempt to boot from volume - no image supplied";

export const SERVER: Required<Kind> = {
  async create(session, order) {
    const body = await serverBody(session, order);
    const call: Call = { method: "POST", path: "/servers", headers: MAKING, body, signal: order.signal };
    const id = text(await session.one("compute", "server", call), "id");
    try {
      await active(session, id, order.signal);
    } catch (error) {
      // A server in ERROR is of no use, and would hold its ports and name.
      await this.remove(session, id, order.signal, {});
      throw error;
    }
    const found = await this.read(session, id);
    return { id, outputs: { ...found?.outputs, ...hashedUserData(order.inputs) } };
  },

  async read(session, id) {
    const server = await serverOf(session, id);
    if (server === undefined || text(server, "status") === "DELETED") return undefined;
    const inputs = await inputsOf(session, id, server);
    const networks = maps(inputs, "networks");
    const address = (name: string): string =>
      text(
        networks.find((each) => text(each, name) !== ""),
        name,
      );
    const outputs = {
      ...inputs,
      accessIpV4: text(server, "accessIPv4") || address("fixedIpV4"),
      accessIpV6: text(server, "accessIPv6") || address("fixedIpV6"),
      allMetadata: server["metadata"] ?? {},
      allTags: texts(server, "tags"),
      securityGroups: [...new Set(maps(server, "security_groups").map((each) => text(each, "name")))],
      created: text(server, "created"),
      updated: text(server, "updated"),
      region: await session.region(),
    };
    return { id, inputs, outputs };
  },

  async update(session, order) {
    await resize(session, order);
    await rename(session, order);
    await setMetadata(session, order);
    const tags = { tags: [...new Set(texts(order.inputs, "tags"))] };
    await session.call("compute", {
      method: "PUT",
      path: `/servers/${order.id}/tags`,
      headers: READING,
      body: tags,
      signal: order.signal,
    });
  },

  async remove(session, id, signal, inputs) {
    if (inputs["stopBeforeDestroy"] === true) await stop(session, id, signal);
    await orGone(session.call("compute", { method: "DELETE", path: `/servers/${id}`, signal }));
    await until(`server ${id} to go`, signal, async () => {
      const server = await serverOf(session, id);
      if (text(server, "status") === "ERROR" && text(server, "OS-EXT-STS:task_state") === "")
        throw new Error(`server ${id} cannot be deleted: ${faultOf(server)}`);
      return server === undefined ? true : undefined;
    });
  },
};

/** What cannot be stopped is deleted all the same. Nova takes the power of what does not stop within 60 s. */
async function stop(session: Session, id: string, signal: AbortSignal): Promise<void> {
  try {
    await act(session, id, { "os-stop": null }, signal);
  } catch (error) {
    if (isStatus(error, 404, 409)) return;
    throw error;
  }
  await until(`server ${id} to stop`, signal, async () => {
    const status = text(await serverOf(session, id), "status");
    return status === "SHUTOFF" || status === "ERROR" || status === "" ? true : undefined;
  });
}

function serverOf(session: Session, id: string): Promise<PlainMap | undefined> {
  return orGone(session.one("compute", "server", { path: `/servers/${id}`, headers: READING }));
}

function faultOf(server: PlainMap | undefined): string {
  const [fault] = maps({ list: [server?.["fault"] ?? null] }, "list");
  return text(fault, "message") || "Nova gives no reason";
}

/** Waits for ACTIVE. @throws with Nova's reason when the server goes to ERROR instead */
async function active(session: Session, id: string, signal: AbortSignal): Promise<void> {
  await until(`server ${id} to become ACTIVE`, signal, async () => {
    const server = await session.one("compute", "server", { path: `/servers/${id}`, headers: READING });
    const status = text(server, "status");
    if (status === "ERROR") throw new Error(`Nova cannot make the server: ${faultOf(server)}`);
    return status === "ACTIVE" ? true : undefined;
  });
}

async function serverBody(session: Session, { inputs }: CreateOrder): Promise<PlainMap> {
  const [image, name] = [text(inputs, "imageId"), text(inputs, "imageName")];
  const imageRef = image !== "" || name === "" ? image : await imageIdOf(session, name);
  const hints = Object.assign({}, ...maps(inputs, "schedulerHints").map(hintsOf)) as PlainMap;
  const groups = texts(inputs, "securityGroups");
  const tags = [...new Set(texts(inputs, "tags"))];
  const server = {
    ...toService(SIMPLE, inputs),
    flavorRef: await flavorIdOf(session, inputs),
    ...(imageRef === "" ? {} : { imageRef }),
    networks: maps(inputs, "networks").map((each) =>
      toService({ port: "port", uuid: "uuid", fixedIpV4: "fixed_ip" }, each),
    ),
    block_device_mapping_v2: maps(inputs, "blockDevices").map((each) => toService(DEVICE, each)),
    ...(tags.length === 0 ? {} : { tags }),
    ...(groups.length === 0 ? {} : { security_groups: groups.map((group) => ({ name: group })) }),
  };
  return Object.keys(hints).length === 0 ? { server } : { server, "os:scheduler_hints": hints };
}

const SIMPLE = {
  name: "name",
  keyPair: "key_name",
  availabilityZone: "availability_zone",
  configDrive: "config_drive",
  userData: "user_data",
  metadata: "metadata",
  adminPass: "adminPass",
} as const;

const DEVICE = {
  bootIndex: "boot_index",
  sourceType: "source_type",
  uuid: "uuid",
  destinationType: "destination_type",
  volumeSize: "volume_size",
  volumeType: "volume_type",
  deleteOnTermination: "delete_on_termination",
  deviceType: "device_type",
  diskBus: "disk_bus",
  guestFormat: "guest_format",
} as const;

function hintsOf(hint: PlainMap): PlainMap {
  const fields = {
    group: "group",
    differentHosts: "different_host",
    sameHosts: "same_host",
    queries: "query",
  };
  return toService(fields, hint);
}

async function inputsOf(session: Session, id: string, server: PlainMap): Promise<PlainMap> {
  const [flavor, image] = ["flavor", "image"].map(
    (name) => maps({ list: [server[name] ?? null] }, "list")[0],
  );
  return {
    name: text(server, "name"),
    flavorId: text(flavor, "id"),
    flavorName: await nameOf(session, `/flavors/${text(flavor, "id")}`, "flavor"),
    ...(await imageInputs(session, text(image, "id"))),
    keyPair: text(server, "key_name"),
    availabilityZone: text(server, "OS-EXT-AZ:availability_zone"),
    metadata: server["metadata"] ?? {},
    tags: texts(server, "tags"),
    configDrive: text(server, "config_drive") === "True",
    powerState: text(server, "status") === "SHUTOFF" ? "shutoff" : "active",
    networks: await networksOf(session, id),
  };
}

/** The flavor of a server may have been deleted since. */
async function nameOf(session: Session, path: string, item: string): Promise<string> {
  return text(await orGone(session.one("compute", item, { path })), "name");
}

async function imageInputs(session: Session, id: string): Promise<PlainMap> {
  if (id === "") return { imageId: BOOT_FROM_VOLUME, imageName: "" };
  const image = await orGone(session.call("image", { path: `/images/${id}` }));
  return { imageId: id, imageName: text(image?.body, "name") };
}

async function networksOf(session: Session, id: string): Promise<readonly PlainMap[]> {
  const interfaces = await orGone(
    session.list("compute", "interfaceAttachments", `/servers/${id}/os-interface`),
  );
  return (interfaces ?? []).map((each) => {
    const addresses = maps(each, "fixed_ips").map((fixed) => text(fixed, "ip_address"));
    return {
      port: text(each, "port_id"),
      uuid: text(each, "net_id"),
      name: "",
      mac: text(each, "mac_addr"),
      fixedIpV4: addresses.find((address) => !address.includes(":")) ?? "",
      fixedIpV6: addresses.find((address) => address.includes(":")) ?? "",
      accessNetwork: false,
      floatingIp: "",
    };
  });
}

/** The official provider keeps only a hash of the user data in its outputs. */
function hashedUserData(inputs: PlainMap): PlainMap {
  const { userData } = inputs;
  return typeof userData === "string" ? { userData: createHash("sha1").update(userData).digest("hex") } : {};
}

async function resize(session: Session, { id, inputs, signal }: UpdateOrder): Promise<void> {
  const server = await session.one("compute", "server", { path: `/servers/${id}`, headers: READING, signal });
  const [flavor] = maps({ list: [server["flavor"] ?? null] }, "list");
  const wanted = await flavorIdOf(session, inputs);
  if (text(flavor, "id") === wanted) return;
  await act(session, id, { resize: { flavorRef: wanted } }, signal);
  await until(`server ${id} to be resized`, signal, async () => {
    const now = await session.one("compute", "server", { path: `/servers/${id}`, headers: READING });
    if (text(now, "status") === "ERROR") throw new Error(`Nova cannot resize the server: ${faultOf(now)}`);
    return text(now, "status") === "VERIFY_RESIZE" ? true : undefined;
  });
  await confirm(session, id, signal);
  await active(session, id, signal);
}

/** Nova may confirm by itself; then the state has moved on. */
async function confirm(session: Session, id: string, signal: AbortSignal): Promise<void> {
  try {
    await act(session, id, { confirmResize: null }, signal);
  } catch (error) {
    if (!isStatus(error, 400, 409)) throw error;
  }
}

async function act(session: Session, id: string, action: PlainMap, signal: AbortSignal): Promise<void> {
  await session.call("compute", { method: "POST", path: `/servers/${id}/action`, body: action, signal });
}

async function rename(session: Session, { id, inputs, signal }: UpdateOrder): Promise<void> {
  const body = { server: { name: text(inputs, "name") } };
  await session.call("compute", { method: "PUT", path: `/servers/${id}`, body, signal });
}

/** Replaces the whole of it: Nova's other call would keep what the program no longer sets. */
async function setMetadata(session: Session, { id, inputs, signal }: UpdateOrder): Promise<void> {
  const body = { metadata: inputs["metadata"] ?? {} };
  await session.call("compute", { method: "PUT", path: `/servers/${id}/metadata`, body, signal });
}
