/** The `openstack` package of the built-in cloud. */
import { closest } from "fastest-levenshtein";

import { isMap, reveal, toPlain } from "../../provider-protocol";
import type {
  CheckRequest,
  CheckResult,
  ConfiguredPackage,
  InvokeRequest,
  InvokeResult,
  PackageHandler,
  PlainMap,
  ProviderConfig,
  ResourceHandler,
} from "../../provider-protocol";
import type { OpenPackage, RehearsalContext } from "../open-package";
import type { Store } from "../../provider-protocol/store";
import { TableResource } from "../table/resource";
import { COMPUTE } from "./behaviours/compute";
import { addExistingNetwork } from "./behaviours/existing";
import { lookUp } from "./behaviours/lookups";
import { NETWORKING } from "./behaviours/networking";
import { BLOCK_STORAGE, IDENTITY, IMAGES_AND_OBJECTS, LOAD_BALANCING } from "./behaviours/others";
import { LocalOpenStack } from "./local/store";
import { NotifyingStore } from "./local/notifying-store";
import { World } from "./local/world";
import type { CloudChoice } from "../../openstack-api/clouds";
import { RealOpenStack } from "../../openstack-api/resources/store";
import { OPENSTACK_FUNCTIONS, OPENSTACK_TYPES, UNORDERED } from "./table";

const VERSION = "3.15.2";
const BEHAVIOURS = {
  ...NETWORKING,
  ...COMPUTE,
  ...BLOCK_STORAGE,
  ...LOAD_BALANCING,
  ...IDENTITY,
  ...IMAGES_AND_OBJECTS,
};

/** How long a deletion waits until the resource is no longer in use. The real provider waits ten minutes. */
const PATIENCE_MILLISECONDS = 10_000;

/** The package over the local store. */
export function openLocalOpenStack(
  { directory, existingNetworks, machines }: Omit<RehearsalContext, "openstack" | "clusters">,
  patienceMilliseconds = PATIENCE_MILLISECONDS,
): OpenPackage {
  const world = new World(directory);
  for (const network of existingNetworks) addExistingNetwork(world, network);
  const local = new LocalOpenStack(world, OPENSTACK_TYPES, BEHAVIOURS, lookUp, patienceMilliseconds);
  const store = machines === undefined ? local : new NotifyingStore(local, machines);
  return { handler: openStackPackage(() => store), close: () => world.close() };
}

/** The package over a real cloud: the one that the program's provider names by `cloud`, else the chosen one. */
export function openRealOpenStack(choice: CloudChoice): OpenPackage {
  const storeOf = ({ inputs }: ProviderConfig): Store => {
    const { cloud } = reveal(inputs);
    return RealOpenStack.of(typeof cloud === "string" && cloud !== "" ? { ...choice, cloud } : choice);
  };
  return { handler: openStackPackage(storeOf), close: () => undefined };
}

/** The package over any store. */
export function openStackPackage(storeOf: (config: ProviderConfig) => Store): PackageHandler {
  return {
    name: "openstack",
    version: VERSION,
    configure: async (config) => configured(config, storeOf(config)),
  };
}

function handlersOver(store: Store): ReadonlyMap<string, ResourceHandler> {
  const rules = { unordered: UNORDERED, autoName: true };
  return new Map(
    Object.entries(OPENSTACK_TYPES).map(([type, row]) => [type, new TableResource(type, row, store, rules)]),
  );
}

function configured(config: ProviderConfig, store: Store): ConfiguredPackage {
  const handlers = handlersOver(store);
  const octavia = isTrue(reveal(config.inputs)["useOctavia"]);
  return {
    resource: (type) => {
      const handler = handlers.get(type);
      return handler === undefined || octavia || !type.startsWith("openstack:loadbalancer/")
        ? handler
        : withoutOctavia(handler);
    },
    invoke: (request) => invoke(store, request),
  };
}

/** Configuration of a type other than string may arrive as JSON text. */
function isTrue(value: unknown): boolean {
  return value === true || value === "true";
}

/** Without `useOctavia` the real provider talks to Neutron's load balancer API, which is long gone. */
function withoutOctavia(handler: ResourceHandler): ResourceHandler {
  const reason =
    "load balancers need a provider with useOctavia: true (without it the plugin talks to Neutron LBaaS, which no longer exists)";
  return {
    check: async (request: CheckRequest): Promise<CheckResult> => {
      const checked = await handler.check(request);
      return {
        ...checked,
        failures: [...(checked.failures ?? []), { property: "", reason: `${request.type}: ${reason}` }],
      };
    },
    diff: (request) => handler.diff(request),
    create: () => Promise.reject(new Error(reason)),
    read: (request) => handler.read(request),
    update: () => Promise.reject(new Error(reason)),
    delete: (request) => handler.delete(request),
  };
}

async function invoke(store: Store, { token, args }: InvokeRequest): Promise<InvokeResult> {
  const row = OPENSTACK_FUNCTIONS[token];
  if (row === undefined)
    throw new Error(
      `unknown function ${token}; the nearest is ${closest(token, Object.keys(OPENSTACK_FUNCTIONS))}`,
    );
  const failures = Object.keys(args)
    .filter((name) => !row.inputs.includes(name))
    .map((name) => ({
      property: name,
      reason: `${token} has no input "${name}"; the nearest is "${closest(name, [...row.inputs])}"`,
    }));
  if (failures.length > 0) return { result: {}, failures };
  return { result: known(await store.find(token, given(toPlain(args))), row.outputs) };
}

function given(args: PlainMap): PlainMap {
  return Object.fromEntries(
    Object.entries(args).filter(
      ([, value]) => value !== null && !(isMap(value) && Object.keys(value).length === 0),
    ),
  );
}

/** Only what the function is declared to give. */
function known(result: PlainMap, names: readonly string[]): PlainMap {
  return Object.fromEntries(Object.entries(result).filter(([name]) => names.includes(name)));
}
