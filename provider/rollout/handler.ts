/**
 * Records which servers existed before a change: those are replaced in turns. The others are new and are created at the
 * same time. A program cannot know the difference itself: it does not see its own state.
 */
import { failuresOf, refuseImport } from "../inputs";
import type {
  CheckRequest,
  CheckResult,
  CreateResult,
  DiffRequest,
  DiffResult,
  PropertyDiff,
  PropertyMap,
  ReadRequest,
  ReadResult,
  ResourceHandler,
  UpdateRequest,
} from "../../provider-protocol";
import { byKey, changedFacts, poolsOf, ROLLOUT_RULES, serversOf, textsOf } from "./inputs";
import type { Lanes } from "./inputs";

const ID = "rollout";

/** The fact whose change replaces a server intentionally. */
const GENERATION = "generation";

export function rolloutHandler(): ResourceHandler {
  return {
    check: (request) => Promise.resolve(check(request)),
    diff: (request) => Promise.resolve(diff(request)),
    // Nothing existed before the first run: everything is created at the same time.
    create: () => Promise.resolve<CreateResult>({ id: ID, outputs: { inTurns: [] } }),
    read: (request) => Promise.resolve(read(request)),
    update: (request) => Promise.resolve(update(request)),
    delete: () => Promise.resolve(),
  };
}

function check({ newInputs }: CheckRequest): CheckResult {
  return { inputs: newInputs, failures: failuresOf(ROLLOUT_RULES, newInputs) };
}

/**
 * Added or removed servers, and other lanes, are not a change; the engine then keeps the newest inputs, so the next
 * comparison knows them.
 */
function diff({ oldInputs, newInputs }: DiffRequest): DiffResult {
  const changed: PropertyDiff = { change: "update", replace: false };
  const paths = changedFacts(oldInputs, newInputs).map(({ server, fact }) => `servers["${server}"].${fact}`);
  return { changes: Object.fromEntries(paths.map((path) => [path, changed])) };
}

function read({ id, inputs, state }: ReadRequest): ReadResult {
  refuseImport("Rollout", { inputs });
  return { id, inputs, outputs: state };
}

/**
 * A server that changed once is always replaced in turns: an interrupted run continues in turns too, forward or back.
 */
function update(request: UpdateRequest): PropertyMap {
  const { oldInputs, newInputs, oldState } = request;
  const changed = changedFacts(oldInputs, newInputs);
  const rolled = changed.filter(({ fact }) => fact === GENERATION).map(({ server }) => server);
  if (rolled.length > 0) request.log("info", turnsText(poolsOf(newInputs), new Set(rolled)));
  const there = serversOf(newInputs);
  const inTurns = [...textsOf(oldState["inTurns"]), ...changed.map(({ server }) => server)];
  return { inTurns: [...new Set(inTurns)].filter((server) => server in there).sort(byKey) };
}

/** `controlPlane/0 → controlPlane/1, then workers/0 → workers/2 beside workers/1`. */
function turnsText(pools: readonly Lanes[], rolled: ReadonlySet<string>): string {
  const texts = pools
    .map((lanes) => lanes.map((lane) => lane.filter((server) => rolled.has(server))))
    .map((lanes) => lanes.filter((lane) => lane.length > 0).map((lane) => lane.join(" → ")))
    .filter((lanes) => lanes.length > 0)
    .map((lanes) => lanes.join(" beside "));
  return `replaced in turns: ${texts.join(", then ")}`;
}
