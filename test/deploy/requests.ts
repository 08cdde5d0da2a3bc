/** What the SDK sends to the engine, seen on the wire: mocks alone show neither options nor secrets. */
import * as pulumi from "@pulumi/pulumi";
import { MockMonitor, type Mocks } from "@pulumi/pulumi/runtime/mocks";

/** The tags of secrets and unknowns in Pulumi's protocol. */
const SECRET_TAG = "4dabf18193072939515e22adb298388d";
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export interface SentResource {
  readonly type: string;
  readonly name: string;
  readonly parent: string;
  readonly provider: string;
  /** Secrets as `{ secret: … }`, unknowns as `"unknown"`. */
  readonly inputs: unknown;
  /** The last part of the URNs, ascending. */
  readonly dependsOn: readonly string[];
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  /** A URN, or empty. */
  readonly deletedWith: string;
  readonly deleteBeforeReplace: boolean;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly additionalSecretOutputs: readonly string[];
}

interface Request {
  getType(): string;
  getName(): string;
  getParent(): string;
  getProvider(): string;
  getObject(): { toJavaScript(): unknown };
  getDependenciesList(): string[];
  getProtect(): boolean;
  getRetainondelete(): boolean;
  getDeletedwith(): string;
  getDeletebeforereplace(): boolean;
  getIgnorechangesList(): string[];
  getReplaceonchangesList(): string[];
  getAdditionalsecretoutputsList(): string[];
}

const ECHO: Mocks = {
  newResource: ({ name, inputs, custom }) => ({
    id: custom ? `${name}-id` : undefined,
    state: stateOf(inputs),
  }),
  call: () => ({}),
};

/** The inputs that a mock was given, with more fields: the state that it answers with. */
export function stateOf(inputs: unknown, more: object = {}): object {
  return { ...(typeof inputs === "object" ? inputs : {}), ...more };
}

/** Starts a mocked engine; every registration from now on is in the list that is returned. */
export async function recordRequests(
  preview: boolean,
  mocks: Mocks = ECHO,
): Promise<readonly SentResource[]> {
  await pulumi.runtime.setMocks(mocks, "labstead", "prod", preview);
  jest.restoreAllMocks();
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with its object below
  const passOn = MockMonitor.prototype.registerResource;
  const sent: SentResource[] = [];
  jest.spyOn(MockMonitor.prototype, "registerResource").mockImplementation(function (
    this: MockMonitor,
    request: Request,
    callback,
  ) {
    sent.push(readRequest(request));
    return passOn.call(this, request, callback);
  });
  return sent;
}

/** A resource with one output, which a preview does not know. */
export class Later<Value> extends pulumi.CustomResource {
  declare readonly value: pulumi.Output<Value>;

  constructor(name: string) {
    super("test:later:Later", name, { value: undefined });
  }
}

/** An Output that is unknown in a preview. */
export function later<Value>(name: string): pulumi.Output<Value> {
  return new Later<Value>(name).value;
}

/** The value of an Output, its secretness and whether it is known. */
export async function settled<Value>(
  value: pulumi.Output<Value>,
): Promise<{ readonly known: boolean; readonly secret: boolean; readonly value: unknown }> {
  const known = await internal(value, "isKnown");
  const secret = await internal(value, "isSecret");
  const result = await internal(value, "promise");
  return { known: known === true, secret: secret === true, value: known === true ? result : undefined };
}

/** What Pulumi keeps of an Output besides its type: a promise, or a method that gives one. */
async function internal(of: object, field: string): Promise<unknown> {
  const found: unknown = Reflect.get(of, field);
  return typeof found === "function" ? Reflect.apply(found, of, []) : found;
}

function readRequest(request: Request): SentResource {
  return {
    type: request.getType(),
    name: request.getName(),
    parent: lastPart(request.getParent()),
    provider: request.getProvider().split("::").slice(-2).join("::"),
    inputs: readable(request.getObject().toJavaScript()),
    dependsOn: request.getDependenciesList().map(lastPart).sort(),
    protect: request.getProtect(),
    retainOnDelete: request.getRetainondelete(),
    deletedWith: request.getDeletedwith(),
    deleteBeforeReplace: request.getDeletebeforereplace(),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
  };
}

function lastPart(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

function readable(value: unknown): unknown {
  if (value === UNKNOWN) return "unknown";
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== "object" || value === null) return value;
  const fields = new Map<string, unknown>(Object.entries(value));
  if (fields.has(SECRET_TAG)) return { secret: readable(fields.get("value")) };
  return Object.fromEntries([...fields].map(([key, field]) => [key, readable(field)]));
}
