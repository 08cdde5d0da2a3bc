/** Nova beside its servers: key pairs, server groups, attachments of volumes. */
import type { PlainMap } from "../../provider-protocol";
import { maps, text, texts } from "../../provider-protocol/plain";
import * as t from "./tokens";
import type { Kind, Kinds } from "./kind";
import { nova, SERVER } from "./nova-server";
import { isStatus, orGone } from "../service-error";
import type { Session } from "../session";
import { until } from "../wait";

/** Its id is its name. */
const KEYPAIR: Kind = {
  async create(session, { inputs, signal }) {
    const publicKey = text(inputs, "publicKey");
    const name = text(inputs, "name");
    const keypair = { name, ...(publicKey === "" ? {} : { public_key: publicKey }) };
    const call = { method: "POST", path: "/os-keypairs", body: { keypair }, signal } as const;
    const made = await session.one("compute", "keypair", call);
    const found = await this.read(session, name);
    return { id: name, outputs: { ...found?.outputs, privateKey: text(made, "private_key") } };
  },
  async read(session, id) {
    const path = `/os-keypairs/${encodeURIComponent(id)}`;
    const found = await orGone(session.one("compute", "keypair", { path }));
    if (found === undefined) return undefined;
    const inputs = { name: id, publicKey: text(found, "public_key") };
    const outputs = {
      ...inputs,
      fingerprint: text(found, "fingerprint"),
      userId: text(found, "user_id"),
      region: await session.region(),
    };
    return { id, inputs, outputs };
  },
  async remove(session, id, signal) {
    const path = `/os-keypairs/${encodeURIComponent(id)}`;
    await orGone(session.call("compute", { method: "DELETE", path, signal }));
  },
};

/** Soft policies came with 2.15; from 2.64 on there is one policy, with rules. */
const POLICIES = nova("2.15");

const SERVER_GROUP: Kind = {
  async create(session, { inputs, signal }) {
    const server_group = { name: text(inputs, "name"), policies: texts(inputs, "policies") };
    const made = await session.one("compute", "server_group", {
      method: "POST",
      path: "/os-server-groups",
      headers: POLICIES,
      body: { server_group },
      signal,
    });
    const id = text(made, "id");
    return { id, outputs: (await this.read(session, id))?.outputs ?? {} };
  },
  async read(session, id) {
    const path = `/os-server-groups/${id}`;
    const found = await orGone(session.one("compute", "server_group", { path, headers: POLICIES }));
    if (found === undefined) return undefined;
    const inputs = { name: text(found, "name"), policies: texts(found, "policies") };
    const members = [...texts(found, "members")].sort();
    return { id, inputs, outputs: { ...inputs, members, rules: {}, region: await session.region() } };
  },
  async remove(session, id, signal) {
    await orGone(session.call("compute", { method: "DELETE", path: `/os-server-groups/${id}`, signal }));
  },
};

/** Its id is that of the server, a slash and that of the volume. */
const VOLUME_ATTACH: Kind = {
  async create(session, { inputs, signal }) {
    const [server, volume, device] = ["instanceId", "volumeId", "device"].map((name) => text(inputs, name));
    const volumeAttachment = { volumeId: volume ?? "", ...(device === "" ? {} : { device: device ?? "" }) };
    const path = `/servers/${server ?? ""}/os-volume_attachments`;
    await session.call("compute", { method: "POST", path, body: { volumeAttachment }, signal });
    await volumeStatus(session, volume ?? "", "in-use", signal);
    const id = `${server ?? ""}/${volume ?? ""}`;
    return { id, outputs: (await this.read(session, id))?.outputs ?? {} };
  },
  async read(session, id) {
    const found = await attachment(session, id);
    if (found === undefined) return undefined;
    const inputs = {
      instanceId: text(found, "serverId"),
      volumeId: text(found, "volumeId"),
      device: text(found, "device"),
    };
    return { id, inputs, outputs: { ...inputs, region: await session.region() } };
  },
  async remove(session, id, signal) {
    const path = attachmentPath(id);
    await until(`the attachment ${id} to be free`, signal, async () => {
      try {
        await orGone(session.call("compute", { method: "DELETE", path, signal }));
        return true;
      } catch (error) {
        // The server or the volume is busy just now.
        if (isStatus(error, 409)) return undefined;
        throw error;
      }
    });
    await until(`the attachment ${id} to go`, signal, async () =>
      (await attachment(session, id)) === undefined ? true : undefined,
    );
  },
};

function attachmentPath(id: string): string {
  const [server = "", volume = ""] = id.split("/");
  return `/servers/${server}/os-volume_attachments/${volume}`;
}

function attachment(session: Session, id: string): Promise<PlainMap | undefined> {
  return orGone(session.one("compute", "volumeAttachment", { path: attachmentPath(id) }));
}

/** Waits until a volume has a status. @throws when it has failed instead */
export async function volumeStatus(
  session: Session,
  id: string,
  wanted: string,
  signal: AbortSignal,
): Promise<void> {
  await until(`volume ${id} to become ${wanted}`, signal, async () => {
    const volume = await session.one("volume", "volume", { path: `/volumes/${id}`, signal });
    const status = text(volume, "status");
    if (status.startsWith("error")) throw new Error(`volume ${id} has status ${status}`);
    return status === wanted && (wanted !== "available" || maps(volume, "attachments").length === 0)
      ? true
      : undefined;
  });
}

export const NOVA: Kinds = {
  [t.INSTANCE]: SERVER,
  [t.KEYPAIR]: KEYPAIR,
  [t.SERVER_GROUP]: SERVER_GROUP,
  [t.VOLUME_ATTACH]: VOLUME_ATTACH,
};
