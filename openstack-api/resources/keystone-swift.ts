/** Keystone's application credentials and Swift's containers. */
import type { PlainMap } from "../../provider-protocol";
import { isMap } from "../../provider-protocol";
import { maps, text } from "../../provider-protocol/plain";
import * as t from "./tokens";
import type { Kind, Kinds } from "./kind";
import { isStatus, orGone } from "../service-error";
import type { Session } from "../session";

const APPLICATION_CREDENTIAL: Kind = {
  async create(session, { inputs, signal }) {
    const roles = inputs["roles"];
    const credential = {
      name: text(inputs, "name"),
      description: text(inputs, "description"),
      unrestricted: inputs["unrestricted"] === true,
      ...(Array.isArray(roles) ? { roles: (roles as readonly string[]).map((name) => ({ name })) } : {}),
      ...(text(inputs, "expiresAt") === "" ? {} : { expires_at: text(inputs, "expiresAt") }),
      ...(text(inputs, "secret") === "" ? {} : { secret: text(inputs, "secret") }),
    };
    const made = await session.one("identity", "application_credential", {
      method: "POST",
      path: await credentialsPath(session),
      body: { application_credential: credential },
      signal,
    });
    const id = text(made, "id");
    const found = await this.read(session, id);
    return { id, outputs: { ...found?.outputs, secret: text(made, "secret") } };
  },
  async read(session, id) {
    const path = `${await credentialsPath(session)}/${id}`;
    const found = await orGone(session.one("identity", "application_credential", { path }));
    if (found === undefined) return undefined;
    const inputs = {
      name: text(found, "name"),
      description: text(found, "description"),
      unrestricted: found["unrestricted"] === true,
      roles: maps(found, "roles").map((role) => text(role, "name")),
      ...(text(found, "expires_at") === "" ? {} : { expiresAt: withZone(text(found, "expires_at")) }),
    };
    const outputs = { ...inputs, projectId: text(found, "project_id"), region: await session.region() };
    return { id, inputs, outputs };
  },
  async remove(session, id, signal) {
    const path = `${await credentialsPath(session)}/${id}`;
    await orGone(session.call("identity", { method: "DELETE", path, signal }));
  },
};

async function credentialsPath(session: Session): Promise<string> {
  return `/users/${await session.userId()}/application_credentials`;
}

/** Keystone reports times in UTC, with microseconds and without a zone. */
function withZone(time: string): string {
  return `${time.replace(/\.\d+$/, "")}Z`;
}

/** Its id is its name. Objects in it are the user's: only `forceDestroy` takes them along. */
const CONTAINER: Required<Kind> = {
  async create(session, { inputs, signal }) {
    const name = text(inputs, "name");
    await session.call("objectStore", {
      method: "PUT",
      path: pathOf(name),
      headers: headersOf(inputs),
      signal,
    });
    return { id: name, outputs: { ...inputs, ...(await this.read(session, name))?.outputs } };
  },
  async read(session, id) {
    const reply = await orGone(session.call("objectStore", { method: "HEAD", path: pathOf(id) }));
    if (reply === undefined) return undefined;
    const metadata = Object.fromEntries(
      [...reply.headers.entries()]
        .filter(([name]) => name.startsWith(METADATA))
        .map(([name, value]) => [name.slice(METADATA.length), value]),
    );
    const versioning = reply.headers.get("x-versions-enabled") === "True";
    const inputs = { name: id, metadata, versioning };
    return { id, inputs, outputs: { ...inputs, region: await session.region() } };
  },
  async update(session, { id, inputs, signal }) {
    const headers = headersOf(inputs);
    await session.call("objectStore", { method: "POST", path: pathOf(id), headers, signal });
  },
  async remove(session, id, signal) {
    try {
      await orGone(session.call("objectStore", { method: "DELETE", path: pathOf(id), signal }));
    } catch (error) {
      if (!isStatus(error, 409)) throw error;
      throw new Error(`container ${id} still holds objects; remove them first, or set forceDestroy`, {
        cause: error,
      });
    }
  },
};

const METADATA = "x-container-meta-";

function pathOf(container: string): string {
  return `/${encodeURIComponent(container)}`;
}

function headersOf(inputs: PlainMap): Readonly<Record<string, string>> {
  const metadata = isMap(inputs["metadata"]) ? Object.entries(inputs["metadata"]) : [];
  return {
    ...Object.fromEntries(
      metadata.map(([name, value]) => [
        `${METADATA}${name}`,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
    ...(inputs["versioning"] === undefined
      ? {}
      : { "x-versions-enabled": String(inputs["versioning"] === true) }),
  };
}

export const KEYSTONE_AND_SWIFT: Kinds = {
  [t.APPLICATION_CREDENTIAL]: APPLICATION_CREDENTIAL,
  [t.CONTAINER]: CONTAINER,
};
