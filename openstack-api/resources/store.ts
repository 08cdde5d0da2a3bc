/** A real OpenStack behind the table: every type that the program uses, by the services' REST APIs. */
import type { PlainMap } from "../../provider-protocol";
import type {
  CreateOrder,
  DeleteOrder,
  Found,
  Made,
  Store,
  UpdateOrder,
} from "../../provider-protocol/store";
import { ASSOCIATIONS } from "./associations";
import { CINDER } from "./cinder";
import { loginOf } from "../clouds";
import type { CloudChoice } from "../clouds";
import { KEYSTONE_AND_SWIFT } from "./keystone-swift";
import { nameIn } from "./kind";
import type { Kind, Kinds } from "./kind";
import { FINDERS } from "./lookups";
import { NEUTRON } from "./neutron";
import { NOVA } from "./nova";
import { OCTAVIA } from "./octavia";
import { Session } from "../session";

const KINDS: Kinds = {
  ...NEUTRON,
  ...ASSOCIATIONS,
  ...NOVA,
  ...CINDER,
  ...OCTAVIA,
  ...KEYSTONE_AND_SWIFT,
};

/** Types that the real store makes, changes and removes. */
export const REAL_TYPES: readonly string[] = Object.keys(KINDS);

export class RealOpenStack implements Store {
  constructor(private readonly session: Session) {}

  /** Logs in at the first request, not here. @throws if the choice leads to no login */
  static of(choice: CloudChoice): RealOpenStack {
    return new RealOpenStack(new Session(loginOf(choice)));
  }

  create(order: CreateOrder): Promise<Made> {
    return about(nameIn(order.urn), () => kindOf(order.type).create(this.session, order));
  }

  read(type: string, id: string): Promise<Found | undefined> {
    return about(`${short(type)} ${id}`, () => kindOf(type).read(this.session, id));
  }

  update(order: UpdateOrder): Promise<PlainMap> {
    const { type, id } = order;
    return about(nameIn(order.urn), async () => {
      const kind = kindOf(type);
      if (kind.update === undefined) throw new Error(`nothing of a ${short(type)} can be changed`);
      await kind.update(this.session, order);
      const found = await kind.read(this.session, id);
      if (found === undefined) throw new Error(`${short(type)} ${id} is gone`);
      return found.outputs;
    });
  }

  delete({ type, id, inputs, signal }: DeleteOrder): Promise<void> {
    return about(`${short(type)} ${id}`, () => kindOf(type).remove(this.session, id, signal, inputs));
  }

  find(token: string, args: PlainMap): Promise<PlainMap> {
    return about(short(token), async () => {
      const find = FINDERS[token];
      if (find === undefined) throw new Error("the real store does not answer this function");
      return find(this.session, args);
    });
  }
}

function kindOf(type: string): Kind {
  const kind = KINDS[type];
  if (kind === undefined) throw new Error(`the real store does not make ${type}`);
  return kind;
}

function short(token: string): string {
  return token.split(":").at(-1) ?? token;
}

/** Says which resource an error is about; the cause keeps its trace. */
async function about<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && error.name === "AbortError") throw error;
    throw new Error(`${what}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
