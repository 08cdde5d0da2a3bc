/** A resource type as its row describes it, over a store. */
import {
  containsSecret,
  isList,
  isMap,
  reveal,
  sameValue,
  Secret,
  toPlain,
  UNKNOWN,
} from "../../provider-protocol";
import type {
  CheckRequest,
  CheckResult,
  CreateRequest,
  CreateResult,
  DeleteRequest,
  DiffRequest,
  DiffResult,
  PlainMap,
  PropertyMap,
  PropertyValue,
  ReadRequest,
  ReadResult,
  ResourceHandler,
  UpdateRequest,
} from "../../provider-protocol";
import type { CreateOrder, Store } from "../../provider-protocol/store";
import { inputChanges, sameSet } from "./diff";
import type { Unordered } from "./diff";
import { isAutoNamed, withName } from "./naming";
import { propertyShape } from "./row";
import type { Row } from "./row";
import { isItemShape } from "./shape";
import type { Shape } from "./shape";
import { validate } from "./validate";

/** What holds for all types of a table. */
export interface TableRules {
  readonly unordered: Unordered;
  /** Types with an optional `name` get one when the program gives none. */
  readonly autoName: boolean;
}

export class TableResource implements ResourceHandler {
  constructor(
    private readonly type: string,
    private readonly row: Row,
    private readonly store: Store,
    private readonly rules: TableRules,
  ) {}

  check(request: CheckRequest): Promise<CheckResult> {
    const failures = validate(this.type, this.row.inputs, request.newInputs);
    const named = this.rules.autoName && propertyShape(this.row.inputs, "name")?.required === false;
    return Promise.resolve({ inputs: named ? withName(request) : request.newInputs, failures });
  }

  diff({ oldInputs, newInputs }: DiffRequest): Promise<DiffResult> {
    const changes = inputChanges(this.row, this.rules.unordered, oldInputs, newInputs);
    const replaced = Object.values(changes).some((change) => change.replace);
    return Promise.resolve({
      changes,
      deleteBeforeReplace: replaced && keepsGivenName(oldInputs, newInputs),
    });
  }

  async create(request: CreateRequest): Promise<CreateResult> {
    const { inputs } = request;
    if (request.preview) return { id: "", outputs: this.predictedOutputs(given(inputs)) };
    const made = await this.store.create(this.order(request, inputs));
    return { id: made.id, outputs: this.outputs(made.outputs, inputs, {}) };
  }

  async read({ id, inputs, state }: ReadRequest): Promise<ReadResult | undefined> {
    const found = await this.store.read(this.type, id);
    if (found === undefined) return undefined;
    const outputs = this.outputs(found.outputs, inputs, state);
    return { id: found.id, inputs: this.liveInputs(found.inputs, inputs), outputs };
  }

  async update(request: UpdateRequest): Promise<PropertyMap> {
    const { id, newInputs, oldState } = request;
    if (request.preview) return { ...oldState, ...given(newInputs) };
    const outputs = await this.store.update({ ...this.order(request, newInputs), id });
    return this.outputs(outputs, newInputs, oldState);
  }

  delete({ id, inputs, signal }: DeleteRequest): Promise<void> {
    return this.store.delete({ type: this.type, id, inputs: toPlain(given(inputs)), signal });
  }

  private order(
    request: { readonly urn: string; readonly signal: AbortSignal },
    inputs: PropertyMap,
  ): CreateOrder {
    const { urn, signal } = request;
    return { type: this.type, urn, inputs: toPlain(given(inputs)), secret: this.secrets(inputs), signal };
  }

  /** Properties declared secret, and those to which the program gave a secret. */
  private secrets(inputs: PropertyMap): ReadonlySet<string> {
    const givenSecret = Object.keys(inputs).filter((name) => containsSecret(inputs[name]));
    return new Set([...this.row.secret, ...givenSecret]);
  }

