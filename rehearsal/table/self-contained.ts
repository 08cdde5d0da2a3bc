/** Resources without a cloud: they exist in the engine's state only (random, tls). */
import type {
  DiffRequest,
  DiffResult,
  PlainMap,
  PropertyMap,
  ReadRequest,
  ReadResult,
  UpdateRequest,
} from "../../provider-protocol";
import type { CreateOrder, Made, Store } from "../../provider-protocol/store";
import { TableResource } from "./resource";
import type { Row } from "./row";

/** A row, and how such a resource is made. */
export interface SelfContainedType {
  readonly row: Row;
  /** @throws for inputs that no resource can be made of */
  make(inputs: PlainMap): Made | Promise<Made>;
  /** The property that causes a renewal, if one is due for a reason other than changed inputs. @default never */
  renewalProperty?(state: PropertyMap): string | undefined;
}

export class SelfContained extends TableResource {
  constructor(
    type: string,
    private readonly kind: SelfContainedType,
  ) {
    super(type, kind.row, maker(kind), { unordered: new Set(), autoName: false });
  }

  override async diff(request: DiffRequest): Promise<DiffResult> {
    const result = await super.diff(request);
    const property = this.kind.renewalProperty?.(request.oldState);
    if (property === undefined) return result;
    return { ...result, changes: { ...result.changes, [property]: { change: "update", replace: true } } };
  }

  override read({ id, inputs, state }: ReadRequest): Promise<ReadResult> {
    return Promise.resolve({ id, inputs, outputs: state });
  }

  override update({ oldState, newInputs }: UpdateRequest): Promise<PropertyMap> {
    return Promise.resolve({ ...oldState, ...newInputs });
  }

  override delete(): Promise<void> {
    return Promise.resolve();
  }
}

/** A store that only makes. */
function maker(kind: SelfContainedType): Store {
  const nothing = (): Promise<never> => Promise.reject(new Error("nothing is stored of this type"));
  const create = async ({ inputs }: CreateOrder): Promise<Made> => {
    const { id, outputs } = await kind.make(inputs);
    return { id, outputs: { ...inputs, ...outputs } };
  };
  return { create, read: nothing, update: nothing, delete: nothing, find: nothing };
}
