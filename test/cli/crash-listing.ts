/** Full listings of the built-in cloud and of a stack's state, in a form that two runs have in common. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readJournal } from "../../rehearsal/journal";
import type { StoredObject } from "../../rehearsal/kubernetes/local-cluster";
import type { CloudRecord } from "../../rehearsal/openstack/local/record";

export interface State {
  readonly resources: readonly StateResource[];
  readonly pending_operations?: readonly unknown[];
}

export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly provider?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly [property: string]: unknown;
}

export interface Listing {
  readonly cloud: readonly string[];
  readonly cluster: readonly string[];
  readonly state: readonly string[];
}

/** What a run leaves the same each time: not times, and not what is random by its nature. */
function comparable(each: StateResource): unknown {
  const { urn, type, parent, protect, dependencies, propertyDependencies, initErrors } = each;
  const common = { urn, type, parent, protect, dependencies, propertyDependencies, initErrors };
  const outputs = { ...each.outputs, created: undefined, updated: undefined };
  return type.startsWith("openstack:") ? { ...common, inputs: each.inputs, outputs } : common;
}

/** Texts of a list in their order by name: what depends on chance is no difference. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value.map(inOrder);
    return items.every((item) => typeof item === "string") ? [...items].sort() : items;
  }
  if (typeof value !== "object" || value === null) return value;
  const reported = Object.entries(value).filter(([, item]) => !isSecret(item));
  return Object.fromEntries(reported.map(([key, item]) => [key, inOrder(item)]));
}

/** Encrypted differently each time; and what a service returns only once (the private key that Nova would make) is lost with the run. */
function isSecret(value: unknown): boolean {
  return typeof value === "object" && value !== null && "ciphertext" in value;
}

/** Characters of a difference that are printed: a server has thousands. */
const TOLD = 600;

/** What one listing has and the other has not. */
export function differences(is: Listing, should: Listing): readonly string[] {
  return (["cloud", "cluster", "state"] as const).flatMap((part) => [
    ...without(is[part], should[part]).map((text) => `${part}, too much: ${text.slice(0, TOLD)}`),
    ...without(should[part], is[part]).map((text) => `${part}, missing: ${text.slice(0, TOLD)}`),
  ]);
}

/** Each text as often as it is in the one list and not in the other. */
function without(texts: readonly string[], others: readonly string[]): readonly string[] {
  const rest = [...others];
  return texts.filter((text) => {
    const at = rest.indexOf(text);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}

/** Ids by what they belong to; addresses and MACs that the cloud chooses. */
function mask(text: string, names: ReadonlyMap<string, string>): string {
  return text
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, (id) => names.get(id) ?? id)
    .replace(/fa(:[0-9a-f]{2}){5}/g, "<mac>")
    .replace(/203\.0\.113\.\d+/g, "<floating>");
}

/** What a lab's folder holds, read whether or not it is being written. */
export class World {
  constructor(readonly folder: string) {}

  get records(): ReadonlyMap<string, CloudRecord> {
    return readJournal<CloudRecord>(join(this.folder, ".labstead/cloud/openstack.jsonl"));
  }

  get objects(): ReadonlyMap<string, StoredObject> {
    return readJournal<StoredObject>(join(this.folder, ".labstead/cloud/kubernetes.jsonl"));
  }

  /** How many things exist in the cloud. */
  get count(): number {
    return this.records.size + this.objects.size;
  }

  /** The state as it lies in its file. */
  get state(): State {
    const file = join(this.folder, ".labstead/engine/state/.pulumi/stacks/labstead/lab.json");
    if (!existsSync(file)) return { resources: [] };
    const { checkpoint } = JSON.parse(readFileSync(file, "utf8")) as { checkpoint: { latest?: State } };
    return { ...checkpoint.latest, resources: checkpoint.latest?.resources ?? [] };
  }

  /** All that exists, and all that the state has, with each id replaced by what it is the id of. */
  get listing(): Listing {
    const names = this.idNames();
    const masked = (value: unknown): string =>
      JSON.stringify(inOrder(JSON.parse(mask(JSON.stringify(value), names))));
    return {
      cloud: [...this.records.values()]
        .map(({ type, urn, inputs, owner }) => masked({ type, urn, owner, inputs }))
        .sort(),
      cluster: [...this.objects].map(([key, { manifest }]) => masked([key.split("\0")[1], manifest])).sort(),
      state: this.state.resources.map((each) => masked(comparable(each))).sort(),
    };
  }

  /**
   * What does not hang together: operations that are open, things in the cloud that the state does not know, things in
   * the state that the cloud does not have, either of them twice.
   */
  get flaws(): readonly string[] {
    const { resources, pending_operations: open } = this.state;
    const known = resources.flatMap(({ type, id }) => (isInCloud(type) ? [`${type} ${id ?? ""}`] : []));
    const objects = resources.flatMap(({ type, id }) => (type.startsWith("kubernetes:") ? [id ?? ""] : []));
    const made = [...this.records.values()].filter(({ urn, owner }) => urn !== "" && owner === "");
    const there = made.map(({ type, id }) => `${type} ${id}`);
    return [
      ...(open ?? []).map((each) => `still open: ${JSON.stringify(each).slice(0, 200)}`),
      ...without(there, known).map((each) => `only in the cloud: ${each}`),
      ...without(known, there).map((each) => `only in the state: ${each}`),
      ...without(this.ownObjects, objects).map((each) => `only in the cluster: ${each}`),
      ...without(objects, this.ownObjects).map((each) => `only in the state: object ${each}`),
    ];
  }

  /** Ids of objects that no fresh cluster has. */
  private get ownObjects(): readonly string[] {
    return [...this.objects.values()].flatMap(({ live }) => {
      const { namespace, name } = live["metadata"] as { readonly namespace?: string; readonly name: string };
      const id = namespace === undefined || namespace === "" ? name : `${namespace}/${name}`;
      return OF_A_FRESH_CLUSTER.has(id) ? [] : [id];
    });
  }

  private idNames(): ReadonlyMap<string, string> {
    const ofRecords = [...this.records.values()].map(({ id, type, urn, owner }) => {
      return [id, `<${type} ${urn} ${owner.split(" ")[0] ?? ""}>`] as const;
    });
    return new Map(ofRecords.filter(([id]) => /^[0-9a-f-]{36}$/.test(id)));
  }
}

const OF_A_FRESH_CLUSTER: ReadonlySet<string> = new Set([
  "default",
  "kube-system",
  "kube-public",
  "kube-node-lease",
  "default/kubernetes",
]);

function isInCloud(type: string): boolean {
  return type.startsWith("openstack:");
}
