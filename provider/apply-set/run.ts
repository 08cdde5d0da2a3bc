/**
 * One creation, update or deletion of a set: apply, check again, prune, wait. The applied objects are known whenever it
 * stops.
 */
import { setTimeout as pause } from "node:timers/promises";

import type { LongRequest, PlainMap } from "../../provider-protocol";
import { applyObject } from "./apply-object";
import type { SetTarget } from "./apply-object";
import { changesOf } from "./diff";
import { parseEntryKey } from "./entries";
import { shownMessage } from "./hide";
import { fieldManager } from "./identity";
import type { ApplySetInputs } from "./inputs";
import type { Manifests } from "./manifests";
import { Members } from "./members";
import { failedMessage, keptMessage, leftMessage, notDeletedMessage, terminatingMessage } from "./messages";
import { ApiRefusal } from "./objects";
import type { LiveObject } from "./objects";
import { applySteps } from "./order";
import { inParallel } from "../../provider-protocol/parallel";
import { Progress } from "./progress";
import { pruned } from "./prune";
import { notReady } from "./ready";
import { removeObjects } from "./remove-objects";
import { fieldsDigest } from "./state";
import type { AppliedObject, SetState } from "./state";

/** Objects of one set that are applied at the same time; all sets share the connections to their cluster. */
export const PARALLEL = 16;

/**
 * How long the deleted objects of a step may take to disappear before that is reported, and how often it is checked;
 * milliseconds.
 */
const GOES_WITHIN = 60_000;
const BETWEEN_LOOKS = 500;

export class SetRun {
  readonly #applied: Map<string, AppliedObject>;
  #kept: readonly string[];
  readonly #failures = new Map<string, string>();
  readonly #members: Members;

  constructor(
    private readonly request: LongRequest,
    private readonly inputs: ApplySetInputs,
    private readonly target: SetTarget,
    before: SetState,
    private readonly manifests: Manifests,
  ) {
    this.#applied = new Map(before.applied);
    this.#kept = before.kept;
    this.#members = new Members(target);
  }