  /** A store's outputs as the engine gets them; secrets that the store does not return again are taken from state. */
  private outputs(stored: PlainMap, inputs: PropertyMap, state: PropertyMap): PropertyMap {
    const outputs: Record<string, PropertyValue> = { ...stored };
    for (const name of this.secrets({ ...state, ...inputs })) {
      const value = stored[name] ?? state[name] ?? inputs[name];
      if (value !== undefined && value !== null) outputs[name] = new Secret(reveal(value));
    }
    return outputs;
  }

  /** The program's inputs, with the live values where those differ; all live ones for an import. */
  private liveInputs(live: PlainMap, inputs: PropertyMap): PropertyMap {
    const names = Object.keys(inputs).length > 0 ? Object.keys(inputs) : Object.keys(live);
    return Object.fromEntries(names.map((name) => [name, this.liveInput(name, live[name], inputs[name])]));
  }

  private liveInput(
    name: string,
    live: PropertyValue | undefined,
    known: PropertyValue | undefined,
  ): PropertyValue {
    if (live === undefined || known === undefined || sameValue(live, known)) return known ?? live ?? null;
    const same = this.rules.unordered.has(name) ? sayMoreInAnyOrder(live, known) : saysMore(live, known);
    return same ? known : live;
  }

  /** Outputs as a preview can know them: what is given stays, what the cloud chooses is unknown. */
  private predictedOutputs(inputs: PropertyMap): PropertyMap {
    const outputs: Record<string, PropertyValue> = {};
    for (const name of [...this.row.always, ...this.row.outputs]) outputs[name] = UNKNOWN;
    for (const [name, value] of Object.entries(inputs)) {
      const shape = propertyShape(this.row.inputs, name)?.shape ?? "any";
      outputs[name] = this.row.always.includes(name) ? withChosen(shape, value) : value;
    }
    for (const name of this.row.secret) outputs[name] = new Secret(outputs[name] ?? UNKNOWN);
    return outputs;
  }
}

/** What the program gives: without nulls and the engine's own keys. */
function given(inputs: PropertyMap): PropertyMap {
  return Object.fromEntries(
    Object.entries(inputs).filter(([name, value]) => value !== null && !name.startsWith("__")),
  );
}

/** In objects that the cloud completes, what is not given is unknown. */
function withChosen(shape: Shape, value: PropertyValue): PropertyValue {
  if (typeof shape === "string") return value;
  if (isItemShape(shape))
    return isList(value) ? value.map((element) => withChosen(shape[0], element)) : value;
  if (!isMap(value) || "*" in shape) return value;
  const chosen = Object.keys(shape).map((name) => [name.replace(/\?$/, ""), UNKNOWN] as const);
  return { ...Object.fromEntries(chosen), ...given(value) };
}

/**
 * True if the live value is the known one with more in its objects: a cloud completes what it is given (the address of
 * a port, the port's network on a server), and that is no drift.
 */
function saysMore(live: PropertyValue, known: PropertyValue | undefined): boolean {
  if (isList(live) && isList(known))
    return live.length === known.length && live.every((item, index) => within(item, known[index]));
  return sameValue(live, known);
}

/** An object of a list. A free map (metadata) is compared as it is: one key more is drift. */
function within(live: PropertyValue, known: PropertyValue | undefined): boolean {
  if (!isMap(live) || !isMap(known)) return saysMore(live, known);
  return Object.entries(known).every(([name, value]) => within(live[name] ?? null, value));
}

function sayMoreInAnyOrder(live: PropertyValue, known: PropertyValue): boolean {
  if (!isList(live) || !isList(known)) return sameSet(live, known);
  return live.length === known.length && known.every((value) => live.some((item) => within(item, value)));
}

/** The bridged plugins delete first when a name that the program chose would otherwise exist twice. */
function keepsGivenName(oldInputs: PropertyMap, newInputs: PropertyMap): boolean {
  return "name" in newInputs && !isAutoNamed(newInputs) && sameValue(oldInputs["name"], newInputs["name"]);
}
