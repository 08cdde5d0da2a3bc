/**
 * Orders objects so that each follows its dependencies, in time linear in objects and declared dependencies.
 *
 * A construct that depends on another means "everything below the one after everything below the other". Expanded, that
 * is a product; here a scope is one node between the two sides, and only its flattened result is shared.
 */
import type { DependentScope, ObjectRange } from "./collect";

export interface OrderInput {
  /** Path and turn of each object. */
  readonly objects: readonly { readonly path: string; readonly turn: number; readonly scope: number }[];
  readonly scopes: readonly DependentScope[];
  /** Implicit edges: for each object the objects that its kind and fields require. */
  readonly needs: readonly (readonly number[])[];
  readonly turns: number;
  /** Objects of turns below this one are ready as soon as they exist. @default 0: of none */
  readonly readyTurns?: number;
}

export interface Ordered {
  /** Indexes of the objects in creation order. Objects on a cycle, or after one, are missing. */
  readonly order: readonly number[];
  /**
   * For each object, those that must exist before it, ascending. A group is represented by its last objects. Of objects
   * that wait for the same several ones only the first that is ready at once names them, and the others name that one.
   */
  readonly dependsOn: readonly (readonly number[])[];
  /** Each cycle as its paths, with the first one repeated at the end. */
  readonly cycles: readonly (readonly string[])[];
}

const NONE: readonly number[] = Object.freeze([]);

/** Kahn's algorithm over objects and scopes; among ready ones, lower turns and earlier constructs come first. */
export function orderObjects(input: OrderInput): Ordered {
  const graph = buildGraph(input);
  const sequence = topologicalOrder(graph, input);
  const cycles = sequence.length === graph.before.length ? [] : findCycles(graph, sequence);
  const { length } = input.objects;
  return {
    order: sequence.filter((node) => node < length),
    dependsOn: flatten(graph, sequence, input),
    cycles,
  };
}

/** Nodes 0…n−1 are objects, followed by the scopes, then by the groups that scopes depend on. */
interface Graph {
  /** Direct predecessors of each node. */
  readonly before: readonly (readonly number[])[];
  readonly label: readonly string[];
  /** For each scope the first one that waits for the same. */
  readonly equalScopes: readonly number[];
  /** The group of objects that a node represents; undefined for objects and scopes. */
  readonly group: readonly (ObjectRange | undefined)[];
}

function buildGraph({ objects, scopes, needs }: OrderInput): Graph {
  const count = objects.length;
  const equal = equalScopes(scopes);
  const before: (readonly number[])[] = objects.map(({ scope }, index) => {
    const direct = needs[index] ?? NONE;
    // What an object needs has waited for the same, so most objects of a group depend on their Namespace only.
    const waited = direct.some((need) => equal[objects[need]?.scope ?? -1] === equal[scope]);
    return scope < 0 || waited ? direct : [...direct, count + scope];
  });
  const label: string[] = [...objects.map(({ path }) => path), ...scopes.map(({ path }) => path)];
  const group: (ObjectRange | undefined)[] = label.map(() => undefined);
  const groups = new Map<string, number>();
  const pending: { range: ObjectRange; path: string }[] = [];
  const groupNode = (path: string, range: ObjectRange): number => {
    const known = groups.get(path);
    if (known !== undefined) return known;
    const node = count + scopes.length + pending.length;
    groups.set(path, node);
    pending.push({ range, path });
    return node;
  };
  for (const { parent, dependsOn } of scopes) {
    const targets = dependsOn.map(({ path, range }) =>
      range.end - range.start === 1 ? range.start : groupNode(path, range),
    );
    before.push(parent < 0 ? targets : [...targets, count + parent]);
  }
  for (const { range, path } of pending) {
    before.push(Array.from({ length: range.end - range.start }, (_, offset) => range.start + offset));
    label.push(path);
    group.push(range);
  }
  return { before, label, equalScopes: equal, group };
}

function equalScopes(scopes: readonly DependentScope[]): readonly number[] {
  const first = new Map<string, number>();
  const equal: number[] = [];
  scopes.forEach(({ parent, dependsOn }, scope) => {
    const targets = dependsOn.map(({ path }) => path);
    const key = JSON.stringify([equal[parent] ?? -1, ...targets.sort()]);
    const known = first.get(key);
    if (known === undefined) first.set(key, scope);
    equal.push(known ?? scope);
  });
  return equal;
}