  /** What is applied, at any moment. */
  get state(): SetState {
    return { applied: this.#applied, kept: this.#kept };
  }

  /**
   * Applies the declared state to the cluster.
   * @returns what differs from it
   * @throws NoAnswer, or the reason of the abortion
   */
  async bring(): Promise<readonly string[]> {
    const { objects, readiness, readyTimeoutSeconds: seconds, notAwaited } = this.inputs;
    const recorded = await this.#members.recorded();
    if (recorded === undefined && objects.size + this.#applied.size === 0) return [];
    const changed = this.changedKeys();
    await this.applyOwnNamespace(changed);
    await this.#members.announce([...objects.keys(), ...this.#applied.keys(), ...this.#kept]);
    await this.apply(changed);
    if (this.#failures.size > 0) return [failedMessage(this.#failures, objects.size)];
    // A set without a record cannot have old objects.
    if (recorded !== undefined || readiness !== "none") {
      const problems = await this.lookAgain();
      if (problems.length > 0) return problems;
    }
    await this.#members.settle([...this.#applied.keys(), ...this.#kept]);
    if (readiness !== "ready") return [];
    const keys = [...objects.keys()].filter((key) => !notAwaited.has(key));
    return notReady(this.request, this.target, { keys, seconds });
  }

  /**
   * Deletes the set; objects with data stay unless the set's option allows it.
   * @returns what could not be deleted
   * @throws NoAnswer, or the reason of the abortion
   */
  async remove(): Promise<readonly string[]> {
    await this.#members.recorded();
    this.#kept = [];
    const problems = await this.prune(await this.listed());
    if (problems.length === 0) await this.#members.forget();
    return problems;
  }

  private changedKeys(): readonly string[] {
    const before = new Map([...this.#applied].map(([key, { digest }]) => [key, digest]));
    const changes = [...changesOf(before, this.inputs.objects)];
    return changes.filter(([, change]) => change !== "delete").map(([key]) => key);
  }

  /** The record of the set may be in a Namespace of the set itself. */
  private async applyOwnNamespace(changed: readonly string[]): Promise<void> {
    const own = `/${this.inputs.set.namespace}/Namespace`;
    await this.apply(changed.filter((key) => key === own));
  }

  private async apply(keys: readonly string[]): Promise<void> {
    const open = keys.filter((key) => this.#applied.get(key)?.digest !== this.inputs.objects.get(key));
    const progress = new Progress(this.request, "applied", open.length);
    for (const step of applySteps(open.map((key) => ({ ...parseEntryKey(key), key }))))
      await inParallel(step, PARALLEL, async ({ key }) => {
        await this.applyOne(key);
        progress.done();
      });
  }

  private async applyOne(key: string): Promise<void> {
    const digest = this.inputs.objects.get(key) ?? "";
    this.target.signal.throwIfAborted();
    const manifest = this.manifests.given(this.request.urn, key, digest);
    try {
      const live = await applyObject(this.target, JSON.parse(manifest.text) as PlainMap);
      const fields = fieldsDigest(live, fieldManager(this.inputs.set));
      this.#applied.set(key, { digest, uid: live.uid, fields });
    } catch (error) {
      if (!(error instanceof ApiRefusal)) throw error;
      this.#failures.set(key, shownMessage(error.message, manifest));
    }
  }

  /** Restores what was deleted in the meantime, and prunes. */
  private async lookAgain(): Promise<readonly string[]> {
    const listed = await this.listed();
    const missing = [...this.inputs.objects.keys()].filter((key) => {
      const live = listed.get(key);
      return live === undefined || live.terminating;
    });
    for (const key of missing) this.#applied.delete(key);
    await this.apply(missing);
    if (this.#failures.size > 0) return [failedMessage(this.#failures, this.inputs.objects.size)];
    return this.prune(missing.length === 0 ? listed : await this.listed());
  }

  private listed(): Promise<ReadonlyMap<string, LiveObject>> {
    return this.#members.list([...this.inputs.objects.keys(), ...this.#applied.keys(), ...this.#kept]);
  }

  private async prune(listed: ReadonlyMap<string, LiveObject>): Promise<readonly string[]> {
    const { objects, deletesData } = this.inputs;
    const known = new Map([...this.#applied].map(([key, { uid }]) => [key, uid]));
    const declared = new Set(objects.keys());
    const { leaving, kept } = pruned({ declared, known, listed: [...listed.values()], deletesData });
    const gone = (deleted: ReadonlySet<string>): Promise<void> => this.awaitGone(deleted);
    const removing = { leaving, parallel: PARALLEL, afterPods: this.inputs.readiness === "ready", gone };
    const removal = await removeObjects(this.request, this.target, removing, (key) =>
      this.#applied.delete(key),
    );
    if (removal.left.size > 0) this.request.log("warning", leftMessage(removal.left));
    const newlyKept = kept.filter((key) => !this.#kept.includes(key));
    if (newlyKept.length > 0) this.request.log("warning", keptMessage(newlyKept));
    for (const key of known.keys())
      if (!declared.has(key) && !removal.failures.has(key)) this.#applied.delete(key);
    this.#kept = kept;
    return removal.failures.size > 0 ? [notDeletedMessage(removal.failures)] : [];
  }

  /** Pods may take long to end, and a finalizer may delay a deletion: the load balancer of a Service, a volume in use. */
  private async awaitGone(deleted: ReadonlySet<string>): Promise<void> {
    const until = Date.now() + GOES_WITHIN;
    for (let open = deleted.size > 0 && this.inputs.readiness !== "none"; open;) {
      const remaining = [...(await this.listed())].filter(([, { uid }]) => deleted.has(uid));
      open = remaining.length > 0;
      if (open && Date.now() >= until) {
        this.request.log("warning", terminatingMessage(remaining.map(([key]) => key)));
        return;
      }
      if (open) await pause(BETWEEN_LOOKS, undefined, { signal: this.target.signal });
    }
  }
}
