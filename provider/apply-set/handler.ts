/**
 * A set of Kubernetes objects as one resource. Its inputs contain digests instead of manifests; its outputs contain the
 * digests of the applied objects, and changes are computed against those, since after a failed update the inputs differ
 * from them.
 */
import { isMap, PartialFailure, reveal, Secret, Unknown } from "../../provider-protocol";
import type {
  CheckRequest,
  CheckResult,
  CreateRequest,
  CreateResult,
  DeleteRequest,
  DiffRequest,
  DiffResult,
  LongRequest,
  PropertyMap,
  ReadRequest,
  ReadResult,
  ResourceHandler,
  UpdateRequest,
} from "../../provider-protocol";
import { refuseImport } from "../inputs";
import type { SetTarget } from "./apply-object";
import { changesOf } from "./diff";
import { applySetInputs, checked } from "./inputs";
import type { ApplySetInputs } from "./inputs";
import { isOffered, offeredText } from "./manifest-socket";
import { Manifests } from "./manifests";
import type { CheckedManifest } from "./manifests";
import { lostMessage, noAnswerMessage, notReadMessage, stoppedMessage } from "./messages";
import { ApiRefusal, NoAnswer } from "./objects";
import type { OpenCluster } from "./objects";
import { previewText } from "./preview";
import { refreshed } from "./refresh";
import { SetRun } from "./run";
import { digestsIn, outputsOf, stateOf } from "./state";
import type { SetState } from "./state";

/** Milliseconds after which a preview continues without the cluster. */
const PREVIEW_TIME = 20_000;

const NOTHING: SetState = { applied: new Map(), kept: [] };

export interface ApplySetOptions {
  readonly open: OpenCluster;
  /** Whether deleting the set also deletes objects with data, whatever the set's own option. @default false */
  readonly deletesData?: boolean;
}

/** Serves one provider of one run: it stores the inputs of `Check`. */
export function applySetHandler({ open, deletesData = false }: ApplySetOptions): ResourceHandler {
  const sets = new Sets(open, deletesData);
  return {
    check: (request) => sets.check(request),
    diff: (request) => Promise.resolve(diff(request)),
    create: (request) => sets.create(request),
    read: (request) => sets.read(request),
    update: (request) => sets.update(request),
    delete: (request) => sets.delete(request),
  };
}

/**
 * Compares objects only: all other inputs describe how to apply, and the engine keeps the newest inputs of an unchanged
 * set.
 */
function diff({ oldState, newInputs }: DiffRequest): DiffResult {
  const wanted = newInputs["objects"];
  if (!isMap(wanted)) return { changes: { objects: { change: "update", replace: false } } };
  const unknown = Object.keys(wanted).filter((key) => wanted[key] instanceof Unknown);
  const changes = new Map([
    ...changesOf(digestsIn(oldState["objects"]), digestsIn(wanted)),
    ...unknown.map((key) => [key, "update"] as const),
  ]);
  return {
    changes: Object.fromEntries(
      [...changes].map(([key, change]) => [
        `objects["${key}"]`,
        { change, replace: false, against: "state" },
      ]),
    ),
  };
}

/** With the manifests that the program sends by itself. */
async function received(inputs: PropertyMap): Promise<PropertyMap> {
  const given = reveal(inputs["manifests"] ?? null);
  if (typeof given !== "string" || !isOffered(given)) return inputs;
  return { ...inputs, manifests: new Secret(await offeredText(given)) };
}

class Sets {
  readonly #manifests = new Manifests();

  constructor(
    private readonly open: OpenCluster,
    private readonly deletesData: boolean,
  ) {}

  async check({ urn, newInputs, oldInputs }: CheckRequest): Promise<CheckResult> {
    const { inputs, failures, manifests } = checked(await received(newInputs), oldInputs);
    this.#manifests.keep(urn, manifests);
    return { inputs, failures };
  }

