/**
 * Looks for what a project has in a real OpenStack: a service's list, narrowed by what it can be narrowed by, each entry
 * then compared as a whole.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { PlainMap } from "../../provider-protocol";
import { loginOf } from "../clouds";
import type { CloudChoice } from "../clouds";
import { covers } from "./fields";
import { Session } from "../session";
import type { Service } from "../session";
import { RealOpenStack } from "./store";
import * as t from "./tokens";
import { text } from "../../provider-protocol/plain";

/** How a service reports the status of a resource. */
type Condition =
  | "there"
  /** It is still being made: how it ends is not known. */
  | "underway"
  /** It came to nothing, and is only there to be deleted. */
  | "broken"
  /** It is being deleted. */
  | "leaving";

/** Where a type's resources are listed. */
interface Collection {
  readonly service: Service;
  /** Of the list in the answer. */
  readonly name: string;
  /** May list too much. */
  path(inputs: PlainMap, session: Session): string | Promise<string>;
  /** A list without links to its next part: it is asked for by number. */
  readonly numbered?: true;
  /** @default all that is listed is there */
  readonly condition?: (listed: PlainMap) => Condition;
}

/** Something that was found. */
export interface FoundResource {
  readonly id: string;
  /** It came to nothing, such as a server in ERROR. */
  readonly broken?: true;
}

/** Query parameters of a service, and the inputs that they take. */
type Narrowed = Readonly<Record<string, string>>;

const COLLECTIONS: Readonly<Record<string, Collection>> = {
  [t.VOLUME]: { ...place("volume", "volumes", "/volumes/detail", { name: "name" }), condition: ofVolume },
  // The name is a pattern there.
  [t.INSTANCE]: { ...place("compute", "servers", "/servers/detail", {}), condition: ofServer },
  [t.SERVER_GROUP]: { ...place("compute", "server_groups", "/os-server-groups", {}), numbered: true },
  [t.NETWORK]: own("networks", "/networks", { name: "name" }),
  [t.SUBNET]: own("subnets", "/subnets", { name: "name", network_id: "networkId" }),
  [t.ROUTER]: own("routers", "/routers", { name: "name" }),
  [t.ROUTER_INTERFACE]: place("network", "ports", "/ports", { device_id: "routerId" }),
  [t.PORT]: own("ports", "/ports", { name: "name", network_id: "networkId" }),
  [t.SEC_GROUP]: own("security_groups", "/security-groups", { name: "name" }),
  [t.SEC_GROUP_RULE]: place("network", "security_group_rules", "/security-group-rules", {
    security_group_id: "securityGroupId",
  }),
  [t.FLOATING_IP]: own("floatingips", "/floatingips", { description: "description" }),
  [t.LOAD_BALANCER]: balancing("loadbalancers", "/loadbalancers", { name: "name" }),
  [t.LISTENER]: balancing("listeners", "/listeners", { load_balancer_id: "loadbalancerId" }),
  [t.POOL]: balancing("pools", "/pools", { name: "name" }),
  [t.MONITOR]: balancing("healthmonitors", "/healthmonitors", { pool_id: "poolId" }),
  [t.MEMBER]: {
    service: "loadBalancer",
    name: "members",
    path: (inputs) => `/pools/${text(inputs, "poolId")}/members`,
    condition: ofBalancing,
  },
  [t.APPLICATION_CREDENTIAL]: {
    service: "identity",
    name: "application_credentials",
    path: async (inputs, session) =>
      `/users/${await session.userId()}/application_credentials?${query({ name: text(inputs, "name") })}`,
  },
};

/** Types that are looked for. */
export const SEARCHED_TYPES: readonly string[] = Object.keys(COLLECTIONS);

function place(service: Service, name: string, path: string, narrowed: Narrowed): Collection {
  return { service, name, path: (inputs) => `${path}?${query(taken(narrowed, inputs))}` };
}

/** A list that also shows what others share, and everything to an administrator: only the project's own is meant. */
function ofProject(service: Service, name: string, path: string, narrowed: Narrowed): Collection {
  const whole = async (inputs: PlainMap, session: Session): Promise<string> =>
    `${path}?${query({ ...taken(narrowed, inputs), project_id: await session.projectId() })}`;
  return { service, name, path: whole };
}

function own(name: string, path: string, narrowed: Narrowed): Collection {
  return ofProject("network", name, path, narrowed);
}

function balancing(name: string, path: string, narrowed: Narrowed): Collection {
  return { ...ofProject("loadBalancer", name, path, narrowed), condition: ofBalancing };
}

function taken(narrowed: Narrowed, inputs: PlainMap): Narrowed {
  return Object.fromEntries(Object.entries(narrowed).map(([filter, input]) => [filter, text(inputs, input)]));
}

