/** Neutron's bindings of one thing to another: a router's interfaces, a floating IP's port. */
import type { PlainMap } from "../../provider-protocol";
import { maps, text } from "../../provider-protocol/plain";
import * as t from "./tokens";
import type { Kind, Kinds } from "./kind";
import { orGone } from "../service-error";
import type { Session } from "../session";
import { whenFree } from "../wait";

/** Seconds to go on while floating IPs still need the interface. */
const IN_USE_SECONDS = 60;

function port(session: Session, id: string): Promise<PlainMap | undefined> {
  return orGone(session.one("network", "port", { path: `/ports/${id}` }));
}

/** Its id is that of the port. */
const ROUTER_INTERFACE: Kind = {
  async create(session, { inputs, signal }) {
    const [router, subnetId, portId] = ["routerId", "subnetId", "portId"].map((name) => text(inputs, name));
    const { body } = await session.call("network", {
      method: "PUT",
      path: `/routers/${router ?? ""}/add_router_interface`,
      body: portId === "" ? { subnet_id: subnetId ?? "" } : { port_id: portId ?? "" },
      signal,
    });
    const id = text(body, "port_id");
    return { id, outputs: (await this.read(session, id))?.outputs ?? {} };
  },
  async read(session, id) {
    const found = await port(session, id);
    if (found === undefined) return undefined;
    const [fixed] = maps(found, "fixed_ips");
    const inputs = { routerId: text(found, "device_id"), subnetId: text(fixed, "subnet_id") };
    return { id, inputs, outputs: { ...inputs, portId: id, region: await session.region() } };
  },
  async remove(session, id, signal) {
    const found = await port(session, id);
    if (found === undefined) return;
    const path = `/routers/${text(found, "device_id")}/remove_router_interface`;
    const remove = () =>
      orGone(session.call("network", { method: "PUT", path, body: { port_id: id }, signal }));
    await whenFree(`router interface ${id} to be free`, signal, remove, [409], IN_USE_SECONDS);
  },
};

/** Its id is that of the floating IP. */
const FLOATING_IP_ASSOCIATE: Kind = {
  async create(session, { inputs, signal }) {
    const address = text(inputs, "floatingIp");
    const path = `/floatingips?floating_ip_address=${encodeURIComponent(address)}`;
    const [floating] = await session.list("network", "floatingips", path);
    if (floating === undefined) throw new Error(`there is no floating IP ${address} in this project`);
    const id = text(floating, "id");
    await lead(session, id, inputs, signal);
    return { id, outputs: (await this.read(session, id))?.outputs ?? {} };
  },
  async read(session, id) {
    const found = await orGone(session.one("network", "floatingip", { path: `/floatingips/${id}` }));
    if (found === undefined || text(found, "port_id") === "") return undefined;
    const inputs = {
      floatingIp: text(found, "floating_ip_address"),
      portId: text(found, "port_id"),
      fixedIp: text(found, "fixed_ip_address"),
    };
    return { id, inputs, outputs: { ...inputs, region: await session.region() } };
  },
  async update(session, { id, inputs, signal }) {
    await lead(session, id, inputs, signal);
  },
  async remove(session, id, signal) {
    const body = { floatingip: { port_id: null } };
    await orGone(session.call("network", { method: "PUT", path: `/floatingips/${id}`, body, signal }));
  },
};

async function lead(session: Session, id: string, inputs: PlainMap, signal: AbortSignal): Promise<void> {
  const fixed = text(inputs, "fixedIp");
  const floatingip = {
    port_id: text(inputs, "portId"),
    ...(fixed === "" ? {} : { fixed_ip_address: fixed }),
  };
  await session.call("network", { method: "PUT", path: `/floatingips/${id}`, body: { floatingip }, signal });
}

export const ASSOCIATIONS: Kinds = {
  [t.ROUTER_INTERFACE]: ROUTER_INTERFACE,
  [t.FLOATING_IP_ASSOCIATE]: FLOATING_IP_ASSOCIATE,
};