function topologicalOrder({ before }: Graph, { objects, turns }: OrderInput): readonly number[] {
  const waiting = before.map((nodes) => nodes.length);
  const after = successors(before);
  const queues = new TurnQueues(turns);
  const enqueue = (node: number): void => queues.push(node, objects[node]?.turn ?? 0);
  waiting.forEach((open, node) => {
    if (open === 0) enqueue(node);
  });
  const sequence: number[] = [];
  for (let node = queues.pop(); node !== undefined; node = queues.pop()) {
    sequence.push(node);
    for (const next of after[node] ?? NONE) {
      const open = (waiting[next] ?? 0) - 1;
      waiting[next] = open;
      if (open === 0) enqueue(next);
    }
  }
  return sequence;
}

function successors(before: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const after: number[][] = before.map(() => []);
  before.forEach((nodes, node) => {
    for (const earlier of nodes) after[earlier]?.push(node);
  });
  return after;
}

/** One first-in-first-out queue for each turn. */
class TurnQueues {
  private readonly queues: { readonly nodes: number[]; head: number }[];

  constructor(turns: number) {
    this.queues = Array.from({ length: turns }, () => ({ nodes: [], head: 0 }));
  }

  push(node: number, turn: number): void {
    this.queues[turn]?.nodes.push(node);
  }

  pop(): number | undefined {
    for (const queue of this.queues) {
      if (queue.head < queue.nodes.length) return queue.nodes[queue.head++];
    }
    return undefined;
  }
}

/** Replaces scopes and groups by their objects; objects with the same predecessors share one list. */
function flatten(
  graph: Graph,
  sequence: readonly number[],
  { objects, readyTurns = 0 }: OrderInput,
): readonly (readonly number[])[] {
  const count = objects.length;
  const reach: (readonly number[])[] = graph.before.map(() => NONE);
  /** By scope, the object that the others of it and of its equals name. */
  const firsts = new Map<number, number>();
  for (const node of sequence) {
    const range = graph.group[node];
    const before = graph.before[node] ?? NONE;
    const object = objects[node];
    const scope = before.find((each) => object !== undefined && each >= count);
    if (range !== undefined) reach[node] = lastOf(range, reach);
    else if (scope === undefined) reach[node] = union(before, count, reach);
    else {
      const waits = graph.equalScopes[scope - count] ?? scope;
      const first = firsts.get(waits);
      const named = first === undefined ? before : before.map((each) => (each === scope ? first : each));
      reach[node] = union(named, count, reach);
      const several = (reach[scope]?.length ?? 0) > 1;
      if (first === undefined && several && (object?.turn ?? readyTurns) < readyTurns)
        firsts.set(waits, node);
    }
  }
  return reach.slice(0, count);
}

function union(
  nodes: readonly number[],
  objectCount: number,
  reach: readonly (readonly number[])[],
): readonly number[] {
  const [only] = nodes;
  if (only === undefined) return NONE;
  if (nodes.length === 1 && only >= objectCount) return reach[only] ?? NONE;
  const result = new Set<number>();
  for (const node of nodes) {
    if (node < objectCount) result.add(node);
    else for (const object of reach[node] ?? NONE) result.add(object);
  }
  return Object.freeze([...result].sort((a, b) => a - b));
}

/** Waiting for a group means waiting for those of its objects that no other object of the group waits for. */
function lastOf({ start, end }: ObjectRange, reach: readonly (readonly number[])[]): readonly number[] {
  const waitedFor = new Set<number>();
  for (let object = start; object < end; object++) {
    for (const earlier of reach[object] ?? NONE) waitedFor.add(earlier);
  }
  const last: number[] = [];
  for (let object = start; object < end; object++) if (!waitedFor.has(object)) last.push(object);
  return Object.freeze(last);
}

/** Walks back from each unordered node until a node repeats; each node is visited once. */
function findCycles({ before, label }: Graph, sequence: readonly number[]): readonly (readonly string[])[] {
  const done = new Set(sequence);
  const cycles: (readonly string[])[] = [];
  for (let start = 0; start < before.length; start++) {
    const walk = new Map<number, number>();
    let node: number | undefined = done.has(start) ? undefined : start;
    while (node !== undefined && !done.has(node) && !walk.has(node)) {
      walk.set(node, walk.size);
      node = before[node]?.find((earlier) => !done.has(earlier));
    }
    const from = node === undefined ? undefined : walk.get(node);
    if (from !== undefined) cycles.push(namedCycle([...walk.keys()].slice(from), label));
    for (const walked of walk.keys()) done.add(walked);
  }
  return cycles;
}

/** The walk went backwards, so each node depends on the next. */
function namedCycle(nodes: readonly number[], label: readonly string[]): readonly string[] {
  const paths = nodes.map((node) => label[node] ?? "");
  const named = paths.filter((path, index) => path !== paths[index - 1]);
  const closing = named[0] ?? "";
  return named.length > 1 && named[named.length - 1] === closing ? named : [...named, closing];
}