function query(values: Narrowed): string {
  const given = Object.entries(values).filter(([, value]) => value !== "");
  return new URLSearchParams(Object.fromEntries(given)).toString();
}

function ofServer(server: PlainMap): Condition {
  const [status, task] = [text(server, "status"), text(server, "OS-EXT-STS:task_state")];
  if (task === "deleting" || task === "soft-deleting" || /DELETED$/.test(status)) return "leaving";
  if (status === "ERROR") return "broken";
  return status === "BUILD" ? "underway" : "there";
}

function ofVolume(volume: PlainMap): Condition {
  const status = text(volume, "status");
  if (status === "deleting" || status === "error_deleting") return "leaving";
  if (status === "error") return "broken";
  return status === "creating" || status === "downloading" ? "underway" : "there";
}

function ofBalancing(listed: PlainMap): Condition {
  const status = text(listed, "provisioning_status");
  if (status === "PENDING_DELETE" || status === "DELETED") return "leaving";
  if (status === "ERROR") return "broken";
  return status === "PENDING_CREATE" ? "underway" : "there";
}

/** How long something may still be made, and how often it is looked at then. */
const PATIENCE_MILLISECONDS = 300_000;
const PAUSE_MILLISECONDS = 2_000;
/** A request that was sent before its sender was killed is still served: what is not there yet is looked for again. */
const ARRIVAL_MILLISECONDS = 15_000;

export class CloudSearch {
  readonly #session: Session;
  readonly #store: RealOpenStack;
  readonly #began = Date.now();

  /** Logs in at the first look, not here. @throws if the choice leads to no login */
  constructor(
    choice: CloudChoice = {},
    private readonly patienceMilliseconds = PATIENCE_MILLISECONDS,
    private readonly pauseMilliseconds = PAUSE_MILLISECONDS,
    private readonly arrivalMilliseconds = ARRIVAL_MILLISECONDS,
  ) {
    this.#session = new Session(loginOf(choice));
    this.#store = new RealOpenStack(this.#session);
  }

  /**
   * The resources of a type that have these inputs; undefined if the type is not looked for. Waits for what is still
   * being made, and looks again for what may still arrive.
   * @throws Error when that takes too long
   */
  async find(
    type: string,
    inputs: Readonly<Record<string, unknown>>,
  ): Promise<readonly FoundResource[] | undefined> {
    const where = COLLECTIONS[type];
    if (where === undefined) return undefined;
    const until = Date.now() + this.patienceMilliseconds;
    for (;;) {
      const found = await this.fitting(type, where, inputs as PlainMap);
      const unfinished = found.filter(({ condition }) => condition === "underway");
      const mayArrive = found.length === 0 && Date.now() - this.#began < this.arrivalMilliseconds;
      if (unfinished.length === 0 && !mayArrive) return found.map(sighting);
      if (unfinished.length > 0 && Date.now() >= until)
        throw new Error(
          `${unfinished.map(({ id }) => id).join(", ")} is still being made; wait until it is ready or failed, then run the same again`,
        );
      await sleep(this.pauseMilliseconds);
    }
  }

  private async fitting(
    type: string,
    where: Collection,
    wanted: PlainMap,
  ): Promise<readonly { readonly id: string; readonly condition: Condition }[]> {
    const found: { id: string; condition: Condition }[] = [];
    for (const each of await listed(this.#session, where, await where.path(wanted, this.#session))) {
      const condition = where.condition?.(each) ?? "there";
      if (condition === "leaving" || isNamedOtherwise(each, wanted)) continue;
      const live = await this.#store.read(type, text(each, "id"));
      if (live !== undefined && covers(live.inputs, wanted)) found.push({ id: live.id, condition });
    }
    return found;
  }
}

/** All of a type that the project has, as the service describes them; without what is being deleted. */
export async function listOwn(session: Session, type: string): Promise<readonly PlainMap[]> {
  const where = COLLECTIONS[type];
  if (where === undefined) throw new Error(`${type} is not listed`);
  const all = await listed(session, where, await where.path({}, session));
  return all.filter((each) => where.condition?.(each) !== "leaving");
}

async function listed(
  session: Session,
  { service, name, numbered }: Collection,
  path: string,
): Promise<readonly PlainMap[]> {
  if (numbered !== true) return session.list(service, name, path);
  const all: PlainMap[] = [];
  for (;;) {
    const part = await session.list(service, name, `${path}&offset=${all.length}`);
    all.push(...part);
    if (part.length === 0) return all;
  }
}

function sighting({ id, condition }: { readonly id: string; readonly condition: Condition }): FoundResource {
  return condition === "broken" ? { id, broken: true } : { id };
}

/** A request for each of hundreds of servers is spared. */
function isNamedOtherwise(listed: PlainMap, wanted: PlainMap): boolean {
  const [is, should] = [text(listed, "name"), text(wanted, "name")];
  return should !== "" && is !== should;
}