  async create(request: CreateRequest): Promise<CreateResult> {
    const { inputs, preview } = request;
    if (preview) return { id: "", outputs: { objects: inputs["objects"] ?? {} } };
    const wanted = applySetInputs(inputs);
    const id = `${wanted.set.namespace}/${wanted.set.name}`;
    return { id, outputs: await this.bring(request, id, wanted, NOTHING) };
  }

  async update(request: UpdateRequest): Promise<PropertyMap> {
    const { preview, newInputs, oldState, id } = request;
    const before = stateOf(oldState);
    if (!preview) return this.bring(request, id, applySetInputs(newInputs), before);
    await this.foretell(request, before);
    return { ...oldState, objects: newInputs["objects"] ?? {} };
  }

  async read(request: ReadRequest): Promise<ReadResult> {
    const { id, inputs, state } = request;
    refuseImport("ApplySet", request, "objects that exist are taken over as they are");
    const wanted = applySetInputs(inputs);
    try {
      const seen = await refreshed(this.target(wanted, request.signal), stateOf(state));
      return { id, inputs, outputs: outputsOf(seen) };
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof ApiRefusal)) throw error;
      request.log("warning", notReadMessage(wanted.set.name, error.message));
      return { id, inputs, outputs: state };
    }
  }

  async delete(request: DeleteRequest): Promise<void> {
    const given = applySetInputs(request.inputs);
    const deletesData = given.deletesData || this.deletesData;
    const inputs = { ...given, deletesData, objects: new Map<string, string>() };
    const target = this.target(inputs, request.signal);
    const run = new SetRun(request, inputs, target, stateOf(request.state), this.#manifests);
    try {
      const problems = await run.remove();
      if (problems.length > 0) throw new Error(problems.join("\n"));
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      throw new Error(`${noAnswerMessage(error, inputs)}. ${lostMessage(request.urn)}`, { cause: error });
    }
  }

  /** @throws PartialFailure with what is applied, or Error if nothing is */
  private async bring(
    request: LongRequest,
    id: string,
    inputs: ApplySetInputs,
    before: SetState,
  ): Promise<PropertyMap> {
    const target = this.target(inputs, request.signal);
    const run = new SetRun(request, inputs, target, before, this.#manifests);
    const problems = await run.bring().catch((error: unknown) => [stopped(run, inputs, error)]);
    if (problems.length > 0) throw new PartialFailure(id, outputsOf(run.state), problems);
    this.#manifests.forget(request.urn);
    return outputsOf(run.state);
  }

  private async foretell(request: UpdateRequest, before: SetState): Promise<void> {
    const { newInputs, urn, signal } = request;
    const applied = new Map([...before.applied].map(([key, { digest }]) => [key, digest]));
    const updates = new Map<string, CheckedManifest>();
    for (const [key, digest] of digestsIn(newInputs["objects"])) {
      const known = applied.has(key) && applied.get(key) !== digest;
      const manifest = known ? this.#manifests.find(urn, key, digest) : undefined;
      if (manifest !== undefined) updates.set(key, manifest);
    }
    if (updates.size === 0) return;
    const limited = AbortSignal.any([signal, AbortSignal.timeout(PREVIEW_TIME)]);
    const text = await previewText(this.target(applySetInputs(newInputs), limited), updates);
    signal.throwIfAborted();
    request.log("info", text);
  }

  private target(inputs: ApplySetInputs, signal: AbortSignal): SetTarget {
    const { access, set, conflicts, takesOver, initialOnly } = inputs;
    return { api: this.open(access), set, conflicts, takesOver, initialOnly, signal };
  }
}

/** Why a run ended early, with its progress. */
function stopped(run: SetRun, inputs: ApplySetInputs, error: unknown): string {
  const done = [...inputs.objects].filter(([key, digest]) => run.state.applied.get(key)?.digest === digest);
  const reason =
    error instanceof NoAnswer
      ? noAnswerMessage(error, inputs)
      : error instanceof Error
        ? error.message
        : String(error);
  return stoppedMessage(done.length, inputs.objects.size, reason);
}
