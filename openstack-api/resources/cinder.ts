/** Cinder's volumes. */
import type { PlainMap } from "../../provider-protocol";
import { maps, text } from "../../provider-protocol/plain";
import * as t from "./tokens";
import { fromService, toService } from "./fields";
import type { Kind, Kinds } from "./kind";
import { volumeStatus } from "./nova";
import { orGone } from "../service-error";
import type { Session } from "../session";
import { until, whenFree } from "../wait";

const FIELDS = {
  name: "name",
  description: "description",
  size: "size",
  volumeType: "volume_type",
  availabilityZone: "availability_zone",
  metadata: "metadata",
  imageId: "imageRef",
  snapshotId: "snapshot_id",
  sourceVolId: "source_volid",
} as const;

/** Growing a volume that is attached (Cinder 3.42). */
const ONLINE_RESIZE = { "OpenStack-API-Version": "volume 3.42" };

const VOLUME: Kind = {
  async create(session, { inputs, signal }) {
    const body = { volume: toService(FIELDS, inputs) };
    const made = await session.one("volume", "volume", { method: "POST", path: "/volumes", body, signal });
    const id = text(made, "id");
    try {
      await volumeStatus(session, id, "available", signal);
    } catch (error) {
      await this.remove(session, id, signal, {});
      throw error;
    }
    return { id, outputs: (await this.read(session, id))?.outputs ?? {} };
  },
  async read(session, id) {
    const found = await volumeOf(session, id);
    if (found === undefined) return undefined;
    const inputs = fromService(FIELDS, found);
    const attachments = maps(found, "attachments").map((each) => ({
      id,
      instanceId: text(each, "server_id"),
      device: text(each, "device"),
    }));
    return { id, inputs, outputs: { ...inputs, attachments, region: await session.region() } };
  },
  async update(session, { id, inputs, signal }) {
    const volume = {
      name: text(inputs, "name"),
      description: text(inputs, "description"),
      ...(inputs["metadata"] === undefined ? {} : { metadata: inputs["metadata"] }),
    };
    await session.call("volume", { method: "PUT", path: `/volumes/${id}`, body: { volume }, signal });
    await grow(session, id, inputs, signal);
  },
  async remove(session, id, signal) {
    // A volume that is just being detached is refused with 400.
    const remove = () => orGone(session.call("volume", { method: "DELETE", path: `/volumes/${id}`, signal }));
    await whenFree(`volume ${id} to be free`, signal, remove, [400, 409], BUSY_SECONDS);
    await until(`volume ${id} to go`, signal, async () => {
      const volume = await volumeOf(session, id);
      if (text(volume, "status") === "error_deleting") throw new Error(`volume ${id} cannot be deleted`);
      return volume === undefined ? true : undefined;
    });
  },
};

/** Seconds to go on trying while a volume is being detached. */
const BUSY_SECONDS = 60;

function volumeOf(session: Session, id: string): Promise<PlainMap | undefined> {
  return orGone(session.one("volume", "volume", { path: `/volumes/${id}` }));
}

async function grow(session: Session, id: string, inputs: PlainMap, signal: AbortSignal): Promise<void> {
  const before = await session.one("volume", "volume", { path: `/volumes/${id}`, signal });
  const size = Number(inputs["size"]);
  if (before["size"] === size) return;
  const attached = text(before, "status") === "in-use";
  if (attached && inputs["enableOnlineResize"] !== true)
    throw new Error(`volume ${id} is attached; it grows only with enableOnlineResize`);
  await session.call("volume", {
    method: "POST",
    path: `/volumes/${id}/action`,
    headers: ONLINE_RESIZE,
    body: { "os-extend": { new_size: size } },
    signal,
  });
  await until(`volume ${id} to grow`, signal, async () => {
    const now = await session.one("volume", "volume", { path: `/volumes/${id}`, signal });
    const status = text(now, "status");
    if (status.startsWith("error")) throw new Error(`volume ${id} has status ${status}`);
    return now["size"] === size && status === text(before, "status") ? true : undefined;
  });
}

export const CINDER: Kinds = { [t.VOLUME]: VOLUME };
