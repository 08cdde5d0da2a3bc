/**
 * What a provider implements. The engine opens one connection for each provider resource of a program (and for the
 * default provider), so two differently configured providers of a package reach the same {@link PackageHandler}:
 * each `configure` gives a {@link ConfiguredPackage} of its own.
 *
 * A handler reports a failure by throwing; the message reaches the user as it is. A resource that exists although
 * its making failed is reported by throwing {@link PartialFailure}.
 */
import type { PropertyMap } from "./values";

/** A Pulumi package, e.g. `openstack`. */
export interface PackageHandler {
  /** The package name, first part of every type token. */
  readonly name: string;
  /** Semantic version without `v`. */
  readonly version: string;
  /** The package's schema as JSON; only tools that generate SDKs ask for it. @default an empty schema */
  readonly schema?: string;
  /** Validates and completes a provider's own inputs. @default accepted as they are */
  checkConfig?(request: CheckRequest): Promise<CheckResult>;
  /** Compares a provider's inputs. A replaced provider replaces all its resources. @default changed, never replaced */
  diffConfig?(request: DiffRequest): Promise<DiffResult>;
  /** Takes a provider's inputs, all known, and gives what serves its resources. */
  configure(config: ProviderConfig): Promise<ConfiguredPackage>;
}

/** One configured provider of a package. */
export interface ConfiguredPackage {
  /** The handler of a type token (`pkg:module/name:Name`), or undefined if the package has no such type. */
  resource(type: string): ResourceHandler | undefined;
  /** Runs a function (a data source). @default every function is refused */
  invoke?(request: InvokeRequest): Promise<InvokeResult>;
  /** The engine wants to stop. Requests' `signal`s are aborted besides. */
  cancel?(): void;
}

/** The life cycle of one type of resource. Inputs given to anything but `check` are what `check` returned. */
export interface ResourceHandler {
  /** Validates new inputs, fills in defaults and names. Called in previews too: inputs may hold unknowns. */
  check(request: CheckRequest): Promise<CheckResult>;
  /** Decides whether, and how, the resource has to change. New inputs may hold unknowns. */
  diff(request: DiffRequest): Promise<DiffResult>;
  /** Makes the resource; in a preview only predicts its outputs, with `UNKNOWN` for what cannot be predicted. */
  create(request: CreateRequest): Promise<CreateResult>;
  /** The resource as it is now; undefined if it is gone. Serves refresh and import. */
  read(request: ReadRequest): Promise<ReadResult | undefined>;
  /** Changes the resource in place and gives its outputs; in a preview only predicts them. */
  update(request: UpdateRequest): Promise<PropertyMap>;
  /** Removes the resource. One that is already gone is a success. */
  delete(request: DeleteRequest): Promise<void>;
}

/** A provider's configuration as the program gave it (values of a type other than string arrive as JSON text). */
export interface ProviderConfig {
  /** URN of the provider resource; empty from engines that do not send it. */
  readonly urn: string;
  readonly inputs: PropertyMap;
}

export type LogSeverity = "debug" | "info" | "warning" | "error";

/** What every request about a resource carries. */
export interface ResourceRequest {
  readonly urn: string;
  /** Type token, e.g. `openstack:networking/port:Port`. */
  readonly type: string;
  /** The resource's name in the program (last part of the URN). */
  readonly name: string;
  /** Shows a message to the user, at this resource. `status` messages are shown only during the work. */
  log(severity: LogSeverity, message: string, options?: { readonly status?: boolean }): void;
}

/** What requests that may take long carry besides. */
export interface LongRequest extends ResourceRequest {
  /** The program's `customTimeouts`, in seconds; undefined if the program sets none. */
  readonly timeoutSeconds: number | undefined;
  /** Aborted when the engine cancels; an operation should then stop at the next safe point and throw. */
  readonly signal: AbortSignal;
}

export interface CheckRequest extends ResourceRequest {
  /** Inputs of the resource in state, as `check` gave them then; empty for a new resource. */
  readonly oldInputs: PropertyMap;
  readonly newInputs: PropertyMap;
  /** Bytes to derive random names from, the same ones in preview and update under an update plan. */
  readonly randomSeed: Uint8Array;
}

/** Something wrong with an input. */
export interface CheckFailure {
  /** Path of the property, e.g. `networks[0].port`; empty if the resource as a whole is meant. */
  readonly property: string;
  readonly reason: string;
}

export interface CheckResult {
  readonly inputs: PropertyMap;
  /** @default none */
  readonly failures?: readonly CheckFailure[];
}

export interface DiffRequest extends ResourceRequest {
  readonly id: string;
  readonly oldInputs: PropertyMap;
  /** Outputs of the resource in state. */
  readonly oldState: PropertyMap;
  readonly newInputs: PropertyMap;
  /** Property paths that the program wants ignored. The engine has already put the old values into `newInputs`. */
  readonly ignoreChanges: readonly string[];
}

export type PropertyChange = "add" | "update" | "delete";

/** A change of one property, at any depth. */
export interface PropertyDiff {
  readonly change: PropertyChange;
  /** True if this change alone replaces the resource. */
  readonly replace: boolean;
  /** What a preview shows as the old value: the inputs in state, or the outputs. @default "inputs" */
  readonly against?: "inputs" | "state";
}

export interface DiffResult {
  /** By property path (`tags`, `networks[0].port`). Empty: nothing changes. */
  readonly changes: Readonly<Record<string, PropertyDiff>>;
  /** The old resource has to go before the new one can be made. @default false */
  readonly deleteBeforeReplace?: boolean;
  /** Outputs that surely stay as they are although the resource is updated. @default none */
  readonly stables?: readonly string[];
}

export interface CreateRequest extends LongRequest {
  readonly preview: boolean;
  readonly inputs: PropertyMap;
}

export interface CreateResult {
  /** Never empty, except in a preview, where it is not looked at. */
  readonly id: string;
  readonly outputs: PropertyMap;
}

export interface ReadRequest extends LongRequest {
  readonly id: string;
  /** Inputs in state; empty for an import. */
  readonly inputs: PropertyMap;
  /** Outputs in state; empty for an import. */
  readonly state: PropertyMap;
}

export interface ReadResult extends CreateResult {
  readonly inputs: PropertyMap;
}

export interface UpdateRequest extends LongRequest {
  readonly preview: boolean;
  readonly id: string;
  readonly oldInputs: PropertyMap;
  readonly oldState: PropertyMap;
  readonly newInputs: PropertyMap;
  readonly ignoreChanges: readonly string[];
}

export interface DeleteRequest extends LongRequest {
  readonly id: string;
  readonly inputs: PropertyMap;
  readonly state: PropertyMap;
}

export interface InvokeRequest {
  /** Token of the function, e.g. `openstack:networking/getNetwork:getNetwork`. */
  readonly token: string;
  readonly args: PropertyMap;
  readonly preview: boolean;
}

export interface InvokeResult {
  readonly result: PropertyMap;
  /** @default none */
  readonly failures?: readonly CheckFailure[];
}

/**
 * Thrown by `create`, `update` or `read`: the resource exists but is not well. The engine records id, outputs and
 * the reasons, fails this run, and tries an update in the next one. On a failed *update* the engine keeps the new
 * inputs of the program in state whatever is reported here; what was really applied has to be in the outputs.
 */
export class PartialFailure extends Error {
  constructor(
    readonly id: string,
    readonly outputs: PropertyMap,
    readonly reasons: readonly string[],
    /** Inputs to record. @default the inputs of the request */
    readonly inputs?: PropertyMap,
  ) {
    super(reasons.join("; "));
    this.name = "PartialFailure";
  }
}
