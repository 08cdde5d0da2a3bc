/** Constructors of a description's resources and references. */
import type {
  Component,
  InfraOptions,
  InfraResource,
  Inputs,
  Deferred,
  Lookup,
  LookupArgs,
  LookupResult,
  LookupType,
  Described,
  OutputName,
  Ref,
  ResourceType,
  WrittenInputs,
} from "./types";

/** One resource; undefined inputs are omitted. */
export function resource<T extends ResourceType>(
  component: Component,
  type: T,
  key: string,
  inputs: WrittenInputs<T>,
  options: InfraOptions = {},
): InfraResource<T> {
  return { key, type, component, inputs: withoutUndefined<T>(inputs), options };
}

function withoutUndefined<T extends ResourceType>(inputs: WrittenInputs<T>): Inputs<T> {
  const entries: [string, unknown][] = Object.entries(inputs);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Inputs<T>;
}

/** An output of another resource; its type is a parameter so that a misspelled output does not compile. */
export function ref<T extends ResourceType>(_type: T, key: string, output: OutputName<T>): Ref {
  return { ref: key, output };
}

/** The first address of a port: the one from Neutron if we could not choose. */
export function portAddress(portKey: string): Ref {
  return { ...ref("openstack:networking/port:Port", portKey, "allFixedIps"), at: 0 };
}

/** A lookup of an existing resource. */
export function lookup<L extends LookupType>(
  type: L,
  args: Described<LookupArgs<L>> & object,
  output: keyof LookupResult<L> & string,
): Lookup {
  return { lookup: type, args, output };
}

export function isRef(value: unknown): value is Ref {
  return typeof value === "object" && value !== null && "ref" in value && "output" in value;
}

export function isLookup(value: unknown): value is Lookup {
  return typeof value === "object" && value !== null && "lookup" in value && "output" in value;
}

export function isDeferred(value: unknown): value is Deferred {
  return isRef(value) || isLookup(value);
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether an image is given by id; Nova looks up a name. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
